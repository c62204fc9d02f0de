import { isImageLevel } from '../dataset/image-level.js';
import type { ScoreRule } from './rule.js';
import { foreground, scoredPositives } from './scored-truth.js';
import { number, quantity, score } from './wording.js';

export const fewPositives: ScoreRule = {
  scope: 'scores',
  code: 'M006',
  title: 'Too few positive images for the interval to mean anything',
  severity: 'warning',
  what: `
    Fewer than \`thresholds.fewPositives\` (20) scored images have the class in the truth, and at least one. The message has the share
    of them that are hits with its 95 % Wilson interval. The value is their number.`,
  ofImages: {
    what: `
      Fewer than \`thresholds.fewPositives\` (20) scored images are of the class, and at least one. The message has the sensitivity's
      interval.`,
  },
  why: `
    With 10 images of which 9 are hit the sensitivity is 0.9 and its interval runs from 0.60 to 0.98: two models can't be told apart
    by it, and one image moves it by a tenth.`,
  fix: `
    Evaluate on more images with the class, for instance on several splits together or by cross-validation, and report the interval
    (\`confidence95\` in summary.json) with the score:

    $ maskaudit audit DATASET --predictions DIR --split val,test`,
  check(summary, dataset) {
    if (summary.scored === 0) return [];
    const { thresholds } = dataset;
    return foreground(summary).flatMap((spec) => {
      const positives = scoredPositives(spec);
      if (positives === 0 || positives >= thresholds.fewPositives) return [];
      const interval = spec.confidence95.sensitivity;
      const range = interval === null ? '' : `, 95 % interval ${score(interval[0])} to ${score(interval[1])}`;
      const verb = isImageLevel(dataset) ? ['is', 'are'] : ['has', 'have'];
      const has = verb[positives === 1 ? 0 : 1];
      return [
        {
          rule: 'M006',
          class: spec.key,
          value: positives,
          message: `${quantity(positives, 'scored image')} ${has} ${spec.key}, fewer than ${thresholds.fewPositives}: ${number(spec.outcomes.hit)} hit${range}`,
        },
      ];
    });
  },
};
