import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { UsageError } from '../errors.js';

/**
 * Claims a lock file, which holds the number of the process that has it; one of a process that has ended is taken over.
 * @param taken what to say where a living process has it
 * @returns what gives it back
 * @throws UsageError where a living process has it, and what the file system says where it can't be written
 */
export function takeLock(file: string, taken: (owner: number) => string): () => void {
  const take = () => {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
  };
  try {
    take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(file, 'utf8'));
    if (isAlive(owner)) throw new UsageError(taken(owner));
    rmSync(file, { force: true });
    take();
  }
  return () => rmSync(file, { force: true });
}

/** Whether a process of that number runs; this one's own number is a left-over of a machine that was started anew. */
export function isAlive(owner: number): boolean {
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
