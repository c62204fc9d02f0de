import path from 'node:path';
import { UsageError } from '../errors.js';
import { type Discovery, joinPath, type Leftover, type SampleGroup } from '../stages/discover.js';
import { pairByName } from '../stages/pair.js';
import { normaliseName } from './classes.js';
import type { NonCovid, Subset } from './dataset.js';
import { compareText, folderNames, foldersBelow, pictureNames, splitOf } from './folders.js';

/** The three sources by the normalised name of their folder. */
const SOURCES: Record<string, string> = {
  covid19: 'COVID-19',
  covid: 'COVID-19',
  noncovid: 'Non-COVID',
  noncovid19: 'Non-COVID',
  normal: 'Normal',
};
const LEAVES: Record<string, 'image' | 'lung' | 'infection'> = {
  images: 'image',
  image: 'image',
  lungmasks: 'lung',
  lungmask: 'lung',
  infectionmasks: 'infection',
  infectionmask: 'infection',
};

/** A `{split}/{source}` folder with the folders of its pictures. */
interface SourceFolder {
  path: string;
  split: string;
  source: string;
  leaves: Partial<Record<'image' | 'lung' | 'infection', string>>;
  subset: Subset;
}

/** The zip doubles its folders; those who unpack it add one or two of their own. */
const DEEPEST = 7;

/**
 * The `{split}/{source}` folders below a folder, in order of their path; empty where this is no COVID-QU-Ex.
 *
 * @param isForeign says of a folder, an absolute path, that it is none of the dataset
 */
export function findSourceFolders(root: string, isForeign: (folder: string) => boolean): SourceFolder[] {
  // Leaves hold thousands of files and no folder that matters: they are not walked into.
  const enter = (name: string) => LEAVES[normaliseName(name)] === undefined && name !== 'node_modules';
  const folders = foldersBelow(root, { deepest: DEEPEST, enter, isForeign });
  // The named folder may itself be a split or a source.
  const found: SourceFolder[] = [];
  for (const folder of ['', ...folders]) {
    const names =
      folder === ''
        ? path.resolve(root).split(path.sep)
        : [...path.resolve(root).split(path.sep), ...folder.split('/')];
    const source = SOURCES[normaliseName(names.at(-1) ?? '')];
    if (source === undefined) continue;
    const leaves: SourceFolder['leaves'] = {};
    for (const name of folderNames(root, folder)) {
      const role = LEAVES[normaliseName(name)];
      if (role !== undefined) leaves[role] ??= joinPath(folder, name);
    }
    const split = splitOf(names.at(-2) ?? '') ?? '';
    // A folder that merely bears a source's name (the dataset's own, say) is none; inside a split it is one, though empty.
    if (Object.keys(leaves).length === 0 && (split === '' || folder === '')) continue;
    found.push({ path: folder, split, source, leaves, subset: subsetOf(folder, leaves.infection !== undefined) });
  }
  return settleSubsets(found).sort((a, b) =>
    compareText(`${a.leaves.image ?? a.path}/`, `${b.leaves.image ?? b.path}/`),
  );
}

/** By the name of a folder above it, else by whether infection masks are there. */
function subsetOf(folder: string, infectionMasks: boolean): Subset {
  for (const name of folder.split('/')) {
    const normal = normaliseName(name);
    if (normal.startsWith('lungsegmentation')) return 'lung';
    if (normal.startsWith('infectionsegmentation')) return 'infection';
  }
  return infectionMasks ? 'infection' : 'lung';
}

/** Folders of one root belong together: where one source has infection masks, its neighbours without are of that subset too. */
function settleSubsets(folders: SourceFolder[]): SourceFolder[] {
  const rootOf = (folder: SourceFolder) => path.posix.dirname(path.posix.dirname(folder.path));
  const infected = new Set(folders.filter((folder) => folder.subset === 'infection').map(rootOf));
  return folders.map((folder) =>
    folder.subset === 'lung' && !/lung.?segmentation/i.test(folder.path) && infected.has(rootOf(folder))
      ? { ...folder, subset: 'infection' as const }
      : folder,
  );
}

/** Reads the names of a COVID-QU-Ex tree. @throws UsageError where the wished subset is not there. */
export function discoverCovidQuEx(
  root: string,
  folders: readonly SourceFolder[],
  wished: Subset | null,
  nonCovid: NonCovid,
): { discovery: Discovery; subset: Subset } {
  const there = new Set(folders.map((folder) => folder.subset));
  const subset = wished ?? (there.has('infection') ? 'infection' : 'lung');
  if (subset === 'infection' && !there.has('infection')) {
    throw new UsageError(`no infection masks below ${root}: only the lung subset is there (--subset lung)`);
  }
  const notes: string[] = [];
  if (wished === null && there.size === 2) {
    notes.push('the infection subset is audited; the lung subset beside it needs --subset lung');
  }
  // The lungs can be read from the infection set too, where no lung set lies beside it.
  const chosen = folders.filter((folder) => folder.subset === subset || !there.has(subset));

  const groups: SampleGroup[] = [];
  const orphans: Leftover[] = [];
  const emptyFolders: Leftover[] = [];
  const splits: Record<string, number> = {};
  for (const { path: folder, split, source, leaves } of chosen) {
    const at = { split, source };
    const images = leaves.image === undefined ? [] : pictureNames(root, leaves.image);
    if (images.length === 0) emptyFolders.push({ path: leaves.image ?? folder, ...at });
    const masks = (role: 'lung' | 'infection') => {
      const leaf = leaves[role];
      if (leaf === undefined) return { names: images.map(() => null), any: false };
      const pairs = pairByName(images, pictureNames(root, leaf));
      for (const name of pairs.orphans) orphans.push({ path: joinPath(leaf, name), ...at });
      return { names: pairs.masks, any: pairs.masks.some((name) => name !== null) };
    };
    const lungs = masks('lung');
    const infections = subset === 'infection' ? masks('infection') : null;
    groups.push({
      ...at,
      imageDir: leaves.image ?? folder,
      lungDir: leaves.lung ?? null,
      infectionDir: infections ? (leaves.infection ?? null) : null,
      labelDir: null,
      images,
      lungs: lungs.names,
      infections: infections?.names ?? null,
      labels: null,
      required: {
        lung: 'unlabelled',
        infection: infections ? infectionNeed(source, nonCovid, infections.any) : undefined,
      },
    });
    splits[split] = (splits[split] ?? 0) + images.length;
  }
  const images = groups.reduce((sum, group) => sum + group.images.length, 0);
  for (const folder of splitFoldersWithout(root, chosen)) {
    emptyFolders.push(folder);
    splits[folder.split] ??= 0;
  }
  for (const [split, count] of Object.entries(splits)) {
    if (count > 0) continue;
    const folder = chosen.find((candidate) => candidate.split === split)?.path;
    if (folder !== undefined) emptyFolders.push({ path: path.posix.dirname(folder), split, source: '' });
  }
  return { discovery: { layout: 'covid-qu-ex', groups, images, orphans, emptyFolders, notes, splits }, subset };
}

/** Split folders beside those of the chosen sources that hold no source folder at all. */
function splitFoldersWithout(root: string, chosen: readonly SourceFolder[]): Leftover[] {
  const parents = new Set(
    chosen
      .map((folder) => folder.path.split('/'))
      .flatMap((parts) => (parts.length < 2 ? [] : [parts.slice(0, -2).join('/')])),
  );
  return [...parents].flatMap((parent) =>
    folderNames(root, parent).flatMap((name) => {
      const split = splitOf(name);
      const folder = joinPath(parent, name);
      if (split === null || chosen.some((candidate) => candidate.path.startsWith(`${folder}/`))) return [];
      // One that is closed to the user is not empty: looking into it says so.
      folderNames(root, folder);
      return [{ path: folder, split, source: '' }];
    }),
  );
}

/**
 * What a missing infection mask means. COVID-19: the label map can't be made. Non-COVID: nothing, its lungs are its label unless
 * the masks are asked for. Normal: the source says that there is none to see, but one that its neighbours have was lost.
 */
function infectionNeed(source: string, nonCovid: NonCovid, anyThere: boolean): 'unlabelled' | 'fault' | undefined {
  if (source === 'COVID-19') return 'unlabelled';
  if (source === 'Non-COVID') return nonCovid === 'mask' ? 'unlabelled' : undefined;
  return anyThere ? 'fault' : undefined;
}
