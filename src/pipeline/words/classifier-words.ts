import type { ClassifierAssessment } from '../training/assessment.js';
import type { EpochLog } from '../training/history.js';
import type { ClassScores, SplitScores } from '../training/scores.js';
import { counted, factor, interval, score } from './figures.js';
import { visible } from './visible-text.js';

/** What a classifier's validation comes down to: how well classes are told, the worst of them, how many answers are right. */
export function classifierSentence({ auc = null, accuracy, classes }: SplitScores): string {
  const ranked = classes.filter(({ detection }) => (detection?.auc ?? null) !== null);
  const areaOf = ({ detection }: ClassScores) => detection?.auc as number;
  const weakest = ranked.toSorted((a, b) => areaOf(a) - areaOf(b))[0];
  const weak =
    weakest === undefined || ranked.length < 3
      ? ''
      : `, ${visible(weakest.key)} told worst with ${score(areaOf(weakest))}`;
  return `AUC ${score(auc)} in validation${weak}; accuracy ${score(accuracy)}`;
}

/** A class whose figures say nothing, or that no image is told to be. */
export function classDoubt({ key, truthImages, predictedPixels }: ClassScores, images: number): string[] {
  const name = visible(key);
  if (truthImages === 0) return [`${name} never reached the validation: none of ${counted(images, 'image')} is of it.`];
  if (predictedPixels > 0) return [];
  return [`No validation image is told to be ${name}: its sensitivity is ${score(0)}.`];
}

/** What there is to say of each class at an epoch, a sentence each. */
export function classifierVerdicts({ train, val }: Pick<EpochLog, 'train' | 'val'>): string[] {
  return val.classes.map((scores, c) => {
    const doubts = classDoubt(scores, val.images);
    if (doubts.length > 0) return doubts[0];
    const { key, detection, dice, truthImages } = scores;
    return (
      `${visible(key)}: AUC ${score(detection?.auc ?? null)}, sensitivity ${score(detection?.sensitivity ?? null)}, specificity ` +
      `${score(detection?.specificity ?? null)} and F1 ${score(dice.pooled)} with ${counted(truthImages, 'validation image')} of it, F1 ` +
      `${score(train.classes[c].dice.pooled)} on the training examples.`
    );
  });
}

/** How the exported model answers, a clause each: its temperature, and the thresholds that were chosen. */
export function decisionWords({ temperature, calibration, operatingPoints }: ClassifierAssessment): string[] {
  const { before, after } = calibration;
  const scaled =
    temperature === null
      ? `temperature 1: calibration error ${score(before.ece)}`
      : `temperature ${factor(temperature)}: calibration error ${score(before.ece)}, with it ${score(after.ece)}`;
  const thresholds = operatingPoints.map(({ class: key, wanted, threshold, given }) => {
    if (threshold === null || given === null) return `${visible(key)}: no threshold for a sensitivity of ${wanted}`;
    const reached = `sensitivity ${score(given.sensitivity)} (${interval(given.confidence95.sensitivity)})`;
    return `${visible(key)} from ${factor(threshold)} on: ${reached}, specificity ${score(given.specificity)}`;
  });
  return [scaled, ...thresholds];
}
