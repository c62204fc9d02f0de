import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import { makeFolder } from '../sinks/files.js';
import type { Job } from './make.js';
import type { PhantomManifest, Split } from './manifest.js';
import { LEAVES, ROOT } from './plan.js';

/** Marks a folder as made here; `.part` until all that belongs to it is written. */
const MANIFEST = 'phantom.json';

/**
 * Makes the folders of a set and of its predictions.
 * @throws UsageError where there is something in them already; with `overwrite` where that is no phantom: it could be
 * somebody's data.
 */
export function makeFolders({ plan, dir, predictions }: Job, empty: readonly Split[], overwrite: boolean): void {
  const folders = predictions ? [dir, predictions.dir] : [dir];
  for (const folder of folders) checkVacant(folder, overwrite);
  for (const folder of folders) {
    makeFolder(folder);
    writeFileSync(path.join(folder, `${MANIFEST}.part`), '');
    rmSync(path.join(folder, ROOT), { recursive: true, force: true });
    rmSync(path.join(folder, MANIFEST), { force: true });
  }
  for (const split of empty) makeFolder(path.join(dir, ROOT, split));
  for (const { split, source } of plan.cells) {
    for (const leaf of Object.values(LEAVES)) makeFolder(path.join(dir, ROOT, split, source, leaf));
    if (predictions) makeFolder(path.join(predictions.dir, ROOT, split, source, LEAVES.image));
  }
}

/** Ends the work: writes the manifest under its name, into the folder of predictions too. */
export function writeManifest({ dir, predictions }: Job, manifest: PhantomManifest): void {
  for (const folder of predictions ? [predictions.dir, dir] : [dir]) {
    const file = path.join(folder, MANIFEST);
    writeFileSync(`${file}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(`${file}.part`, file);
  }
}

function checkVacant(folder: string, overwrite: boolean): void {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  if (there.length === 0) return;
  if (!overwrite) throw new UsageError(`${folder} is not empty: name a new folder, or overwrite the phantom there`);
  if (!there.includes(MANIFEST) && !there.includes(`${MANIFEST}.part`)) {
    throw new UsageError(
      `${folder} holds something else than a phantom (no ${MANIFEST}): it is not overwritten, name a new folder`,
    );
  }
}
