import type { EpochLog } from '../training/history.js';
import { type ClassScores, ofImages, type SplitScores } from '../training/scores.js';
import { MONITORS } from '../training/task.js';
import type { TrainResult } from '../training/train-request.js';
import { classDoubt, classifierSentence, classifierVerdicts } from './classifier-words.js';
import { count, counted, score } from './figures.js';
import { visible } from './visible-text.js';

/** The sentence that a training comes down to: first what is not what it seems. `epochs`: how many were asked for. */
export function trainingVerdict(
  { end, history, best, monitor }: Pick<TrainResult, 'end' | 'history' | 'best'> & { monitor: { name: string } },
  epochs: number,
): string {
  const stopped =
    end === 'interrupted' ? `Interrupted after ${count(history.length)} of ${counted(epochs, 'epoch')}. ` : '';
  if (best === null) return `${stopped}No epoch was finished.`;
  const { epoch, val } = history[best];
  const classifies = ofImages(val);
  const doubts = classifies
    ? val.classes.flatMap((scores) => classDoubt(scores, val.images))
    : val.classes.slice(1).flatMap((scores) => doubtOf(scores, val.images));
  const usual = MONITORS[classifies ? 'classification' : 'segmentation'];
  const why = monitor.name === usual ? '' : `, the best by ${visible(monitor.name)}`;
  const sentence = classifies ? classifierSentence(val) : segmenterSentence(val);
  const scored = `${sentence} (epoch ${epoch} of ${history.length}${why}).`;
  return `${stopped}${[...doubts, scored].join(' ')}`;
}

function segmenterSentence({ meanDice, classes }: SplitScores): string {
  const judged = classes.slice(1).filter(({ truthImages }) => truthImages > 0);
  const weakest = judged.toSorted((a, b) => (a.iou.pooled ?? 0) - (b.iou.pooled ?? 0))[0];
  const weak =
    weakest === undefined
      ? ''
      : `, ${visible(weakest.key)} the weakest class with an IoU of ${score(weakest.iou.pooled)}`;
  return `Mean Dice ${score(meanDice.pooled)} in validation${weak}`;
}

/** A class whose score says nothing, or that is not predicted. */
function doubtOf({ key, iou, truthImages, predictedPixels, emptyPerfect }: ClassScores, images: number): string[] {
  const name = visible(key);
  if (truthImages === 0) {
    const perfect =
      predictedPixels === 0 && images > 0
        ? ` (its smoothed IoU of 1.0000 is made of ${counted(emptyPerfect, 'empty image')})`
        : '';
    return [`${name} never reached the validation${perfect}.`];
  }
  if (predictedPixels > 0) return [];
  const naive = emptyPerfect > 0 ? `, of which smoothing would make ${score(iou.imageMeanSmoothed)}` : '';
  return [`${name} is predicted nowhere in validation: its IoU is ${score(iou.pooled)}${naive}.`];
}

/** What there is to say of each class but background at an epoch, a sentence or two each; of a classifier, of each class. */
export function classVerdicts({ train, val }: EpochLog): string[] {
  if (ofImages(val)) return classifierVerdicts({ train, val });
  return val.classes.slice(1).map((scores, i) => {
    const doubts = doubtOf(scores, val.images);
    if (doubts.length > 0) return doubts[0];
    const { key, iou, dice, truthImages, emptyPerfect } = scores;
    const learned = train.classes[i + 1].iou.pooled;
    const naive =
      emptyPerfect > 0 && iou.imageMeanSmoothed !== null
        ? `; smoothed ${score(iou.imageMeanSmoothed)}, of which ${counted(emptyPerfect, 'empty image')} ` +
          `${emptyPerfect === 1 ? 'gives' : 'give'} a perfect 1 or nothing`
        : '';
    return (
      `${visible(key)}: IoU ${score(iou.pooled)} and Dice ${score(dice.pooled)} over ${counted(truthImages, 'validation image')} ` +
      `that ${truthImages === 1 ? 'has' : 'have'} it, IoU ${score(learned)} on the training examples${naive}.`
    );
  });
}
