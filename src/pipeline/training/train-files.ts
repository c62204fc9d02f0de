import path from 'node:path';
import type { Finding } from '../record.js';
import { csvRecord } from '../sinks/csv.js';
import { writeFile } from '../sinks/files.js';
import { FINDING_COLUMNS, findingRow } from '../sinks/tables.js';
import type { EpochLog } from './history.js';
import { openEventFile, type Scalar } from './tensorboard.js';
import type { TrainPlan } from './train-events.js';
import type { TrainEnd } from './train-request.js';

/** training.json: the whole course of a training, every score in every convention. `--format json` prints it. */
export interface TrainingJson {
  schema: 1;
  end: TrainEnd;
  plan: TrainPlan;
  /** The epoch that the final model is of. */
  bestEpoch: number | null;
  epochs: readonly EpochLog[];
}

/** Writes training.json. Returns its path. */
export function writeTraining(folder: string, training: TrainingJson): string {
  const file = path.join(folder, 'training.json');
  writeFile(file, `${JSON.stringify(training, null, 2)}\n`);
  return file;
}

export const FINDINGS = 'findings.csv';

/** Writes findings.csv with the columns of an audit's. Returns its path. */
export function writeFindings(folder: string, findings: readonly Finding[]): string {
  const file = path.join(folder, FINDINGS);
  writeFile(file, csvRecord(FINDING_COLUMNS) + findings.map(findingRow).join(''));
  return file;
}

/**
 * The training as TensorBoard shows it: `tensorboard/train` and `tensorboard/val`, whose curves lie over each other.
 * @param from steps done where it goes on; null: a beginning
 */
export function openTensorboard(folder: string, from: number | null) {
  const at = from === null ? null : from + 1;
  const files = {
    train: openEventFile(path.join(folder, 'tensorboard', 'train'), at),
    val: openEventFile(path.join(folder, 'tensorboard', 'val'), at),
  };
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

/** The columns of metrics.csv of a split, undefined ones left out: `mean_dice`, `iou/covid`. */
function scalars(log: EpochLog, split: 'train' | 'val'): Scalar[] {
  const { loss, accuracy, meanDice, meanIou, classes } = log[split];
  const values: Record<string, number | null> = {
    ...{ loss, accuracy, mean_dice: meanDice.pooled, mean_dice_smoothed: meanDice.imageMeanSmoothed },
    ...{ mean_iou: meanIou.pooled, mean_iou_smoothed: meanIou.imageMeanSmoothed },
  };
  for (const { key, iou, dice } of classes) {
    values[`iou/${key}`] = iou.pooled;
    values[`iou_smoothed/${key}`] = iou.imageMeanSmoothed;
    values[`dice/${key}`] = dice.pooled;
  }
  return Object.entries(values).flatMap(([tag, value]) => (value === null ? [] : [{ tag, step: log.step, value }]));
}
