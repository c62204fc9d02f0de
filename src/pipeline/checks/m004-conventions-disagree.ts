import { CONVENTIONS, type Convention } from '../summary.js';
import type { ScoreRule } from './rule.js';
import { foreground } from './scored-truth.js';
import { score } from './wording.js';

export const conventionsDisagree: ScoreRule = {
  scope: 'scores',
  code: 'M004',
  title: 'Conventions disagree about a class',
  severity: 'warning',
  what: `
    The largest and the smallest IoU of a class among the conventions (\`pooled\`, \`imageMean\`, \`imageMeanTruth\`,
    \`imageMeanSmoothed\`, \`batchSmoothed\`, \`absentAsZero\`; undefined ones left out) differ by more than
    \`thresholds.disagreement\` (0.1). The message has the table and who reports which. The value is the difference.`,
  why: `
    The same label maps have all of these scores, so a comparison across conventions compares arithmetic. Published on COVID-QU-Ex:
    IoU 83.05 with Dice 88.21 (Tahir et al. 2021). Pooled counts force Dice = 2 IoU / (1 + IoU), 90.74 here, so those are means
    over images, and no pooled figure may be held against them. segmentation_models even changes with the batch size: a model that
    never predicts a class of 11.7 % of the images scores about 0.883 to the power of the batch.`,
  fix: `
    Compare like with like, and name the convention beside every figure:

    $ jq '.classes[] | {key, iou, dice}' RUN/summary.json

    Against FiftyOne and Cityscapes take \`pooled\`, against nnU-Net \`imageMean\`, against MONAI \`imageMeanTruth\`, against a Keras
    notebook \`imageMeanSmoothed\`, against segmentation_models \`batchSmoothed\` (--metric-batch as theirs), against older torchmetrics
    and medpy \`absentAsZero\`.`,
  check(summary, { thresholds }) {
    if (summary.scored === 0) return [];
    return foreground(summary).flatMap(({ key, iou }) => {
      const values = CONVENTIONS.map((name) => iou[name]).filter((value) => value !== null);
      if (values.length < 2) return [];
      const spread = Math.max(...values) - Math.min(...values);
      if (spread <= thresholds.disagreement) return [];
      const table = CONVENTIONS.map((name) => `${name} ${score(iou[name])} (${REPORTED_BY[name]})`);
      return [
        {
          rule: 'M004',
          class: key,
          value: spread,
          message: `IoU of ${key} depends on the convention: ${table.join(', ')}; compare only with figures made the same way`,
        },
      ];
    });
  },
};

const REPORTED_BY: Readonly<Record<Convention, string>> = {
  pooled: 'FiftyOne, Cityscapes',
  imageMean: 'nnU-Net',
  imageMeanTruth: 'MONAI',
  imageMeanSmoothed: 'Keras notebooks',
  batchSmoothed: 'segmentation_models',
  absentAsZero: 'medpy',
};
