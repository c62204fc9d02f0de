import path from 'node:path';
import { csvRecord } from '../sinks/csv.js';
import { writeFile } from '../sinks/files.js';
import type { EpochLog } from './history.js';
import type { ClassScores, SplitScores } from './scores.js';

export const METRICS = 'metrics.csv';

/** Scores of a split, and of each class, by the part of their column's name. `smoothed` is `imageMeanSmoothed`. */
const OF_SPLIT: Record<string, (scores: SplitScores) => number | null> = {
  loss: ({ loss }) => loss,
  accuracy: ({ accuracy }) => accuracy,
  mean_dice: ({ meanDice }) => meanDice.pooled,
  mean_dice_smoothed: ({ meanDice }) => meanDice.imageMeanSmoothed,
  mean_iou: ({ meanIou }) => meanIou.pooled,
  mean_iou_smoothed: ({ meanIou }) => meanIou.imageMeanSmoothed,
};

const OF_CLASS: Record<string, (scores: ClassScores) => number | null> = {
  iou: ({ iou }) => iou.pooled,
  iou_smoothed: ({ iou }) => iou.imageMeanSmoothed,
  dice: ({ dice }) => dice.pooled,
  truth_images: ({ truthImages }) => truthImages,
  predicted_pixels: ({ predictedPixels }) => predictedPixels,
};

const SPLITS = ['train', 'val'] as const;

/**
 * The columns of metrics.csv, which are fixed: `epoch`, `step`, `learning_rate`, then `train_` and `val_` for each score, then for
 * each class in index order `train_iou_<key>`, ...
 * @param classes keys of all classes, background included
 */
export function metricColumns(classes: readonly string[]): string[] {
  return [
    ...['epoch', 'step', 'learning_rate'],
    ...Object.keys(OF_SPLIT).flatMap((score) => SPLITS.map((split) => `${split}_${score}`)),
    ...classes.flatMap((key) =>
      Object.keys(OF_CLASS).flatMap((score) => SPLITS.map((split) => `${split}_${score}_${key}`)),
    ),
  ];
}

/** An epoch's row. No times: an equal run has equal bytes. */
export function metricCells(log: EpochLog): (number | null)[] {
  return [
    ...[log.epoch, log.step, log.learningRate],
    ...Object.values(OF_SPLIT).flatMap((score) => SPLITS.map((split) => score(log[split]))),
    ...log.val.classes.flatMap((_, c) =>
      Object.values(OF_CLASS).flatMap((score) => SPLITS.map((split) => score(log[split].classes[c]))),
    ),
  ];
}

/** Writes metrics.csv anew: a function of the history, whole at any time. Returns its path. */
export function writeMetrics(folder: string, classes: readonly string[], history: readonly EpochLog[]): string {
  const file = path.join(folder, METRICS);
  const rows = [metricColumns(classes), ...history.map(metricCells)];
  writeFile(file, rows.map(csvRecord).join(''));
  return file;
}
