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

/**
 * What to set where no file of a flat folder has an image's name, and all those looked at have the same text around one; else null.
 */
export function affixHint(folder: PredictionFolder, discovery: Discovery): string | null {
  if (!folder.flat || folder.classFolders.length > 0 || folder.prefix + folder.suffix !== '') return null;
  const names = readdirSync(folder.root).filter((name) => /\.png$/i.test(name));
  const stems = new Set(discovery.groups.flatMap((group) => group.images.map(stemOf)));
  if (names.some((name) => stems.has(stemOf(name)))) return null;
  // The longest of the images' names in a file's name: `7` is in `17_pred` too.
  const affixes = names.slice(0, 20).map((name) => {
    const text = stemOf(name);
    const inside = [...stems].filter((stem) => text.includes(stem)).sort((a, b) => b.length - a.length)[0];
    if (inside === undefined) return null;
    const at = text.indexOf(inside);
    return { prefix: text.slice(0, at), suffix: text.slice(at + inside.length) };
  });
  const [first] = affixes;
  if (!first || affixes.some((other) => other?.prefix !== first.prefix || other.suffix !== first.suffix)) return null;
  const settings = [
    first.prefix && `"predictionPrefix": ${JSON.stringify(first.prefix)}`,
    first.suffix && `"predictionSuffix": ${JSON.stringify(first.suffix)}`,
  ].filter(Boolean);
  return `no prediction has an image's name; ${settings.join(', ')} in maskaudit.config.json would pair ${names[0]} and the like`;
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
