import type { RunEvent } from '../events.js';
import type { Finding } from '../record.js';
import type { EpochLog } from './history.js';
import type { Task } from './task.js';
import type { TrainResult } from './train-request.js';
import type { TrainerInfo } from './trainer.js';

/** What will be trained on. */
export interface TrainPlan {
  task: Task;
  /** Keys of the classes, background first. */
  classes: string[];
  /** Weight of each class in the loss; null where it has none. */
  classWeights: number[] | null;
  /** Where they come from: `inverseFrequency`, `none`, `given`. */
  weightsFrom: string;
  /** Pixels of each class in the training annotations; of a classifier, images. */
  trainPixels: number[];
  /** Images of each split, and of an epoch with what is shown more often. */
  train: number;
  val: number;
  examples: number;
  /** Images without readable picture or annotation. */
  leftOut: { train: number; val: number };
  epochs: number;
  /** Steps of an epoch. */
  steps: number;
  batch: number;
  monitor: string;
}

/** A step of either pass; given some ten times a second at most, the first and the last of a pass always. */
export interface TrainProgress {
  pass: 'train' | 'val';
  /** From 1. */
  epoch: number;
  step: number;
  steps: number;
  /** Of this step, and the mean of the pass so far. */
  loss: number;
  meanLoss: number;
  learningRate: number;
  /** Images that went through the network, of both passes, for a rate and the time that is left. */
  work: { done: number; total: number; measured: number; elapsedMs: number };
  /** Resident memory of the process that trains. */
  memoryBytes: number;
}

/** What a training tells those who watch it. */
export type TrainEvent =
  /** The audit of the data, which comes first, tells what every audit tells. */
  | { type: 'audit'; event: RunEvent }
  | { type: 'plan'; plan: TrainPlan }
  | { type: 'trainer'; info: TrainerInfo; network: string }
  | { type: 'resumed'; epoch: number; step: number; history: EpochLog[]; findings: Finding[] }
  /** A training that is over is looked at again. */
  | { type: 'history'; history: EpochLog[] }
  | { type: 'progress'; progress: TrainProgress }
  | { type: 'epoch'; log: EpochLog; epochs: number; best: boolean; seconds: number }
  | { type: 'finding'; finding: Finding }
  | { type: 'checkpoint'; kind: 'best' | 'last'; file: string; epoch: number }
  | { type: 'note'; message: string }
  /** The loop has ended; the final model and the files are being written. */
  | { type: 'finishing' }
  | { type: 'finished'; result: TrainResult };

export interface TrainContext {
  /** Aborted by the first Ctrl-C: the step is finished and saved. */
  signal: AbortSignal;
  emit(event: TrainEvent): void;
}
