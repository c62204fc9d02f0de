import type { ClassSpec } from '../dataset/dataset.js';
import type { Kernels } from '../kernels/kernels.js';
import { type CountedImage, startGroup } from '../metrics/group-tally.js';
import { imageOverlap } from '../metrics/image-overlap.js';
import type { MeanScores, Scores } from '../summary.js';
import type { TrainBatch } from './trainer.js';

/** Scores of a class in one pass over a split, on the model's grid. */
export interface ClassScores {
  key: string;
  iou: Scores;
  dice: Scores;
  /** Images with the class in the truth, and its pixels there and in the predictions. */
  truthImages: number;
  truthPixels: number;
  predictedPixels: number;
  /** Images with the class in neither mask: the perfect scores of smoothed conventions that nothing was done for. */
  emptyPerfect: number;
}

/** Scores of one pass over a split. Undefined is null. */
export interface SplitScores {
  images: number;
  /** Mean of the batches' losses, each as many times as it has images. */
  loss: number | null;
  accuracy: number | null;
  /** Over the classes but background, in every convention. */
  meanIou: MeanScores;
  meanDice: MeanScores;
  classes: ClassScores[];
}

/** A pass over a split: what it was made of so far, and its scores. */
export interface ScoreTally {
  /** @param predicted N x pixels, of the batch's images */
  add(batch: TrainBatch, loss: number, predicted: Uint8Array): void;
  scores(): SplitScores;
  /** All that the scores are made of, for a checkpoint in the middle of a pass. */
  state(): TallyState;
}

/** A pass that was stopped: `losses` are sums, each image's confusion is C x C numbers of `confusions`. */
export interface TallyState {
  lossSum: number;
  images: number;
  confusions: Uint32Array;
}

export const EMPTY_TALLY: TallyState = { lossSum: 0, images: 0, confusions: new Uint32Array() };

/**
 * Adds up a pass by the code that scores audits. Pixels without a class (ignored, or turned in from outside of the picture) are left
 * out.
 * @param metricBatch images of a batch of the `batchSmoothed` convention
 * @param from a pass that was stopped and goes on
 */
export function startTally(
  kernels: Kernels,
  classes: readonly ClassSpec[],
  metricBatch: number,
  from: TallyState = EMPTY_TALLY,
): ScoreTally {
  const cells = classes.length ** 2;
  const group = startGroup(classes, metricBatch);
  let confusions = new Uint32Array(Math.max(64 * cells, 2 * from.confusions.length));
  let images = 0;
  let lossSum = from.lossSum;
  for (let i = 0; i < from.images; i++) addImage(from.confusions.subarray(i * cells, (i + 1) * cells));

  function addImage(confusion: Uint32Array): void {
    if ((images + 1) * cells > confusions.length) {
      const larger = new Uint32Array(2 * confusions.length);
      larger.set(confusions);
      confusions = larger;
    }
    confusions.set(confusion, images++ * cells);
    const counts = Array.from(confusion);
    const record: CountedImage = { status: 'scored', truth: truthOf(counts), confusion: counts };
    group.add(
      record,
      classes.map((_, c) => imageOverlap(counts, c)),
    );
  }

  return {
    add({ count, labels }, loss, predicted) {
      lossSum += loss * count;
      const pixels = labels.length / count;
      for (let i = 0; i < count; i++) {
        kernels.store(0, labels.subarray(i * pixels, (i + 1) * pixels));
        kernels.store(1, predicted.subarray(i * pixels, (i + 1) * pixels));
        addImage(kernels.confusion(0, 1, pixels, classes.length).slice());
      }
    },
    scores() {
      const summary = group.summary(classes.map(() => null));
      return {
        images,
        loss: images === 0 ? null : lossSum / images,
        accuracy: summary.accuracy,
        meanIou: summary.meanIou.foreground,
        meanDice: summary.meanDice.foreground,
        classes: summary.classes.map(({ key, iou, dice, truth, predicted, emptyPerfect }) => ({
          ...{ key, iou, dice, emptyPerfect },
          truthImages: truth.images,
          truthPixels: truth.pixels,
          predictedPixels: predicted.pixels,
        })),
      };
    },
    state: () => ({ lossSum, images, confusions: confusions.slice(0, images * cells) }),
  };
}

/** Row sums: the pixels of each class in the truth. */
function truthOf(confusion: readonly number[]): number[] {
  const classes = Math.sqrt(confusion.length);
  return Array.from({ length: classes }, (_, c) =>
    confusion.slice(c * classes, (c + 1) * classes).reduce((sum, pixels) => sum + pixels, 0),
  );
}
