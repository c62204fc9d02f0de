import type { Thresholds } from '../dataset/dataset.js';
import type { LungFacts } from '../facts.js';
import { isLost } from './mask-class.js';
import { type ImageRule, NOTHING } from './rule.js';
import { decimal, number, percent } from './wording.js';

/** Share of the lung's pixels in its weaker half below which there is one lung. */
const ONE_LUNG = 0.05;

export const implausibleLung: ImageRule = {
  scope: 'image',
  code: 'L007',
  title: 'An implausible lung mask',
  severity: 'warning',
  what: `
    The lungs (lung mask united with the infection inside it) are, in this order: none (no pixel), inverted (more than half of the
    border's pixels are on), nearly all of the image (share above \`thresholds.lungShareMax\`, 0.9), too small (share below
    \`thresholds.lungShareMin\`, 0.02), or one lung (one half of the image holds less than 5 % of the pixels). One finding a mask,
    the first that applies.`,
  why: `
    Every rule and class that builds on the lungs goes wrong with the mask: an inverted one makes the background lung and the whole
    image's accuracy meaningless; one lung hides half of the lesions as "outside". Lung masks of COVID-QU-Ex were made in part by
    a network and checked by eye, so single failures are to be expected. After a resection or a white-out, one lung can be right.`,
  fix: `
    Look at the mask. Invert it, or draw the missing lung; where the picture is right as it is, leave it. Inverting:

    $ magick mask.png -negate mask.png

    For data of another kind (children, CT scouts) set the limits:

    { "thresholds": { "lungShareMin": 0.01, "lungShareMax": 0.95 } }`,
  check({ dataset, files, lung }) {
    if (lung === null) return NOTHING;
    const fault = faultOf(lung, dataset.thresholds);
    // A mask whose pixels the encoding lost is L003; that no lung is left follows from it.
    if (fault === null || (lung.pixels === 0 && isLost(files.lung))) return NOTHING;
    return [{ rule: 'L007', class: dataset.classes[1].key, ...fault, path: lung.path }];
  },
};

function faultOf(
  lung: LungFacts,
  { lungShareMin, lungShareMax }: Thresholds,
): { value: number; message: string } | null {
  const share = lung.pixels / (lung.width * lung.height);
  if (lung.pixels === 0) return { value: 0, message: 'no lung: the lung mask is empty' };
  if (2 * lung.border > lung.borderPixels) {
    const border = `${number(lung.border)} of ${number(lung.borderPixels)}`;
    return { value: lung.border / lung.borderPixels, message: `inverted: ${border} border pixels are lung` };
  }
  if (share > lungShareMax) {
    return {
      value: share,
      message: `nearly all of the image is lung: ${percent(share)}, above ${limit(lungShareMax)}`,
    };
  }
  if (share < lungShareMin) {
    return { value: share, message: `hardly any lung: ${percent(share)} of the image, below ${limit(lungShareMin)}` };
  }
  const weaker = Math.min(lung.left, lung.right) / lung.pixels;
  if (weaker >= ONE_LUNG) return null;
  const half = lung.left < lung.right ? 'left' : 'right';
  return { value: weaker, message: `one lung: the image's ${half} half holds ${percent(weaker)} of the lung pixels` };
}

function limit(share: number): string {
  return `${decimal(100 * share)} %`;
}
