import type { ClassSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { ImageFacts } from '../facts.js';
import { imageAnswer } from '../metrics/image-answer.js';
import { predictedPixels, truthPixels } from './confusion-counts.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { quantity, score } from './wording.js';

export const missedClass: ImageRule = {
  scope: 'image',
  code: 'P001',
  title: 'A positive image with no predicted pixel of its class',
  severity: 'error',
  what: `
    The annotation has the class and the prediction, reduced to one label a pixel (arg max), has not one pixel of it: outcome
    \`miss\`. With a model the message has the highest probability that the class reached anywhere in the image. The value is the
    number of missed pixels.`,
  ofImages: {
    title: 'A positive image that is told to be of another class',
    what: `
      The image is of a class (other than class 0: healthy, none) and is told to be of another one: outcome \`miss\`. The message has
    what it was taken for and the probability of its own class, which is the value.`,
  },
  why: `
    A COVID-positive image on which nothing is predicted is the failure that matters in a clinic, and the one that means hide: it
    adds one 0 among thousands of 1s from empty images. MONAI's and nnU-Net's defaults count it, a smoothed mean over all
    images hardly shows it.`,
  fix: `
    List them and look at them:

    $ audit --class covid DATASET --predictions DIR --fail-on P001 --csv misses.csv

    A highest probability near the others' (0.3 and more) speaks for weights or a threshold; near 0 for images unlike the training
    set's, or lesions too small for the model's input.`,
  check({ dataset, confusion, maxProbability }) {
    if (confusion === null) return NOTHING;
    const { classes } = dataset;
    if (isImageLevel(dataset)) return missedImage(classes, confusion, maxProbability);
    let reports: Report[] | null = null;
    for (let c = 1; c < classes.length; c++) {
      const truth = truthPixels(confusion, classes.length, c);
      if (truth === 0 || predictedPixels(confusion, classes.length, c) > 0) continue;
      const highest = maxProbability?.[c] ?? null;
      const probability = highest === null ? '' : `; highest probability ${score(highest)}`;
      reports ??= [];
      reports.push({
        rule: 'P001',
        class: classes[c].key,
        value: truth,
        message: `${quantity(truth, 'pixel')} of ${classes[c].key}, none predicted${probability}`,
      });
    }
    return reports ?? NOTHING;
  },
};

function missedImage(
  classes: readonly ClassSpec[],
  confusion: ArrayLike<number>,
  maxProbability: ImageFacts['maxProbability'],
): readonly Report[] {
  const { label, predicted } = imageAnswer(confusion);
  if (label === 0 || label === predicted) return NOTHING;
  const probability = maxProbability?.[label] ?? null;
  const known = probability === null ? '' : `; probability ${score(probability)}`;
  const message = `${classes[label].name}, taken for ${classes[predicted].name}${known}`;
  return [{ rule: 'P001', class: classes[label].key, value: probability, message }];
}
