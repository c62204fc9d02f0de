import { UsageError } from '../errors.js';
import { didYouMean } from '../words/nearest.js';
import { metricCells, metricColumns } from './metrics-table.js';
import type { SplitScores } from './scores.js';
import type { Goal } from './standing.js';

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
}

/** @throws UsageError for what is no column of scores, with the one that was probably meant */
export function monitorOf(name: string, classes: readonly string[]): Monitor {
  const scores = metricColumns(classes).slice(3);
  if (!scores.includes(name)) {
    throw new UsageError(`--monitor ${name}: no such score${didYouMean(name, scores)}; there are ${scores.join(', ')}`);
  }
  return { name, goal: name.endsWith('_loss') ? 'min' : 'max' };
}

/** The monitored figure of each epoch; null where it is undefined. */
export function monitored(history: readonly EpochLog[], { name }: Monitor): (number | null)[] {
  return history.map((log) => metricCells(log)[metricColumns(log.val.classes.map(({ key }) => key)).indexOf(name)]);
}
