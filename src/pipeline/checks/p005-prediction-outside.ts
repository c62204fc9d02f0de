import { isImageLevel } from '../dataset/image-level.js';
import type { ImageFacts } from '../facts.js';
import { imageAnswer } from '../metrics/image-answer.js';
import { predictedPixels } from './confusion-counts.js';
import { isInfection } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { number, percent } from './wording.js';

export const predictionOutside: ImageRule = {
  scope: 'image',
  code: 'P005',
  title: 'Prediction outside of the lungs',
  severity: 'info',
  what: `
    Of the pixels predicted as an infection class, the share outside of the annotated lung mask is more than
    \`thresholds.outsideShare\` (0.01). The value is the share.`,
  ofImages: {
    title: 'The heat of a prediction is thinner in the lungs than elsewhere',
    what: `
      Of the positive part of the heat map of the class that an image is told to be of (Grad-CAM), the share inside the lung mask is
      less than \`thresholds.heatDensity\` (1) times the mask's share of the picture: it is thinner in the lungs than anywhere else. It
      needs a model with heat maps and a lung mask. The value is the share of the heat.`,
  },
  why: `
    A lung infection outside of the lung shows what the model really looks at: a burned-in letter, a tube, the shoulder. A rim of a few
    pixels is only the lung mask's border, which is why this is information.`,
  fix: `
    Multiply the prediction by a lung mask before it is scored, or train with the lung as a class of its own. Another limit (it also
    holds for L006):

    { "thresholds": { "outsideShare": 0.05 } }`,
  check(facts) {
    const { dataset, confusion, predictedOutside, prediction } = facts;
    if (isImageLevel(dataset)) return heatOutside(facts);
    if (confusion === null || predictedOutside === null) return NOTHING;
    const { classes, thresholds } = dataset;
    let reports: Report[] | null = null;
    for (let c = 2; c < classes.length; c++) {
      if (predictedOutside[c] === 0 || !isInfection(dataset, c)) continue;
      const predicted = predictedPixels(confusion, classes.length, c);
      const share = predictedOutside[c] / predicted;
      if (!(share > thresholds.outsideShare)) continue;
      const counts = `${number(predictedOutside[c])} of ${number(predicted)}`;
      reports ??= [];
      reports.push({
        rule: 'P005',
        class: classes[c].key,
        value: share,
        message: `${counts} pixels predicted as ${classes[c].key} (${percent(share)}) lie outside of the lung mask`,
        path: prediction.path,
      });
    }
    return reports ?? NOTHING;
  },
};

function heatOutside({ dataset, confusion, heatInLungs, lungShare }: ImageFacts): readonly Report[] {
  const { classes, thresholds } = dataset;
  if (confusion === null || heatInLungs === null || lungShare === null) return NOTHING;
  if (heatInLungs >= thresholds.heatDensity * lungShare) return NOTHING;
  const { name, key } = classes[imageAnswer(confusion).predicted];
  const message = `told to be ${name}, and ${percent(heatInLungs)} of what speaks for it lies inside the lungs, which are ${percent(lungShare)} of the picture`;
  return [{ rule: 'P005', class: key, value: heatInLungs, message }];
}
