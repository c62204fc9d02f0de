import { existsSync } from 'node:fs';
import path from 'node:path';
import { guard, makeFolder, PART } from './files.js';
import { JOURNAL } from './journal.js';
import { takeLock } from './lock.js';

const LOCK = '.maskaudit.lock';

/** A run folder that no other process writes to. */
export interface ClaimedFolder {
  /** True where an interrupted run's journal lies there. */
  unfinished: boolean;
  release(): void;
}

/**
 * Makes the run folder and claims it, so that two runs never write into one.
 * @throws UsageError where a living process has it; WorkError where it can't be written
 */
export function claimFolder(folder: string): ClaimedFolder {
  guard(folder, () => makeFolder(folder));
  const unfinished = existsSync(path.join(folder, JOURNAL + PART));
  const lock = path.join(folder, LOCK);
  const taken = (owner: string) => `another run (${owner}) writes into ${folder}: wait for it or name another --out`;
  const release = guard(lock, () => takeLock(lock, taken));
  return { unfinished, release };
}

/**
 * Says of a folder inside a dataset that it is none of it: a run that was written there, or the predictions to score. The label
 * masks in them are named and laid out as the dataset's own images are.
 */
export function foreignFolders(predictions: string | null): (folder: string) => boolean {
  return (folder) =>
    folder === predictions || [JOURNAL, JOURNAL + PART].some((name) => existsSync(path.join(folder, name)));
}
