import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { EngineInfo } from '../engines/engine.js';
import type { HybridWork } from '../engines/hybrid/estimate.js';
import { programVersion } from '../program-files.js';
import { writeFile } from './files.js';

/** run.json: how a run's figures came about. Times are the only thing in a run folder that differs between equal runs. */
export interface Manifest {
  schema: 1;
  command: string;
  argv: readonly string[];
  version: string;
  node: string;
  platform: string;
  /** Absolute paths of what was read. */
  inputs: Record<string, string | readonly string[] | null>;
  options: Record<string, unknown>;
  /** The engine and device that computed; null where none did. */
  engine: EngineInfo | null;
  /** Of a hybrid; of a resumed run what was done since. */
  work?: HybridWork;
  images: { selected: number; done: number; resumed: number };
  interrupted: boolean;
  startedAt: string;
  finishedAt: string;
  seconds: number;
  /** Files of the run, relative to its folder where they lie in it. */
  files: readonly string[];
}

/** How a run came about, as far as it is known before its files are written. */
export type RunFacts = Omit<Manifest, 'finishedAt' | 'seconds' | 'files'>;

/** What a run knows of itself, with what this program and machine are. */
export function runFacts(
  startedAt: Date,
  facts: Omit<RunFacts, 'schema' | 'version' | 'node' | 'platform' | 'startedAt'>,
): RunFacts {
  return {
    schema: 1,
    ...facts,
    version: programVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    startedAt: startedAt.toISOString(),
  };
}

/** What run.json of a folder holds; null where it is not there or can't be read. */
export function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as Manifest;
  } catch {
    return null;
  }
}

/**
 * Removes what an earlier run's run.json names, and itself: a run that starts anew in a folder has no files of another one beside
 * its own. Only files that lie in the folder itself; the rest of it is not ours.
 */
export function removeEarlierRun(folder: string): void {
  const files = readManifest(folder)?.files;
  if (!Array.isArray(files)) return;
  for (const name of ['run.json', ...files]) {
    if (name === path.basename(name)) rmSync(path.join(folder, name), { force: true });
  }
}

/** Writes run.json, the last file of a run. `files`: the others, absolute. */
export function writeManifest(folder: string, facts: RunFacts, files: readonly string[]): void {
  const finishedAt = new Date();
  const manifest: Manifest = {
    ...facts,
    finishedAt: finishedAt.toISOString(),
    seconds: (finishedAt.getTime() - Date.parse(facts.startedAt)) / 1000,
    files: files.map((file) => (file.startsWith(folder + path.sep) ? path.relative(folder, file) : file)),
  };
  writeFile(path.join(folder, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
