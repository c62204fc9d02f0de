import path from 'node:path';
import type { EngineInfo } from '../engines/engine.js';
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
  images: { selected: number; done: number; resumed: number };
  interrupted: boolean;
  startedAt: string;
  finishedAt: string;
  seconds: number;
  /** Files of the run, relative to its folder where they lie in it. */
  files: readonly string[];
}

export function writeManifest(
  folder: string,
  startedAt: Date,
  facts: Omit<Manifest, 'schema' | 'version' | 'node' | 'platform' | 'startedAt' | 'finishedAt' | 'seconds'>,
): void {
  const finishedAt = new Date();
  const manifest: Manifest = {
    schema: 1,
    ...facts,
    version: programVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    files: facts.files.map((file) => (file.startsWith(folder + path.sep) ? path.relative(folder, file) : file)),
  };
  writeFile(path.join(folder, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
