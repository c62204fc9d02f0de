import type { DatasetSpec } from '../dataset/dataset.js';
import type { ClassSummary } from '../summary.js';
import type { Report, ScoreRule } from './rule.js';
import { foreground } from './scored-truth.js';
import { number, quantity, score } from './wording.js';

export const inflatedScore: ScoreRule = {
  scope: 'scores',
  code: 'M001',
  title: 'A class score that empty masks made',
  severity: 'error',
  what: `
    A smoothed IoU, (tp + s) / (tp + fp + fn + s) with s = 1e-5, per image (\`imageMeanSmoothed\`) or per batch (\`batchSmoothed\`),
    is more than \`thresholds.disagreement\` (0.1) above the pooled one, or exists where the pooled one is undefined, and some images
    have the class in neither mask: each of those scored a perfect 1 for nothing. An error where the pooled IoU is below
    \`thresholds.pooledFloor\` (0.1) or undefined, else a warning. The value is the smoothed score minus the pooled one.`,
  why: `
    With exclusive labels COVID and non-COVID are never in one image, so at least one of them is empty in every image. On the
    infection set of COVID-QU-Ex a model that never predicts COVID scores 0.500 for COVID smoothed per image, and on a mix with
    11.7 % COVID images 0.883; by nnU-Net's and MONAI's defaults it scores 0. A score of exactly 1.0000 means that the
    class never reached the evaluation.`,
  fix: `
    Report \`pooled\` or \`imageMean\` and say which; count the images that have the class. All conventions of a run side by
    side:

    $ jq '.classes[] | {key, emptyPerfect, iou}' RUN/summary.json

    A smoothed score is a loss, not a result: keep it for training.`,
  check(summary, { thresholds }) {
    if (summary.scored === 0) return [];
    return foreground(summary).flatMap((spec) => inflation(spec, thresholds));
  },
};

function inflation(spec: ClassSummary, { disagreement, pooledFloor }: DatasetSpec['thresholds']): Report[] {
  const { key, iou, emptyPerfect } = spec;
  const byBatch = (iou.batchSmoothed ?? -1) > (iou.imageMeanSmoothed ?? -1);
  const smoothed = byBatch ? iou.batchSmoothed : iou.imageMeanSmoothed;
  if (smoothed === null || emptyPerfect === 0) return [];
  if (iou.pooled !== null && smoothed - iou.pooled <= disagreement) return [];
  const rest =
    iou.pooled === null
      ? 'undefined'
      : `${score(byBatch ? iou.pooled : iou.imageMean)}${byBatch ? '' : ` (pooled ${score(iou.pooled)})`}`;
  const images = `${quantity(emptyPerfect, 'empty image')} of ${number(scoredImages(spec))}`;
  return [
    {
      rule: 'M001',
      class: key,
      value: iou.pooled === null ? null : smoothed - iou.pooled,
      message: `IoU ${score(smoothed)} of ${key} (${byBatch ? 'batchSmoothed' : 'imageMeanSmoothed'}) is made of ${images}; without them ${rest}`,
      severity: iou.pooled === null || iou.pooled < pooledFloor ? 'error' : 'warning',
    },
  ];
}

function scoredImages({ outcomes }: ClassSummary): number {
  return outcomes.hit + outcomes.miss + outcomes.false_alarm + outcomes.disjoint + outcomes.empty;
}
