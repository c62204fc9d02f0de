import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import { guard, makeFolder, PART } from './files.js';
import { JOURNAL } from './journal.js';

const LOCK = '.maskaudit.lock';
/** How long a lock without a number is taken for one that is being made. */
const HALF_MADE_MS = 2000;

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
  const unfinished = existsSync(path.join(folder, JOURNAL + PART));
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
      const owner = ownerOf(lock);
      if (owner !== null) {
        throw new UsageError(`another run (${owner}) writes into ${folder}: wait for it or name another --out`);
      }
      rmSync(lock, { force: true });
      take();
    }
  });
  return { unfinished, release: () => rmSync(lock, { force: true }) };
}

/**
 * Says of a folder inside a dataset that it is none of it: a run that was written there, or the predictions to score. The label
 * masks in them are named and laid out as the dataset's own images are.
 */
export function foreignFolders(predictions: string | null): (folder: string) => boolean {
  return (folder) =>
    folder === predictions || [JOURNAL, JOURNAL + PART].some((name) => existsSync(path.join(folder, name)));
}

/** Who has a folder by what its lock says, null where nobody has it any more. */
function ownerOf(lock: string): string | null {
  const text = readFileSync(lock, 'utf8');
  // Between the making of a lock and the number in it there is a moment; one that died in it is of no use for long.
  if (text === '') return Date.now() - statSync(lock).mtimeMs < HALF_MADE_MS ? 'just starting' : null;
  return isAlive(Number(text)) ? `process ${text}` : null;
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
