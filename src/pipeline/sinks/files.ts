import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { UsageError, WorkError } from '../errors.js';

/** What a file is called until it is whole. */
export const PART = '.part';

/** A file that is written piece by piece beside its name, and gets the name when it is whole. */
export interface GrowingFile {
  /** Text, or UTF-8. */
  write(text: string | Uint8Array): void;
  /** Closes it and gives it its name. `flush`: once it is on the disk, so that a power cut leaves it or its predecessor. */
  finish(options?: { flush: boolean }): void;
  /** Closes and removes what is there. Harmless after `finish`. */
  discard(): void;
}

const FLUSH_AT = 1 << 18;

/** @throws WorkError where the disk is full or the folder not writable, naming the file. */
export function createFile(file: string): GrowingFile {
  const part = file + PART;
  let pending = '';
  let descriptor: number | null = guard(file, () => {
    makeFolder(path.dirname(file));
    return openSync(part, 'w');
  });
  const flush = () => {
    if (descriptor === null || pending === '') return;
    writeWhole(descriptor, pending);
    pending = '';
  };
  return {
    write(text) {
      if (typeof text === 'string') pending += text;
      if (typeof text !== 'string' || pending.length >= FLUSH_AT) guard(file, flush);
      if (typeof text !== 'string' && descriptor !== null) guard(file, () => writeWhole(descriptor!, text));
    },
    finish(options) {
      guard(file, () => {
        flush();
        if (descriptor !== null && options?.flush) fsyncSync(descriptor);
        if (descriptor !== null) closeSync(descriptor);
        descriptor = null;
        renameSync(part, file);
      });
    },
    discard() {
      if (descriptor === null) return;
      closeSync(descriptor);
      descriptor = null;
      rmSync(part, { force: true });
    },
  };
}

/**
 * Makes a folder and those above it. Not by Node's own `recursive`, which never returns where a file system refuses names without
 * a word (`/proc`): it takes the refusal for a missing parent and tries again.
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
}

/** Writes a small file whole or not at all. @throws WorkError */
export function writeFile(file: string, text: string): void {
  const growing = createFile(file);
  try {
    growing.write(text);
    growing.finish();
  } finally {
    growing.discard();
  }
}

/** Gives a folder that is whole its name; the one that had it goes. */
export function exchangeFolder(part: string, folder: string): void {
  const old = `${folder}.${process.pid}.old`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(part, folder);
  rmSync(old, { recursive: true, force: true });
}

/** writeSync may take a part of the bytes only: on a full disk it does so before it fails. */
export function writeWhole(descriptor: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  let at = 0;
  while (at < bytes.length) at += writeSync(descriptor, bytes, at);
}

/** Runs a step of writing and turns the system's refusal into words with the file and a remedy. */
export function guard<T>(file: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof UsageError) throw error;
    throw new WorkError(`can't write ${file}: ${REMEDIES[code ?? ''] ?? message}`, { cause: error });
  }
}

const REMEDIES: Record<string, string> = {
  ENOSPC: 'the disk is full; free some room and go on with --resume',
  EDQUOT: 'the disk quota is used up; free some room and go on with --resume',
  EACCES: 'permission denied; choose another folder with --out',
  EPERM: 'not permitted; choose another folder with --out',
  EROFS: 'the disk is read-only; choose another folder with --out',
  ENOENT: 'the folder can not be made there; choose another with --out',
  ENOTDIR: 'a part of its path is a file; choose another folder with --out',
  EISDIR: 'a folder has that name; choose another with --out',
};
