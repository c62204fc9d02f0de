import fs from 'node:fs';
import path from 'node:path';
import fastGlob from 'fast-glob';
import { WorkError } from '../errors.js';
import { normaliseName } from './classes.js';

const IMAGE_FILE = /\.(png|jpe?g|tiff?|webp|gif|bmp|avif)$/i;

const SPLITS: Record<string, string> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  test: 'test',
  testing: 'test',
};

/** The split that a folder's name stands for, or null. */
export function splitOf(folder: string): string | null {
  return SPLITS[normaliseName(folder)] ?? null;
}

/** A split as a user writes it: `Train` and `training` are `train`, other names stay. */
export function normaliseSplit(name: string): string {
  return splitOf(name) ?? name;
}

/** Code-unit order: the same on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Names of the pictures in a folder, sorted; hidden files and other kinds are passed over. Empty where there is no such folder.
 * @throws WorkError where it can't be looked into: images that nobody saw must not be missing without a word
 */
export function pictureNames(root: string, folder: string): string[] {
  return look(path.join(root, folder), (inside) => fs.readdirSync(inside))
    .filter((name) => IMAGE_FILE.test(name) && !name.startsWith('.'))
    .sort(compareText);
}

/**
 * Names of the folders in a folder, sorted; links to folders are such too, hidden ones are passed over. Empty where there is no
 * such folder.
 * @throws WorkError where it can't be looked into
 */
export function folderNames(root: string, folder: string): string[] {
  return look(path.join(root, folder), folderEntries)
    .map((entry) => entry.name)
    .sort(compareText);
}

function folderEntries(folder: string): fs.Dirent[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path.join(folder, entry.name))));
}

/** Which folders a walk leaves out, and how far down it goes. */
export interface Walk {
  deepest: number;
  /** Whether to look inside a folder of this name. */
  enter?: (name: string) => boolean;
  /** Whether a folder, an absolute path, is none of the dataset. */
  isForeign: (folder: string) => boolean;
}

/**
 * Paths of the folders below `root`, relative to it, each before those inside it. Links are followed, but not back to a folder
 * that the walk lies in: a tree that holds itself would have no end, and its images would count again and again. A folder on the
 * way that is closed to the user is no reason to stop: most have nothing to do with the dataset.
 */
export function foldersBelow(root: string, { deepest, enter = () => true, isForeign }: Walk): string[] {
  // fast-glob walks; what it is shown of a folder is what the walk may go into.
  const readdirSync = ((folder: string) => {
    if (folder !== root && !enter(path.basename(folder))) return [];
    return folderEntries(folder).filter((entry) => {
      const inside = path.join(folder, entry.name);
      return !isForeign(inside) && !(entry.isSymbolicLink() && leadsBack(root, inside));
    });
  }) as unknown as typeof fs.readdirSync;
  const walk = { cwd: root, deep: deepest, onlyDirectories: true, suppressErrors: true, fs: { readdirSync } };
  return fastGlob.sync('**', walk).sort((a, b) => compareText(`${a}/`, `${b}/`));
}

/** Whether a link leads to one of the folders that the walk from `root` to it went through, or to one above those. */
function leadsBack(root: string, link: string): boolean {
  const real = realPath(link);
  if (real === null) return true;
  for (let folder = path.dirname(link); ; folder = path.dirname(folder)) {
    const way = realPath(folder);
    if (way === null || holds(real, way)) return true;
    if (folder === root) return false;
  }
}

/** Without links in it; null where nothing is there, or not any more. */
function realPath(file: string): string | null {
  try {
    return fs.realpathSync(file);
  } catch {
    return null;
  }
}

/** Whether a folder is the other one, or one of those above it. */
function holds(folder: string, other: string): boolean {
  const way = path.relative(folder, other);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function isFolder(file: string): boolean {
  // A link to itself is no folder, and no reason to stop.
  try {
    return fs.statSync(file).isDirectory();
  } catch {
    return false;
  }
}

function look<T>(folder: string, list: (folder: string) => T[]): T[] {
  try {
    return list(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new WorkError(`can't look into ${folder}: ${code === 'EACCES' ? 'no permission' : message}`, {
      cause: error,
    });
  }
}
