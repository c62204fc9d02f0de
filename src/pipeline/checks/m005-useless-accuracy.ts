import { isImageLevel } from '../dataset/image-level.js';
import type { ScoreRule } from './rule.js';
import { scoredTruth } from './scored-truth.js';
import { score } from './wording.js';

export const uselessAccuracy: ScoreRule = {
  scope: 'scores',
  code: 'M005',
  title: 'Accuracy is no better than answering background everywhere',
  severity: 'warning',
  what: `
    Pixel accuracy of the scored images is at most the share of background in their annotations, which is what an empty prediction
    would score.`,
  ofImages: {
    title: 'Accuracy is no better than always answering the most frequent class',
    what: `
      The share of the scored images that are told right is at most the share of the most frequent class among them, which is what
      always answering that class would score.`,
  },
  why: `
    Chest X-rays are mostly background. A test set whose lesions fill 3 % of the pixels gives 0.97 to a model that does nothing, and
    "97 % accuracy" stands in many a report.`,
  fix: `
    Report IoU or Dice per class, never accuracy alone. If the IoU of every class is low as well, the model has not learnt: check the
    learning rate, the class weights, and whether inputs are scaled as in training.`,
  check(summary, dataset) {
    const { accuracy, confusion, scored, classes } = summary;
    if (scored === 0 || accuracy === null) return [];
    const counts = confusion.map((_, c) => scoredTruth(summary, c));
    const most = isImageLevel(dataset) ? counts.indexOf(Math.max(...counts)) : 0;
    const share = counts[most] / counts.reduce((sum, count) => sum + count, 0);
    if (!(accuracy <= share)) return [];
    const answering = isImageLevel(dataset)
      ? `always answering ${classes[most].key}`
      : 'answering background everywhere';
    const message = `accuracy ${score(accuracy)} is no better than ${answering} (${score(share)})`;
    return [{ rule: 'M005', value: accuracy, message }];
  },
};
