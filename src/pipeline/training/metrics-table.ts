import path from 'node:path';
import { csvRecord } from '../sinks/csv.js';
import { writeFile } from '../sinks/files.js';
import type { EpochLog } from './history.js';
import type { ClassScores, SplitScores } from './scores.js';
import type { Task } from './task.js';

export const METRICS = 'metrics.csv';

const SPLITS = ['train', 'val'] as const;
type Split = (typeof SPLITS)[number];

/** A score by the part of its columns' names. */
interface Measure<S> {
  name: string;
  of(scores: S): number | null;
  /** Where it is known; both unless told. */
  splits?: readonly Split[];
  /** No score, but what it was made of. */
  isCount?: true;
}

/** `smoothed` is `imageMeanSmoothed`. */
const OF_SPLIT: Record<Task, Measure<SplitScores>[]> = {
  segmentation: [
    { name: 'loss', of: ({ loss }) => loss },
    { name: 'accuracy', of: ({ accuracy }) => accuracy },
    { name: 'mean_dice', of: ({ meanDice }) => meanDice.pooled },
    { name: 'mean_dice_smoothed', of: ({ meanDice }) => meanDice.imageMeanSmoothed },
    { name: 'mean_iou', of: ({ meanIou }) => meanIou.pooled },
    { name: 'mean_iou_smoothed', of: ({ meanIou }) => meanIou.imageMeanSmoothed },
  ],
  classification: [
    { name: 'loss', of: ({ loss }) => loss },
    { name: 'accuracy', of: ({ accuracy }) => accuracy },
    { name: 'mean_f1', of: ({ meanDice }) => meanDice.pooled },
    { name: 'auc', of: ({ auc }) => auc ?? null, splits: ['val'] },
  ],
};

/** Of images that are counted as one pixel each the pooled Dice is F1, and pixels are images. */
const OF_CLASS: Record<Task, Measure<ClassScores>[]> = {
  segmentation: [
    { name: 'iou', of: ({ iou }) => iou.pooled },
    { name: 'iou_smoothed', of: ({ iou }) => iou.imageMeanSmoothed },
    { name: 'dice', of: ({ dice }) => dice.pooled },
    { name: 'truth_images', of: ({ truthImages }) => truthImages, isCount: true },
    { name: 'predicted_pixels', of: ({ predictedPixels }) => predictedPixels, isCount: true },
  ],
  classification: [
    { name: 'auc', of: ({ detection }) => detection?.auc ?? null, splits: ['val'] },
    { name: 'f1', of: ({ dice }) => dice.pooled },
    { name: 'sensitivity', of: ({ detection }) => detection?.sensitivity ?? null },
    { name: 'specificity', of: ({ detection }) => detection?.specificity ?? null },
    { name: 'precision', of: ({ detection }) => detection?.precision ?? null },
    { name: 'truth_images', of: ({ truthImages }) => truthImages, isCount: true },
    { name: 'predicted_images', of: ({ predictedPixels }) => predictedPixels, isCount: true },
  ],
};

/** A score of an epoch: a column of metrics.csv, and what TensorBoard draws over the steps. */
export interface Metric {
  /** `val_iou_covid` */
  column: string;
  split: Split;
  /** What the curves of both splits are called, `iou/covid`. */
  tag: string;
  isCount: boolean;
  of(log: EpochLog): number | null;
}

/**
 * The scores of a task in the order of their columns: for each its splits, first those of all classes, then each class's.
 * @param classes keys of all classes, that of index 0 included
 */
export function metricsOf(task: Task, classes: readonly string[]): Metric[] {
  return [
    ...OF_SPLIT[task].flatMap(({ name, of, splits = SPLITS, isCount = false }) =>
      splits.map((split) => ({
        ...{ column: `${split}_${name}`, split, tag: name, isCount },
        of: (log: EpochLog) => of(log[split]),
      })),
    ),
    ...classes.flatMap((key, c) =>
      OF_CLASS[task].flatMap(({ name, of, splits = SPLITS, isCount = false }) =>
        splits.map((split) => ({
          ...{ column: `${split}_${name}_${key}`, split, tag: `${name}/${key}`, isCount },
          of: (log: EpochLog) => of(log[split].classes[c]),
        })),
      ),
    ),
  ];
}

/** Writes metrics.csv anew: a function of the history, whole at any time, and without times. Returns its path. */
export function writeMetrics(folder: string, metrics: readonly Metric[], history: readonly EpochLog[]): string {
  const file = path.join(folder, METRICS);
  const header = ['epoch', 'step', 'learning_rate', ...metrics.map(({ column }) => column)];
  const rows = history.map((log) => [log.epoch, log.step, log.learningRate, ...metrics.map(({ of }) => of(log))]);
  writeFile(file, [header, ...rows].map(csvRecord).join(''));
  return file;
}
