import { isLung } from '../dataset/classes.js';
import type { ScoreRule } from './rule.js';
import { list, quantity, score } from './wording.js';

/** Images with the class, and without it, from which an interval of their AUC means anything. */
const LEAST_IMAGES = 10;

export const shortcut: ScoreRule = {
  scope: 'scores',
  code: 'P008',
  title: 'A class is told from the rest with the lungs blacked out',
  severity: 'warning',
  what: `
    Only with \`--probe lungs\`: each image whose lungs are known goes through the model three times, as it is, with its lungs blacked
    out, and with all but its lungs blacked out. Reported where, with the lungs blacked out, the class is still told from the other
    images: the whole 95 % interval of the AUC (DeLong; by the predicted pixels of the class in each image) is at least
    \`thresholds.probeAuc\` (0.75), or the AUC is 1, which has none; with ten images of either kind. The value is that AUC. \`probe\` in
    summary.json has the figures of all three.`,
  ofImages: {
    what: `
      The same of a classifier, by its probability of the class in each image: with the lungs blacked out, the whole 95 % interval of
      the AUC is at least \`thresholds.probeAuc\` (0.75), or the AUC is 1; with ten images of either kind. The value is that AUC.`,
  },
  why: `
    What is seen without the lungs is no pneumonia: it is a burned-in letter, a hospital's collimator, a tube, the exposure. On chest
    X-rays of COVID-19 a public study found a ResNet50 as accurate with the lungs removed as with them. Such a model fails at the next
    hospital, and no score on this dataset shows it.`,
  fix: `
    Look at what is left in those pictures and at the heat maps. Train on pictures cropped or masked to the lungs, take each class
    from several sources, cover burned-in marks, and probe again:

    $ maskaudit audit DATASET --model model.onnx --split test --probe lungs

    An AUC near 0.5 without the lungs, and hardly lower than before with the lungs alone, is what is wanted. Blacked-out pictures are
    unlike all that a model was trained on: that it answers one class for all of them is no shortcut, and not reported. The outlines
    of the lungs stay to be seen: where masks differ in shape from class to class, that is told without a lung too.`,
  check({ probe }, { classes, thresholds }) {
    if (probe === undefined) return [];
    return classes.slice(1).flatMap((spec) => {
      const { index, key } = spec;
      if (isLung(spec)) return [];
      const { auc, counts, confidence95, sensitivity, specificity } = probe.withoutLungs.classes[index];
      // An AUC of 1 has no interval: nothing varies in it. What it is worth, the number of images says.
      if (auc === null || (confidence95.auc?.[0] ?? auc) < thresholds.probeAuc) return [];
      if (Math.min(counts.tp + counts.fn, counts.fp + counts.tn) < LEAST_IMAGES) return [];
      const rates = [
        `AUC ${score(auc)}, ${score(probe.intact.classes[index].auc)} with them`,
        `sensitivity ${score(sensitivity)}`,
        `specificity ${score(specificity)}`,
      ];
      const message = `with the lungs blacked out, ${key} is still told from the rest: ${list(rates)} (${quantity(probe.images, 'image')})`;
      return [{ rule: 'P008', class: key, value: auc, message }];
    });
  },
};
