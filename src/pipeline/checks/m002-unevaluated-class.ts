import { isImageLevel } from '../dataset/image-level.js';
import type { ClassSummary } from '../summary.js';
import type { ScoreRule } from './rule.js';
import { foreground, scoredTruth } from './scored-truth.js';
import { number, quantity } from './wording.js';

export const unevaluatedClass: ScoreRule = {
  scope: 'scores',
  code: 'M002',
  title: 'A class never reached the evaluation',
  severity: 'error',
  what: `
    A foreground class has no truth pixel in all scored images. The message says at which step its pixels were lost (raw, encoded,
    resized to the model's input, in the batch: \`classes[].path\` of summary.json), or that the dataset never had any.`,
  ofImages: {
    what: `
      No scored image is of the class.`,
  },
  why: `
    No score of such a class says anything about the model: where the model is silent too, every smoothed convention gives exactly
    1.0000, and one false pixel turns it into 0. A perfect score of a rare class is the usual first sign that its labels were
    lost: 255 compared to 1, a validation generator with lung masks in place of infection masks, a split without the class.`,
  fix: `
    Lost when encoded: see L003 and \`maskEncoding\`. Lost in the batch: the images that have the class were not scored; see P007 and
    D003, and whether the predictions are of this split. Never there: evaluate on a split that has the class:

    $ maskaudit audit DATASET --predictions DIR --split test --class covid`,
  check(summary, dataset) {
    if (summary.scored === 0) return [];
    const ofImages = isImageLevel(dataset);
    return foreground(summary)
      .filter(({ index }) => scoredTruth(summary, index) === 0)
      .map((spec) => ({
        rule: 'M002',
        class: spec.key,
        value: 0,
        message: `${spec.key} never reached the evaluation: ${ofImages ? lostImages(spec, summary.scored) : `0 pixels in ${quantity(summary.scored, 'scored image')}; ${whereLost(spec, dataset.nonCovid)}`}`,
      }));
  },
};

function lostImages({ truth }: ClassSummary, scored: number): string {
  const none = `none of ${quantity(scored, 'scored image')} is of it`;
  return truth.images === 0
    ? `${none}; the dataset has none`
    : `${none}; ${quantity(truth.images, 'image')} of it could not be scored`;
}

function whereLost({ key, path }: ClassSummary, nonCovid: string): string {
  if (path.raw === 0) {
    return key === 'non-covid' && nonCovid === 'none'
      ? 'the layout paints none (nonCovid is none)'
      : 'the dataset has none (0 pixels raw)';
  }
  const steps = [`raw ${number(path.raw)}`, `encoded ${number(path.encoded)}`];
  if (path.resized !== null) steps.push(`resized ${number(path.resized)}`);
  steps.push(`batch ${number(path.batch)}`);
  return `${lostStep(path)} (pixels: ${steps.join(', ')})`;
}

function lostStep(path: ClassSummary['path']): string {
  if (path.encoded === 0) return 'lost when the masks were encoded';
  if (path.resized === 0) return "lost in the resize to the model's input";
  return 'no image that has it was scored';
}
