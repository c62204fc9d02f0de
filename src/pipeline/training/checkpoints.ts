import { copyFileSync, linkSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import type { Finding } from '../record.js';
import { guard, PART } from '../sinks/files.js';
import type { EpochLog } from './history.js';
import { readTensors, writeTensors } from './safetensors.js';
import { EMPTY_TALLY, type TallyState } from './scores.js';
import type { NamedTensor } from './trainer.js';

/** Where a training is between two steps: with the trainer's state all that it needs to go on as if it had never stopped. */
export interface Progress {
  /** Finished epochs. */
  history: EpochLog[];
  /** Steps done since the beginning, and in the epoch that is under way. */
  step: number;
  stepInEpoch: number;
  /** That epoch's scores so far. */
  tally: TallyState;
  findings: Finding[];
  /** Seconds spent on training in all sessions. */
  seconds: number;
}

export const BEGINNING: Progress = {
  history: [],
  step: 0,
  stepInEpoch: 0,
  tally: EMPTY_TALLY,
  findings: [],
  seconds: 0,
};

/** What must not change between a run and its continuation: it decides what the weights and the batches are. */
export type Identity = Readonly<Record<string, unknown>>;

export interface Checkpoint {
  progress: Progress;
  state: NamedTensor[];
}

const FORMAT = 1;
const FOLDER = 'checkpoints';
/** Of the tensor that holds the confusions of an epoch under way; the trainer's own names don't begin so. */
const CONFUSIONS = 'training/confusions';

export const checkpointPath = (folder: string, kind: 'best' | 'last'): string =>
  path.join(folder, FOLDER, `${kind}.safetensors`);

/** Weights, optimizer and progress in one file, so that they can't be of two moments. @throws WorkError */
export function writeCheckpoint(file: string, { progress, state }: Readonly<Checkpoint>, identity: Identity): void {
  const { tally, ...rest } = progress;
  const { confusions, ...sums } = tally;
  const training = { format: FORMAT, ...rest, tally: sums, identity };
  const counts = { name: CONFUSIONS, shape: [confusions.length], values: confusions };
  writeTensors(file, [...state, counts], { training: JSON.stringify(training) });
}

/**
 * Saves a moment as the last one, and as the best where it is: first that, so that `last` is never of a later moment than `best`
 * should be. One file on the disk serves both names. @returns the names that were given
 */
export function saveCheckpoint(
  folder: string,
  checkpoint: Readonly<Checkpoint>,
  identity: Identity,
  isBest: boolean,
): ('best' | 'last')[] {
  const last = checkpointPath(folder, 'last');
  if (!isBest) {
    writeCheckpoint(last, checkpoint, identity);
    return ['last'];
  }
  const best = checkpointPath(folder, 'best');
  writeCheckpoint(best, checkpoint, identity);
  guard(last, () => {
    rmSync(last + PART, { force: true });
    try {
      linkSync(best, last + PART);
    } catch {
      // A file system without links.
      copyFileSync(best, last + PART);
    }
    renameSync(last + PART, last);
  });
  return ['best', 'last'];
}

/**
 * @param identity of the call that goes on; null: of no matter
 * @throws UsageError where it can't be read, or another call made it
 */
export function readCheckpoint(file: string, identity: Identity | null): Checkpoint {
  const { tensors, metadata } = readTensors(file);
  if (metadata?.training === undefined) throw new UsageError(`${file} is no checkpoint of a training`);
  const training = JSON.parse(metadata.training);
  if (training.format !== FORMAT) throw new UsageError(`${file} is of another version of this program`);
  const { format: _, identity: earlier, tally: sums, ...rest } = training;
  if (identity !== null) requireSame(file, earlier, identity);
  const state: NamedTensor[] = [];
  let confusions = new Uint32Array();
  for (const { name, shape, values } of tensors) {
    if (name === CONFUSIONS) confusions = values as Uint32Array<ArrayBuffer>;
    else state.push({ name, shape, values: values as Float32Array });
  }
  return { progress: { ...rest, tally: { ...sums, confusions } } as Progress, state };
}

function requireSame(file: string, earlier: Identity, now: Identity): void {
  const text = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  for (const key of Object.keys(now)) {
    if (text(earlier[key]) === text(now[key])) continue;
    throw new UsageError(
      `${file} is of another call: ${key} was ${text(earlier[key])}, now ${text(now[key])}; give the same options or another --out`,
    );
  }
}
