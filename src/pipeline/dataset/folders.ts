import { readdirSync } from 'node:fs';
import path from 'node:path';
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

/** Names of the pictures in a folder, sorted; hidden files and other kinds are passed over. Empty where there is no such folder. */
export function pictureNames(root: string, folder: string): string[] {
  return listing(path.join(root, folder))
    .filter((name) => IMAGE_FILE.test(name) && !name.startsWith('.'))
    .sort(compareText);
}

/** Names of the folders in a folder, sorted; hidden ones are passed over. */
export function folderNames(root: string, folder: string): string[] {
  try {
    return readdirSync(path.join(root, folder), { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort(compareText);
  } catch {
    return [];
  }
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
