import type { ClassSpec } from '../dataset/dataset.js';
import type { ClassSummary, Presence } from '../summary.js';
import type { Interval } from './bootstrap.js';
import type { ClassFrequency, ClassWeights, LossShare } from './class-weights.js';
import type { ImageOverlap } from './image-overlap.js';
import { startScores } from './score-tally.js';
import { wilsonInterval } from './wilson-interval.js';

/** Totals of a group that its classes' shares are taken of. */
export interface Counted {
  /** Images whose annotation could be read, and their pixels. */
  truthImages: number;
  truthPixels: number;
  /** Scored images and their pixels. */
  scored: number;
  scoredPixels: number;
  /** True where any annotation was brought to a model's size. */
  modelSized: boolean;
}

/** What only the whole group can tell of a class. */
export interface ClassContext extends Counted {
  weights: ClassWeights;
  lossShare: LossShare;
  pooledIou: Interval | null;
}

/** One class in a group of images: everything of ClassSummary that is added up. */
export function startClass(spec: ClassSpec, metricBatch: number) {
  const scores = startScores(metricBatch);
  const outcomes = { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0, unscored: 0 };
  const truth = { pixels: 0, images: 0, imagePixels: 0 };
  const path = { raw: 0, resized: 0, batch: 0 };

  return {
    /** Pixels of the class in a readable annotation of `imagePixels`. */
    addTruth(pixels: number, imagePixels: number): void {
      truth.pixels += pixels;
      if (pixels > 0) {
        truth.images++;
        truth.imagePixels += imagePixels;
      }
    },
    /** Pixels of the class by the unforced reading, and after the annotation was brought to the model's size. */
    addPath(raw: number, resized: number, isScored: boolean): void {
      path.raw += raw;
      path.resized += resized;
      if (isScored) path.batch += resized;
    },
    /** A scored image, or null for an unscored one. In the order of images.csv. */
    addOutcome(image: ImageOverlap | null): void {
      if (image === null) {
        outcomes.unscored++;
        return;
      }
      scores.add(image);
      // Spelled out: a computed key costs as much as all the scores.
      if (image.outcome === 'empty') outcomes.empty++;
      else if (image.outcome === 'hit') outcomes.hit++;
      else if (image.outcome === 'miss') outcomes.miss++;
      else if (image.outcome === 'disjoint') outcomes.disjoint++;
      else outcomes.false_alarm++;
    },
    /** For the weights. */
    frequency: (): ClassFrequency => ({ ...truth }),
    /** For a live screen. */
    live: () => ({
      key: spec.key,
      truthPixels: truth.pixels,
      truthImages: truth.images,
      outcomes: { ...outcomes },
      pooledIou: scores.pooledIou(),
      smoothedIou: scores.smoothedIou(),
    }),
    summary(context: ClassContext): ClassSummary {
      const { tp, fp } = scores.counts();
      const { iou, dice } = scores.scores();
      const { hit, miss, disjoint, false_alarm, empty } = outcomes;
      const predictedImages = hit + disjoint + false_alarm;
      return {
        index: spec.index,
        key: spec.key,
        name: spec.name,
        truth: presence(truth.pixels, context.truthPixels, truth.images, context.truthImages),
        predicted: presence(tp + fp, context.scoredPixels, predictedImages, context.scored),
        outcomes: { ...outcomes },
        iou,
        dice,
        confidence95: { pooledIou: context.pooledIou, sensitivity: wilsonInterval(hit, hit + miss + disjoint) },
        emptyPerfect: empty,
        inflation: iou.imageMeanSmoothed === null || iou.pooled === null ? null : iou.imageMeanSmoothed - iou.pooled,
        weights: context.weights,
        lossShare: context.lossShare,
        path: {
          raw: path.raw,
          encoded: truth.pixels,
          resized: context.modelSized ? path.resized : null,
          batch: path.batch,
        },
      };
    },
  };
}

function presence(pixels: number, allPixels: number, images: number, allImages: number): Presence {
  return {
    pixels,
    pixelShare: allPixels === 0 ? null : pixels / allPixels,
    images,
    imageShare: allImages === 0 ? null : images / allImages,
  };
}
