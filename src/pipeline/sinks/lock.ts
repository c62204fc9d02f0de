import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { UsageError } from '../errors.js';

/** How long a lock without a number is taken for one that is being made. */
const HALF_MADE_MS = 2000;

/**
 * Claims a lock file, which holds the number of the process that has it; one of a process that has ended is taken over.
 * @param taken what to say where a living process has it: `process 12`
 * @returns what gives it back
 * @throws UsageError where a living process has it, and what the file system says where it can't be written
 */
export function takeLock(file: string, taken: (owner: string) => string): () => void {
  const take = () => {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
  };
  try {
    take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = ownerOf(file);
    if (owner !== null) throw new UsageError(taken(owner));
    rmSync(file, { force: true });
    take();
  }
  return () => rmSync(file, { force: true });
}

/** Who has what a lock stands for, null where nobody has it any more. */
function ownerOf(file: string): string | null {
  const text = readFileSync(file, 'utf8');
  // Between the making of a lock and the number in it there is a moment; one that died in it is of no use for long.
  if (text === '') return Date.now() - statSync(file).mtimeMs < HALF_MADE_MS ? 'just starting' : null;
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
