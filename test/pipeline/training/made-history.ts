import { meanScores } from '../../../src/pipeline/metrics/mean-scores.js';
import type { Scores } from '../../../src/pipeline/summary.js';
import type { EpochLog } from '../../../src/pipeline/training/history.js';
import type { ClassScores, SplitScores } from '../../../src/pipeline/training/scores.js';
import { scores } from '../checks/given.js';

/** A class that occurs and is found, with the same score in every convention; `smoothed`: both smoothed ones. */
export function madeClass(
  key: string,
  pooled: number | null,
  { smoothed = pooled, ...change }: Partial<ClassScores> & { smoothed?: number | null } = {},
): ClassScores {
  const iou: Scores = scores(pooled, { imageMeanSmoothed: smoothed, batchSmoothed: smoothed });
  return {
    ...{ key, iou, dice: iou, truthImages: 5, truthPixels: 500, predictedPixels: 500, emptyPerfect: 5 },
    ...change,
  };
}

export function madeSplit(classes: ClassScores[], change: Partial<SplitScores> = {}): SplitScores {
  const all = [madeClass('background', 0.9), ...classes];
  const means = (of: 'iou' | 'dice') => meanScores(all.slice(1).map((one) => one[of]));
  return {
    images: 10,
    loss: 0.5,
    accuracy: 0.9,
    meanIou: means('iou'),
    meanDice: means('dice'),
    classes: all,
    ...change,
  };
}

/** An epoch of background, lung and covid; a number is covid's score. */
export function madeEpoch(epoch: number, train: SplitScores | number, val: SplitScores | number): EpochLog {
  const split = (given: SplitScores | number) =>
    typeof given === 'number' ? madeSplit([madeClass('lung', given), madeClass('covid', given)]) : given;
  return { epoch, step: 10 * epoch, learningRate: 0.001, train: split(train), val: split(val) };
}
