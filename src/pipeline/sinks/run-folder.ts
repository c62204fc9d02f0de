import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import { guard, makeFolder } from './files.js';
import { JOURNAL } from './journal.js';

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
  const lock = path.join(folder, LOCK);
  const unfinished = existsSync(path.join(folder, `${JOURNAL}.part`));
  const take = () => {
    const descriptor = openSync(lock, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
  };
  guard(lock, () => {
    try {
      take();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(readFileSync(lock, 'utf8'));
      if (isAlive(owner)) {
        throw new UsageError(`another run (process ${owner}) writes into ${folder}: wait for it or name another --out`);
      }
      rmSync(lock, { force: true });
      take();
    }
  });
  return { unfinished, release: () => rmSync(lock, { force: true }) };
}

/** Whether a process of that number runs; this one's own number is a left-over of a machine that was started anew. */
function isAlive(owner: number): boolean {
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
