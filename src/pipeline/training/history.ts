import { UsageError } from '../errors.js';
import { didYouMean } from '../words/nearest.js';
import { type Metric, metricsOf } from './metrics-table.js';
import type { SplitScores } from './scores.js';
import type { Goal } from './standing.js';
import type { Task } from './task.js';

/** A finished epoch. */
export interface EpochLog {
  /** From 1. */
  epoch: number;
  /** Steps since the beginning of the training. */
  step: number;
  /** Of its last step. */
  learningRate: number;
  train: SplitScores;
  val: SplitScores;
}

/** What decides which epoch is the best: a column of metrics.csv. */
export interface Monitor {
  name: string;
  goal: Goal;
  of: Metric['of'];
}

/** @throws UsageError for what is no column of scores, with the one that was probably meant */
export function monitorOf(name: string, task: Task, classes: readonly string[]): Monitor {
  const metrics = metricsOf(task, classes);
  const metric = metrics.find(({ column }) => column === name);
  if (metric === undefined) {
    const columns = metrics.map(({ column }) => column);
    throw new UsageError(
      `--monitor ${name}: no such score${didYouMean(name, columns)}; there are ${columns.join(', ')}`,
    );
  }
  return { name, goal: name.endsWith('_loss') ? 'min' : 'max', of: metric.of };
}

/** The monitored figure of each epoch; null where it is undefined. */
export function monitored(history: readonly EpochLog[], { of }: Pick<Monitor, 'of'>): (number | null)[] {
  return history.map(of);
}
