import type { LayoutName, Subset } from '../dataset/dataset.js';
import type { DeviceChoice } from '../engines/engine.js';
import type { PreprocessingName } from '../model/preprocessing.js';
import type { Finding, Severity } from '../record.js';
import type { DatasetConfig, RunResult } from '../requests.js';
import type { WeightFormula } from '../summary.js';
import type { ClassifierAssessment } from './assessment.js';
import type { Augmentation } from './data/augmentation.js';
import type { EpochLog } from './history.js';
import type { LossSpec } from './losses/loss-spec.js';
import type { Schedule } from './schedules.js';
import type { Task } from './task.js';
import type { Freeze, NetworkOptions, OptimizerSpec, TrainerInfo } from './trainer.js';

/** From an epoch on, counted from 1, something else is frozen. */
export interface Unfreezing {
  epoch: number;
  freeze: Freeze;
}

/** Everything a training needs to know; plain data, checked by the caller as far as no dataset is needed for it. */
export interface TrainRequest {
  task: Task;
  /** Absolute path of the dataset folder. */
  root: string;
  layout: 'auto' | LayoutName;
  subset: Subset | null;
  config: DatasetConfig;
  /**
   * Classification in the layout `masks`: classes that an image may be of, as the user wrote them; null: each but background.
   */
  labelClasses: readonly string[] | null;
  /** Splits the dataset anew, by patients and duplicates. */
  resplit: boolean;
  /** Trains in spite of errors in the data. */
  force: boolean;

  network: Omit<NetworkOptions, 'classes'>;
  /** null: what the encoder's weights were made with, else values in 0..1. */
  preprocess: PreprocessingName | null;
  /** A file of Keras's, or where to have them from; `none`: drawn. */
  encoderWeights: 'none' | 'imagenet' | { file: string };
  freeze: Freeze;
  unfreeze: readonly Unfreezing[];

  /** Its terms' class weights are filled in from `classWeights`. */
  loss: LossSpec;
  classWeights: 'none' | WeightFormula | readonly number[];
  optimizer: OptimizerSpec;
  schedule: Schedule;
  epochs: number;
  batch: number;
  /** A column of metrics.csv. */
  monitor: string;
  /** Epochs without a better monitored figure after which it ends; null: never. */
  earlyStopping: number | null;
  /** Classification: the sensitivity that is wanted of a class, as the user wrote it; its threshold is chosen by the validation. */
  sensitivities: Readonly<Record<string, number>>;

  /** Classes as the user wrote them, and how often images with them are shown. */
  oversample: Readonly<Record<string, number>>;
  crop: { share: number; classes: readonly string[] };
  augmentation: Augmentation;

  seed: number;
  jobs: number;
  device: DeviceChoice;
  /** Absolute path of the run folder. */
  out: string;
  resume: boolean;
  select: string[] | null;
  ignore: string[];
  severity: Record<string, Severity>;
  argv: string[];
}

/** Why a training ended. */
export type TrainEnd = 'epochs' | 'early-stopping' | 'interrupted';

export interface TrainResult {
  /** The run folder, absolute. */
  folder: string;
  end: TrainEnd;
  /** Finished epochs. */
  history: EpochLog[];
  /** Place in `history` of the epoch that the final model is of; null where no epoch was finished. */
  best: number | null;
  monitor: { name: string; values: (number | null)[] };
  trainer: TrainerInfo;
  /** Absolute paths of the final model in its forms; empty where it was interrupted. */
  models: string[];
  /** Of a classifier whose training has ended. */
  classification?: ClassifierAssessment;
  /** Findings of the training, T001 to T005, by rule. */
  counts: RunResult['counts'];
  findings: Finding[];
  seconds: number;
}
