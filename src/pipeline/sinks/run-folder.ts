import { existsSync } from 'node:fs';
import path from 'node:path';
import { guard, makeFolder } from './files.js';
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
  const unfinished = existsSync(path.join(folder, `${JOURNAL}.part`));
  const lock = path.join(folder, LOCK);
  const taken = (owner: number) =>
    `another run (process ${owner}) writes into ${folder}: wait for it or name another --out`;
  const release = guard(lock, () => takeLock(lock, taken));
  return { unfinished, release };
}
