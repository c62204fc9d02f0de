import { existsSync, mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { FolderCheck } from './examination.js';

/** Whether a folder, or the one above it that is there, takes a new folder; it is removed again. */
export function checkFolder(purpose: string, folder: string): FolderCheck {
  const there = nearest(folder);
  try {
    rmdirSync(mkdtempSync(path.join(there, '.maskaudit-doctor-')));
    const { bavail, bsize } = statfsSync(there);
    return { purpose, folder, freeBytes: bavail * bsize, trouble: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = `${there} can't be written to (${code ?? (error as Error).message})`;
    return { purpose, folder, freeBytes: null, trouble: { reason, remedy: null } };
  }
}

function nearest(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : nearest(path.dirname(folder));
}
