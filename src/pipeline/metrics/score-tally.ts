import { CONVENTIONS, type Scores } from '../summary.js';
import { CONVENTION_PAGES, type ScoreSums } from './conventions.js';
import type { OverlapCounts } from './counts.js';
import type { ImageOverlap } from './image-overlap.js';
import { dice, iou, smoothedDice, smoothedIou } from './overlap.js';

/** Adds up one class over scored images; every convention is made from these sums. Memory is constant. */
export interface ScoreTally {
  /** In the order of images.csv: batches are formed as images come. */
  add(image: ImageOverlap): void;
  /** Counts summed over the images so far. */
  counts(): OverlapCounts;
  /** IoU of those. */
  pooledIou(): number | null;
  /** Its smoothed mean over images, `imageMeanSmoothed`. */
  smoothedIou(): number | null;
  /** The scores of the images so far; more may be added afterwards. */
  scores(): { iou: Scores; dice: Scores };
}

/** `metricBatch`: images in a batch of `batchSmoothed`, at least 1. */
export function startScores(metricBatch: number): ScoreTally {
  const total: OverlapCounts = { tp: 0, fp: 0, fn: 0 };
  const batch: OverlapCounts = { tp: 0, fp: 0, fn: 0 };
  let inBatch = 0;
  let batches = 0;
  let images = 0;
  let definedImages = 0;
  let truthImages = 0;
  const sums = {
    iou: { smoothed: 0, defined: 0, truth: 0, batched: 0 },
    dice: { smoothed: 0, defined: 0, truth: 0, batched: 0 },
  };

  function add(image: ImageOverlap): void {
    images++;
    sums.iou.smoothed += image.smoothedIou;
    sums.dice.smoothed += image.smoothedDice;
    if (image.iou !== null && image.dice !== null) {
      definedImages++;
      sums.iou.defined += image.iou;
      sums.dice.defined += image.dice;
      if (image.tp + image.fn > 0) {
        truthImages++;
        sums.iou.truth += image.iou;
        sums.dice.truth += image.dice;
      }
      addCounts(total, image);
      addCounts(batch, image);
    }
    if (++inBatch === metricBatch) {
      batches++;
      sums.iou.batched += smoothedIou(batch);
      sums.dice.batched += smoothedDice(batch);
      batch.tp = batch.fp = batch.fn = inBatch = 0;
    }
  }

  function scoresOf(measure: 'iou' | 'dice'): Scores {
    const smoothedRest = inBatch === 0 ? 0 : measure === 'iou' ? smoothedIou(batch) : smoothedDice(batch);
    const all: ScoreSums = {
      ...sums[measure],
      pooled: measure === 'iou' ? iou(total) : dice(total),
      images,
      definedImages,
      truthImages,
      batches: batches + (inBatch === 0 ? 0 : 1),
      batched: sums[measure].batched + smoothedRest,
    };
    return Object.fromEntries(CONVENTIONS.map((name) => [name, CONVENTION_PAGES[name].score(all)])) as Scores;
  }

  return {
    add,
    counts: () => ({ ...total }),
    pooledIou: () => iou(total),
    smoothedIou: () => (images === 0 ? null : sums.iou.smoothed / images),
    scores: () => ({ iou: scoresOf('iou'), dice: scoresOf('dice') }),
  };
}

function addCounts(to: OverlapCounts, from: OverlapCounts): void {
  to.tp += from.tp;
  to.fp += from.fp;
  to.fn += from.fn;
}
