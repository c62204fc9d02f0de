import { readdirSync, statSync } from 'node:fs';
import type { ClassSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';
import type { PredictionFolder } from '../measuring/prediction.js';
import type { DatasetConfig } from '../requests.js';
import { type Discovery, stemOf } from './discover.js';

/**
 * Sees how a folder of predictions is laid out: `<image>.png` in folders as the images', `<stem>.png` flat, and either of them
 * below a folder for each class.
 * @throws UsageError where the folder is not there or holds nothing that could be a prediction.
 */
export function openPredictions(
  root: string,
  classes: readonly ClassSpec[],
  discovery: Discovery,
  config: DatasetConfig,
): PredictionFolder {
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`no such folder of predictions: ${root}`);
  }
  const imageFolders = new Set(discovery.groups.map((group) => group.imageDir.split('/')[0]));
  const top = look(root);
  const classFolders = classes
    .filter(({ index, key }) => index > 0 && top.folders.includes(key) && !imageFolders.has(key))
    .map(({ key }) => key);
  const levels = classFolders.length === 0 ? [top] : classFolders.map((key) => look(`${root}/${key}`));
  const nested = levels.some(({ folders }) => folders.length > 0);
  const flat = levels.some(({ pngs }) => pngs);
  if (!nested && !flat) {
    throw new UsageError(
      `no prediction found in ${root}: <image>.png, <file stem>.png or <class key>/... is looked for`,
    );
  }
  return {
    root,
    classFolders,
    nested: nested || imageFolders.has(''),
    flat,
    prefix: config.predictionPrefix ?? '',
    suffix: config.predictionSuffix ?? '',
  };
}

function look(folder: string): { folders: string[]; pngs: boolean } {
  const entries = readdirSync(folder, { withFileTypes: true });
  return {
    folders: entries.filter((entry) => !entry.isFile()).map((entry) => entry.name),
    pngs: entries.some((entry) => /\.png$/i.test(entry.name)),
  };
}

/** Stems that name more than one image of the dataset: a flat prediction would be anybody's. */
export function repeatedStems(discovery: Discovery): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const group of discovery.groups) {
    for (const name of group.images) {
      const stem = stemOf(name);
      if (seen.has(stem)) repeated.add(stem);
      else seen.add(stem);
    }
  }
  return repeated;
}
