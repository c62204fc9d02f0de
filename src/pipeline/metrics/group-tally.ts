import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { ImageRecord } from '../record.js';
import type { GroupSummary } from '../summary.js';
import { accuracy, backgroundAccuracy } from './accuracy.js';
import type { Interval } from './bootstrap.js';
import { type Counted, startClass } from './class-tally.js';
import { classWeights, lossShares } from './class-weights.js';
import type { ImageOverlap } from './image-overlap.js';
import { meanScores } from './mean-scores.js';

/** What a group counts of an image. */
export type CountedImage = Pick<ImageRecord, 'status' | 'truth' | 'rawTruth' | 'modelTruth' | 'confusion' | 'resized'>;

/** A group of images (the whole run, a split, a source) with its own batches of `metricBatch` scored images. */
export function startGroup(dataset: Pick<DatasetSpec, 'classes' | 'maskClasses'>, metricBatch: number) {
  const { classes: specs } = dataset;
  const classes = specs.map((spec) => startClass(spec, metricBatch));
  const confusion = new Float64Array(specs.length * specs.length);
  const images = { all: 0, scored: 0, unreadable: 0, resized: 0 };
  let truthImages = 0;
  let truthPixels = 0;
  let modelSized = false;

  function counted(): Counted {
    return { truthImages, truthPixels, scored: images.scored, scoredPixels: sumOf(confusion), modelSized };
  }

  return {
    /** `overlaps`: one a class where the image is scored, else null. In the order of images.csv. */
    add(record: CountedImage, overlaps: readonly ImageOverlap[] | null): void {
      const { truth, rawTruth, modelTruth } = record;
      images.all++;
      if (record.status === 'unreadable') images.unreadable++;
      if (truth !== null) {
        const pixels = sumOf(truth);
        truthImages++;
        truthPixels += pixels;
        for (let c = 0; c < classes.length; c++) classes[c].addTruth(truth[c], pixels);
      }
      if (modelTruth !== undefined) modelSized = true;
      const raw = rawTruth ?? truth;
      const resized = modelTruth ?? truth;
      for (let c = 0; c < classes.length; c++) {
        classes[c].addPath(raw === null ? 0 : raw[c], resized === null ? 0 : resized[c], overlaps !== null);
        classes[c].addOutcome(overlaps === null ? null : overlaps[c]);
      }
      if (overlaps === null || record.confusion === null) return;
      images.scored++;
      if (record.resized) images.resized++;
      for (let i = 0; i < confusion.length; i++) confusion[i] += record.confusion[i];
    },
    live: () => classes.map((of) => of.live()),
    /** `pooledIou`: interval of each class. */
    summary(pooledIou: readonly (Interval | null)[]): Omit<GroupSummary, 'detection'> {
      const frequencies = classes.map((of) => of.frequency());
      const weights = classWeights(frequencies, isImageLevel(dataset));
      const shares = lossShares(frequencies, weights);
      const all = counted();
      const summaries = classes.map((of, c) =>
        of.summary({ ...all, weights: weights[c], lossShare: shares[c], pooledIou: pooledIou[c] }),
      );
      const iou = summaries.map((of) => of.iou);
      const dice = summaries.map((of) => of.dice);
      return {
        images: images.all,
        scored: images.scored,
        unscored: images.all - images.scored,
        unreadable: images.unreadable,
        resized: images.resized,
        classes: summaries,
        confusion: specs.map((_, c) => Array.from(confusion.subarray(c * specs.length, (c + 1) * specs.length))),
        accuracy: accuracy(confusion),
        backgroundAccuracy: backgroundAccuracy(frequencies.map(({ pixels }) => pixels)),
        meanIou: { all: meanScores(iou), foreground: meanScores(iou.slice(1)) },
        meanDice: { all: meanScores(dice), foreground: meanScores(dice.slice(1)) },
      };
    },
  };
}

export type GroupTally = ReturnType<typeof startGroup>;

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  return sum;
}
