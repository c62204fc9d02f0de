import type { GroupDetection } from './metrics/detection/group-detection.js';
import type { PixelThresholds } from './metrics/detection/pixel-thresholds.js';

/** summary.json: see shared contract. Ratios are null where they are undefined; nothing here is ever NaN. */

import type { ClassDetection } from './metrics/detection/detection.js';

export const CONVENTIONS = [
  'pooled',
  'imageMean',
  'imageMeanTruth',
  'imageMeanSmoothed',
  'batchSmoothed',
  'absentAsZero',
] as const;
export type Convention = (typeof CONVENTIONS)[number];
export type Scores = Record<Convention, number | null>;

export const OUTCOMES = ['hit', 'miss', 'false_alarm', 'disjoint', 'empty', 'unscored'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Presence {
  pixels: number;
  /** Of all pixels that were counted; null where none was. */
  pixelShare: number | null;
  images: number;
  imageShare: number | null;
}

export const WEIGHT_FORMULAS = ['inverseFrequency', 'medianFrequency', 'effectiveNumber', 'enetLog'] as const;
export type WeightFormula = (typeof WEIGHT_FORMULAS)[number];

export interface ClassSummary {
  index: number;
  key: string;
  name: string;
  truth: Presence;
  predicted: Presence;
  outcomes: Record<Outcome, number>;
  iou: Scores;
  dice: Scores;
  /** Bootstrap over images (1,000 resamples, seeded) and Wilson interval. */
  confidence95: { pooledIou: [number, number] | null; sensitivity: [number, number] | null };
  emptyPerfect: number;
  /** imageMeanSmoothed - pooled, of IoU. */
  inflation: number | null;
  weights: Record<WeightFormula, number | null>;
  /** Share of a pixel-mean cross-entropy's total weight that the class gets: w_c n_c / sum_k w_k n_k; `none` is the unweighted pixel share. */
  lossShare: Record<WeightFormula | 'none', number | null>;
  /**
   * The class's annotated pixels at each step on the way to the score, each of what the step before left: by the unforced reading,
   * by the encoding in force, at the model's input size (null where no model fixes one), and there in the scored images.
   */
  path: { raw: number; encoded: number; resized: number | null; batch: number };
}

/** Mean over the classes for which the score is defined, and how many those are. */
export type MeanScores = Record<Convention, number | null> & { classes: Record<Convention, number> };

/** The figures of a group of images: the whole run, a split or a source. */
export interface GroupSummary {
  images: number;
  scored: number;
  /** images - scored: without a prediction, or unreadable. */
  unscored: number;
  /** Those of the unscored that could not be read. */
  unreadable: number;
  /** Scored images whose prediction had another size than the annotation. */
  resized: number;
  classes: ClassSummary[];
  /** C x C, rows truth, columns predicted, scored images only. */
  confusion: number[][];
  accuracy: number | null;
  /** Share of background among all readable annotations' pixels. */
  backgroundAccuracy: number | null;
  meanIou: { all: MeanScores; foreground: MeanScores };
  meanDice: { all: MeanScores; foreground: MeanScores };
  /** How well images with a class are told from those without it, image by image; null where none is scored. */
  detection: GroupDetection | null;
}

/** How well each class is told, image by image, under one condition of the lungs probe. */
export interface ProbeFigures {
  /** Share of the pixels (at image level: of the images) that are labelled right. */
  accuracy: number | null;
  /** Scored as `detection` is. */
  classes: ClassDetection[];
}

/** `--probe lungs`: the same images as they are, with their lungs blacked out, and with all but the lungs blacked out. */
export interface ProbeSummary {
  /** Scored images whose lungs are known: what all three are about. */
  images: number;
  intact: ProbeFigures;
  withoutLungs: ProbeFigures;
  lungsAlone: ProbeFigures;
}

export interface Summary extends GroupSummary {
  schema: 1;
  /**
   * What has the classes, and is counted wherever a name says pixels: absent, pixels; `image`, images as a whole, as in the audit of a
   * classifier. There a class's IoU is its Jaccard index over images, Dice its F1, and `confusion` counts images.
   */
  unit?: 'image';
  /** False where the run was interrupted or is a shard. */
  complete: boolean;
  /** Of segmenters on a dataset with the split `val` and others; else null. */
  pixelThresholds: PixelThresholds | null;
  splits: Record<string, GroupSummary>;
  sources: Record<string, GroupSummary>;
  /** Absent where nothing was probed. */
  probe?: ProbeSummary;
  /** Number of findings of each rule that found something. */
  findings: Record<string, number>;
}
