import type { ClassSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { ImageFacts } from '../facts.js';
import { imageAnswer } from '../metrics/image-answer.js';
import { predictedPixels, truthPixels } from './confusion-counts.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { quantity, score } from './wording.js';

export const falseAlarm: ImageRule = {
  scope: 'image',
  code: 'P002',
  title: 'A false alarm on a negative image',
  severity: 'warning',
  what: `
    The prediction has pixels of a class and the annotation has none: outcome \`false_alarm\`. The value is the number of predicted
    pixels.`,
  ofImages: {
    title: 'A false alarm on an image of another class',
    what: `
      The image is told to be of a class (other than class 0: healthy, none) and is of another one: outcome \`false_alarm\`. The value
      is the probability of the class that it is told to be of.`,
  },
  why: `
    False alarms vanish from the most cited conventions: MONAI's default leaves out every image without the class in the truth. The
    smoothed mean punishes them hardest: one pixel turns a 1.0 into 0. Half of the infection set of COVID-QU-Ex is negative for
    COVID, so they decide what the model is worth.`,
  fix: `
    See which images and how large the alarms are; specks can be removed by a least size, whole lungs can't:

    $ maskaudit export RUN --class covid --csv failures.csv

    Many alarms of one class in images of the other (see P004) speak for a classifier in front of the segmenter.`,
  check({ dataset, confusion, maxProbability }) {
    if (confusion === null) return NOTHING;
    const { classes } = dataset;
    if (isImageLevel(dataset)) return falseImage(classes, confusion, maxProbability);
    let reports: Report[] | null = null;
    for (let c = 1; c < classes.length; c++) {
      const predicted = predictedPixels(confusion, classes.length, c);
      if (predicted === 0 || truthPixels(confusion, classes.length, c) > 0) continue;
      reports ??= [];
      reports.push({
        rule: 'P002',
        class: classes[c].key,
        value: predicted,
        message: `${quantity(predicted, 'pixel')} predicted as ${classes[c].key}, none annotated`,
      });
    }
    return reports ?? NOTHING;
  },
};

function falseImage(
  classes: readonly ClassSpec[],
  confusion: ArrayLike<number>,
  maxProbability: ImageFacts['maxProbability'],
): readonly Report[] {
  const { label, predicted } = imageAnswer(confusion);
  if (predicted === 0 || label === predicted) return NOTHING;
  const probability = maxProbability?.[predicted] ?? null;
  const known = probability === null ? '' : ` with probability ${score(probability)}`;
  const message = `told to be ${classes[predicted].name}${known}, is ${classes[label].name}`;
  return [{ rule: 'P002', class: classes[predicted].key, value: probability, message }];
}
