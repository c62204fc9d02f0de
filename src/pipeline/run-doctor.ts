import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { checkEngine } from './doctor/check-engine.js';
import { checkFolder } from './doctor/check-folder.js';
import { checkImages } from './doctor/check-images.js';
import type { EngineCheck, Machine } from './doctor/examination.js';
import type { EngineEntry } from './engines/engine.js';
import { ENGINES } from './engines/registry.js';
import { programHome } from './engines/tensorflow/installation.js';
import { packageFacts } from './program-files.js';

/** What is here, apart from engines. `cwd`: where a run folder would be made. */
export async function examineMachine(cwd: string): Promise<Machine> {
  const needed = packageFacts().engines.node;
  const memory = process.constrainedMemory();
  const total = totalmem();
  return {
    node: { version: process.versions.node, needed, trouble: nodeTrouble(needed) },
    platform: `${process.platform} ${process.arch}`,
    threads: availableParallelism(),
    // A container may have less than the machine; where there is no limit, an absurd figure is given for it.
    memory: { totalBytes: memory > 0 && memory < total ? memory : total, availableBytes: process.availableMemory() },
    images: await checkImages(),
    folders: [checkFolder('Run folder', path.join(cwd, 'runs')), checkFolder('Cache', programHome())],
  };
}

/** Every engine on every device that it can compute on, one after the other, so that none is timed beside another. */
export async function* examineEngines(engines: readonly EngineEntry[] = ENGINES): AsyncGenerator<EngineCheck> {
  for (const entry of engines) {
    for (const device of entry.devices) yield await checkEngine(entry, device);
  }
}

/** `needed` is `>=20.19`. */
function nodeTrouble(needed: string): Machine['node']['trouble'] {
  const [major, minor] = needed.replace('>=', '').split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return null;
  return { reason: `maskaudit needs Node ${major}.${minor} or newer`, remedy: `npm install -g node@${major}` };
}
