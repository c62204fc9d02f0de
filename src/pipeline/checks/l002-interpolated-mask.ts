import type { FileFacts, LungFacts, MaskFacts } from '../facts.js';
import { type GrayKind, grayDiagnosis, isBinary } from './gray-diagnosis.js';
import { maskClass, ROLE_NAMES } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { list, percent, quantity, valueList } from './wording.js';

const ROLES = ['lung', 'infection'] as const;

export const interpolatedMask: ImageRule = {
  scope: 'image',
  code: 'L002',
  title: 'A 0/255 mask holds grays in between',
  severity: 'warning',
  what: `
    A mask that is declared 0/255 has pixels with other values. Under \`maskEncoding: auto\` it is cut at 128. The message says what
    the histogram looks like: interpolated edges (few, evenly spread grays), JPEG ringing (grays crowded near 0 and 255), a soft
    or probability map (broad), label codes (only values below 16), a stray value, and whether the mask is mostly on along its
    border (inverted). A mask of 0 and 1 is L001, never both.`,
  why: `
    Grays come from a resize that was not nearest neighbour, from JPEG, or from a soft map saved in place of a label. What they
    mean depends on the reader: \`== 255\` erodes the mask, \`!= 0\` dilates it. In public code on this dataset the interpolation
    argument of cv2.resize is passed in the wrong place, masks are resized bilinearly, and \`!= 0\` then makes every lesion
    larger by a rim of pixels.`,
  fix: `
    Export the mask again, as PNG, resized by nearest neighbour:

    $ magick original-mask.png -filter point -resize 256x256! mask.png

    Where that is not possible, state the cut, and it is no longer reported (\`nonzero\` would dilate):

    { "maskEncoding": "threshold:128" }`,
  check(facts) {
    let reports: Report[] | null = null;
    for (const role of ROLES) {
      const file = facts.files[role];
      if (file === undefined || file.state !== 'read' || file.mask === null || isBinary(file)) continue;
      const { histogram } = file.mask;
      const { pixels, values, kind } = grayDiagnosis(histogram);
      if (!isDeclaredBinary(file.mask, kind)) continue;
      const inverted = role === 'lung' && isInverted(facts.lung);
      reports ??= [];
      reports.push({
        rule: 'L002',
        class: maskClass(facts.dataset, facts.sample, role),
        value: pixels,
        message: describe(file, kind, values, pixels, inverted),
        path: file.path,
      });
    }
    return reports ?? NOTHING;
  },
};

/** Whether grays are a departure here, and not L001's matter. */
function isDeclaredBinary({ stated, applied }: MaskFacts, kind: GrayKind): boolean {
  if (stated === 'auto') return applied !== '0-1';
  return stated === '0-255' && kind !== 'codes' && kind !== 'stray';
}

function isInverted(lung: LungFacts | null): boolean {
  return lung !== null && 2 * lung.border > lung.borderPixels;
}

function describe(file: FileFacts, kind: GrayKind, values: number[], pixels: number, inverted: boolean): string {
  const { histogram, applied } = file.mask!;
  const share = percent(pixels / (file.width * file.height));
  const amount =
    kind === 'codes' || kind === 'stray'
      ? `${valueList(values, histogram)}, ${share}, in a 0/255 mask`
      : `${quantity(pixels, 'pixel')} (${share}) in ${quantity(values.length, 'gray')} between 0 and 255`;
  const looks = inverted ? list([LOOKS[kind], 'an inverted mask (on along the border)']) : LOOKS[kind];
  const cut = applied.startsWith('threshold:') ? `cut at ${applied.slice('threshold:'.length)}` : `read as ${applied}`;
  return `${ROLE_NAMES[file.role]}: ${amount}; looks like ${looks}; ${cut}; ${MENDS[kind]}`;
}

const LOOKS: Readonly<Record<GrayKind, string>> = {
  codes: 'label codes in place of 0/255',
  stray: 'a code of its own',
  ringing: "a JPEG's ringing",
  soft: 'a soft or probability map',
  interpolated: 'a resize that was not nearest neighbour',
};

const MENDS: Readonly<Record<GrayKind, string>> = {
  codes: 'state maskEncoding nonzero or equals:N',
  stray: 'write 0 or 255, or state maskEncoding threshold:N or equals:N',
  ringing: 'export it again as PNG or state maskEncoding threshold:128',
  soft: 'cut it at the right level and save 0/255, or state maskEncoding threshold:N',
  interpolated: 'export it again with nearest neighbour or state maskEncoding threshold:128',
};
