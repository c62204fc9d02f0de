import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { Kernels } from '../kernels/kernels.js';
import { type ClassDetection, startDetection } from '../metrics/detection/detection.js';
import { type CountedImage, startGroup } from '../metrics/group-tally.js';
import { imageOverlap } from '../metrics/image-overlap.js';
import type { MeanScores, Scores } from '../summary.js';
import type { TrainBatch } from './trainer.js';

/** Scores of a class in one pass over a split, on the model's grid; a classifier's images are counted as one pixel each. */
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
  /** A classifier's: the images of the class told from the others. No area where no probabilities are known, as in training. */
  detection?: Pick<ClassDetection, 'sensitivity' | 'specificity' | 'precision' | 'auc'>;
}

/** Scores of one pass over a split. Undefined is null. */
export interface SplitScores {
  images: number;
  /** Mean of the batches' losses, each as many times as it has images. */
  loss: number | null;
  accuracy: number | null;
  /** In every convention, over the classes but background; a classifier's over all of them, since class 0 is an answer too. */
  meanIou: MeanScores;
  meanDice: MeanScores;
  /** A classifier's: mean of the areas under the ROC curves of the classes that have one; null where none has. */
  auc?: number | null;
  classes: ClassScores[];
}

/** Whether they are a classifier's. */
export const ofImages = ({ auc }: Pick<SplitScores, 'auc'>): boolean => auc !== undefined;

/** A pass over a split: what it was made of so far, and its scores. */
export interface ScoreTally {
  /**
   * @param predicted a class for each label of the batch
   * @param probabilities of a classifier, N x C; null where they are not known
   */
  add(batch: TrainBatch, loss: number, predicted: Uint8Array, probabilities?: Float32Array | null): void;
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
  dataset: Pick<DatasetSpec, 'classes' | 'maskClasses'>,
  metricBatch: number,
  from: TallyState = EMPTY_TALLY,
): ScoreTally {
  const { classes } = dataset;
  const cells = classes.length ** 2;
  const group = startGroup(dataset, metricBatch);
  const detection = isImageLevel(dataset) ? startDetection(classes) : null;
  let confusions = new Uint32Array(Math.max(64 * cells, 2 * from.confusions.length));
  let images = 0;
  let lossSum = from.lossSum;
  for (let i = 0; i < from.images; i++) addImage(from.confusions.subarray(i * cells, (i + 1) * cells), null);

  function addImage(confusion: Uint32Array, probabilities: Float32Array | null): void {
    if ((images + 1) * cells > confusions.length) {
      const larger = new Uint32Array(2 * confusions.length);
      larger.set(confusions);
      confusions = larger;
    }
    confusions.set(confusion, images++ * cells);
    const counts = Array.from(confusion);
    const record: CountedImage = { status: 'scored', truth: truthOf(counts), confusion: counts };
    const overlaps = classes.map((_, c) => imageOverlap(counts, c));
    group.add(record, overlaps);
    // An image that could not be read any more has no label.
    if (detection === null || counts.every((images) => images === 0)) return;
    const told = overlaps.map(({ tp, fp }) => tp + fp);
    detection.add(record.truth as number[], probabilities, told);
  }

  return {
    add({ count, labels }, loss, predicted, probabilities = null) {
      lossSum += loss * count;
      const pixels = labels.length / count;
      for (let i = 0; i < count; i++) {
        kernels.store(0, labels.subarray(i * pixels, (i + 1) * pixels));
        kernels.store(1, predicted.subarray(i * pixels, (i + 1) * pixels));
        const row = probabilities?.subarray(i * classes.length, (i + 1) * classes.length) ?? null;
        addImage(kernels.confusion(0, 1, pixels, classes.length).slice(), row);
      }
    },
    scores() {
      const summary = group.summary(classes.map(() => null));
      const over = detection === null ? 'foreground' : 'all';
      const told = detection?.finish().classes;
      return {
        images,
        loss: images === 0 ? null : lossSum / images,
        accuracy: summary.accuracy,
        meanIou: summary.meanIou[over],
        meanDice: summary.meanDice[over],
        ...(told && { auc: meanArea(told) }),
        classes: summary.classes.map(({ key, iou, dice, truth, predicted, emptyPerfect }, c) => ({
          ...{ key, iou, dice, emptyPerfect },
          truthImages: truth.images,
          truthPixels: truth.pixels,
          predictedPixels: predicted.pixels,
          ...(told && { detection: ratesOf(told[c]) }),
        })),
      };
    },
    state: () => ({ lossSum, images, confusions: confusions.slice(0, images * cells) }),
  };
}

const ratesOf = ({ sensitivity, specificity, precision, auc }: ClassDetection) => ({
  ...{ sensitivity, specificity, precision, auc },
});

function meanArea(classes: readonly ClassDetection[]): number | null {
  const areas = classes.flatMap(({ auc }) => (auc === null ? [] : [auc]));
  return areas.length === 0 ? null : areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

/** Row sums: the pixels of each class in the truth. */
function truthOf(confusion: readonly number[]): number[] {
  const classes = Math.sqrt(confusion.length);
  return Array.from({ length: classes }, (_, c) =>
    confusion.slice(c * classes, (c + 1) * classes).reduce((sum, pixels) => sum + pixels, 0),
  );
}
