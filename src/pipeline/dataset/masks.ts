import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import type { DatasetConfig } from '../requests.js';
import { type Discovery, joinPath, type Leftover, type SampleGroup } from '../stages/discover.js';
import { pairByName } from '../stages/pair.js';
import { compareText, folderNames, foldersBelow, pictureNames, splitOf } from './folders.js';

/** Far more levels than anybody sorts images into, and few enough for a walk among crossing links to end. */
const DEEPEST = 12;
const MASK_FOLDERS = ['masks', 'labels', 'annotations'];

/** A folder of images and the folder of label masks that goes with it, relative to the dataset folder. */
interface FolderPair {
  images: string;
  masks: string;
  split: string;
}

/**
 * Folders of images with their folders of label masks: `images/` and `masks/`, each with split folders inside or not, or split
 * folders that hold both. Empty where there are none.
 */
export function findFolderPairs(root: string, config: DatasetConfig): FolderPair[] {
  const images = config.images ?? 'images';
  const below = (folder: string) => {
    if (!existsSync(path.join(root, folder, images))) return null;
    const masks = config.masks ?? MASK_FOLDERS.find((name) => existsSync(path.join(root, folder, name)));
    return { images: joinPath(folder, images), masks: joinPath(folder, masks ?? 'masks') };
  };
  const top = below('');
  if (top) return [{ ...top, split: '' }];
  return folderNames(root, '').flatMap((folder) => {
    const pair = below(folder);
    // A split that is closed to the user is not absent: looking into it says so.
    if (pair === null && splitOf(folder) !== null) folderNames(root, folder);
    return pair ? [{ ...pair, split: splitOf(folder) ?? folder }] : [];
  });
}

/**
 * Reads the names of an images-and-label-masks tree.
 *
 * @param isForeign says of a folder, an absolute path, that it is none of the dataset
 */
export function discoverMasks(
  root: string,
  pairs: readonly FolderPair[],
  config: DatasetConfig,
  isForeign: (folder: string) => boolean,
): Discovery {
  const groups: SampleGroup[] = [];
  const orphans: Leftover[] = [];
  const emptyFolders: Leftover[] = [];
  const splits: Record<string, number> = {};
  const subfolders = (folder: string) => [
    '',
    ...foldersBelow(path.join(root, folder), { deepest: DEEPEST, isForeign }),
  ];
  const maskStem = (stem: string) => `${config.maskPrefix ?? ''}${stem}${config.maskSuffix ?? ''}`;
  for (const pair of pairs) {
    const inside = subfolders(pair.images);
    const masksInside = subfolders(pair.masks);
    let count = 0;
    for (const folder of [...new Set([...inside, ...masksInside])].sort((a, b) => compareText(`${a}/`, `${b}/`))) {
      const split = pair.split !== '' ? pair.split : (splitOf(folder.split('/')[0]) ?? '');
      const imageDir = folder === '' ? pair.images : joinPath(pair.images, folder);
      const labelDir = folder === '' ? pair.masks : joinPath(pair.masks, folder);
      const images = pictureNames(root, imageDir);
      const paired = pairByName(images, pictureNames(root, labelDir), maskStem);
      for (const name of paired.orphans) orphans.push({ path: joinPath(labelDir, name), split, source: '' });
      const leaf = !inside.some((other) => other !== folder && other.startsWith(folder === '' ? '' : `${folder}/`));
      if (images.length === 0 && leaf) emptyFolders.push({ path: imageDir, split, source: '' });
      if (images.length === 0) continue;
      count += images.length;
      splits[split] = (splits[split] ?? 0) + images.length;
      groups.push({
        split,
        source: '',
        imageDir,
        lungDir: null,
        infectionDir: null,
        labelDir,
        images,
        lungs: null,
        infections: null,
        labels: paired.masks,
        required: { label: 'unlabelled' },
      });
    }
    if (count === 0 && pair.split !== '') splits[pair.split] ??= 0;
  }
  groups.sort((a, b) => compareText(`${a.imageDir}/`, `${b.imageDir}/`));
  const images = groups.reduce((sum, group) => sum + group.images.length, 0);
  return { layout: 'masks', groups, images, orphans, emptyFolders, notes: [], splits };
}

/** @throws UsageError where the configuration names no classes: a label mask's values mean nothing without. */
export function requireClasses(config: DatasetConfig): void {
  if (config.classes && config.classes.length > 1) return;
  throw new UsageError(
    'the masks layout needs the classes of the label masks: put "classes": [{ "index": 0, "key": "background", "name": ' +
      '"Background" }, { "index": 1, "key": ... }] into maskaudit.config.json (or name the file with --config)',
  );
}
