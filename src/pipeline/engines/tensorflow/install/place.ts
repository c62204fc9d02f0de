import { existsSync, lstatSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../../../sinks/files.js';
import { takeLock } from '../../../sinks/lock.js';
import { tensorflowFolder } from '../installation.js';
import { endTools } from './run-tool.js';

/**
 * The folder of an installation: in `dir` where that is named, else in the program's home, or where a link there leads that an
 * install with another folder has left.
 */
export function placeOf(dir: string | null): string {
  if (dir !== null) return path.join(dir, 'engines', 'tensorflow');
  const home = tensorflowFolder();
  return linkTarget(home) ?? home;
}

function linkTarget(file: string): string | null {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(file) : null;
}

/** Keeps two installs from one place. @throws UsageError where another is at work */
export function lockPlace(place: string): () => void {
  makeFolder(path.dirname(place));
  return takeLock(
    `${place}.lock`,
    (owner) => `another install (${owner}) is at work in ${path.dirname(place)}: wait for it`,
  );
}

/**
 * Removes what installs left that were killed, and ends the tools that have outlived them. Each install has a folder of its own,
 * so that nothing of an earlier one is ever in it.
 */
export function removeLeftovers(place: string): void {
  const folder = path.dirname(place);
  const ours = new RegExp(`^${path.basename(place)}\\.\\d+\\.(part|old)$`);
  for (const name of readdirSync(folder)) {
    if (!ours.test(name)) continue;
    endTools(path.join(folder, name));
    removeAll(path.join(folder, name));
  }
}

export function removeAll(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Makes the program find an installation that lies elsewhere: by a link where it looks, in place of what was there. */
export function linkTo(place: string): void {
  const home = tensorflowFolder();
  if (place === home || linkTarget(home) === place) return;
  makeFolder(path.dirname(home));
  removeAll(home);
  symlinkSync(place, home);
}

/** Removes an installation with what leads to it. @returns whether there was one */
export function removePlace(place: string): boolean {
  const there = existsSync(place);
  const old = `${place}.${process.pid}.old`;
  if (there) renameSync(place, old);
  removeAll(old);
  const home = tensorflowFolder();
  if (linkTarget(home) === place) rmSync(home);
  return there;
}
