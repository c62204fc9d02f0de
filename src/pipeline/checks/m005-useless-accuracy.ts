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
  why: `
    Chest X-rays are mostly background. A test set whose lesions fill 3 % of the pixels gives 0.97 to a model that does nothing, and
    "97 % accuracy" stands in many a report.`,
  fix: `
    Report IoU or Dice per class, never accuracy alone. If the IoU of every class is low as well, the model has not learnt: check the
    learning rate, the class weights, and whether inputs are scaled as in training.`,
  check(summary) {
    const { accuracy, confusion, scored } = summary;
    if (scored === 0 || accuracy === null) return [];
    let pixels = 0;
    for (let c = 0; c < confusion.length; c++) pixels += scoredTruth(summary, c);
    const background = scoredTruth(summary, 0) / pixels;
    if (!(accuracy <= background)) return [];
    const message = `accuracy ${score(accuracy)} is no better than answering background everywhere (${score(background)})`;
    return [{ rule: 'M005', value: accuracy, message }];
  },
};
