import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';

/** `2026-11-24T00-15-30` in local time: sorts by time, and is a file name everywhere. */
export function timeName(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${day}T${two(now.getHours())}-${two(now.getMinutes())}-${two(now.getSeconds())}`;
}

/** A run folder that is this run's alone. */
export interface ReservedFolder {
  path: string;
  /** Removes it, and `runs` above it, where nothing was written there. */
  release(): void;
}

/**
 * The run folder where none was named: `runs/<command>-<time>` in `folder`, with a number behind it where that is taken. Making
 * it is what takes it, so two runs that start in the same second get two folders. A place that can't be written to is left to
 * the run, which looks at the dataset first: that is the more useful complaint.
 */
export function reserveRunFolder(command: string, folder: string, now = new Date()): ReservedFolder {
  const runs = path.join(folder, 'runs');
  const first = path.join(runs, `${command}-${timeName(now)}`);
  try {
    make(runs);
    for (let n = 1; ; n++) {
      const free = n === 1 ? first : `${first}-${n}`;
      if (make(free)) return { path: free, release: () => [free, runs].forEach(removeEmpty) };
    }
  } catch {
    return { path: first, release: () => {} };
  }
}

/** False where it is there already. */
function make(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something, which is as it should be.
  }
}
