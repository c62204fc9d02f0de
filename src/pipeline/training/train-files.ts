import path from 'node:path';
import type { Finding } from '../record.js';
import { csvRecord } from '../sinks/csv.js';
import { writeFile } from '../sinks/files.js';
import { FINDING_COLUMNS, findingRow } from '../sinks/tables.js';
import type { ClassifierAssessment } from './assessment.js';
import type { EpochLog } from './history.js';
import type { Metric } from './metrics-table.js';
import { openEventFile } from './tensorboard.js';
import type { TrainPlan } from './train-events.js';
import type { TrainEnd } from './train-request.js';
import type { TrainerInfo } from './trainer.js';

/** training.json: the whole course of a training, every score in every convention. `--format json` prints it. */
export interface TrainingJson {
  schema: 1;
  end: TrainEnd;
  plan: TrainPlan;
  /** The epoch that the final model is of. */
  bestEpoch: number | null;
  epochs: readonly EpochLog[];
  /** T001 to T005, as they happened. */
  findings: readonly Finding[];
  trainer: TrainerInfo;
  /** The final model in its forms, relative to the run folder; empty where the training was interrupted. */
  models: readonly string[];
  /** Of a classifier whose training has ended: the final model on the validation images. */
  classification?: ClassifierAssessment;
}

export const TRAINING = 'training.json';

/** Writes training.json. Returns its path. */
export function writeTraining(folder: string, training: TrainingJson): string {
  const file = path.join(folder, TRAINING);
  writeFile(file, trainingText(training));
  return file;
}

export const trainingText = (training: TrainingJson): string => `${JSON.stringify(training, null, 2)}\n`;

export const FINDINGS = 'findings.csv';

/** Writes findings.csv with the columns of an audit's. Returns its path. */
export function writeFindings(folder: string, findings: readonly Finding[]): string {
  const file = path.join(folder, FINDINGS);
  writeFile(file, csvRecord(FINDING_COLUMNS) + findings.map(findingRow).join(''));
  return file;
}

/**
 * The training as TensorBoard shows it: `tensorboard/train` and `tensorboard/val`, whose curves lie over each other.
 * @param metrics its scores; counts are no curves
 * @param from steps done where it goes on; null: a beginning
 */
export function openTensorboard(folder: string, metrics: readonly Metric[], from: number | null) {
  const at = from === null ? null : from + 1;
  const files = {
    train: openEventFile(path.join(folder, 'tensorboard', 'train'), at),
    val: openEventFile(path.join(folder, 'tensorboard', 'val'), at),
  };
  const scalars = (log: EpochLog, of: Metric['split']) =>
    metrics.flatMap((metric) => {
      const value = metric.split !== of || metric.isCount ? null : metric.of(log);
      return value === null ? [] : [{ tag: metric.tag, step: log.step, value }];
    });
  return {
    step: (step: number, loss: number) => files.train.add([{ tag: 'batch_loss', step, value: loss }]),
    epoch(log: EpochLog): void {
      files.train.add([{ tag: 'learning_rate', step: log.step, value: log.learningRate }, ...scalars(log, 'train')]);
      files.val.add(scalars(log, 'val'));
    },
    close(): void {
      files.train.close();
      files.val.close();
    },
  };
}
