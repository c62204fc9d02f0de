import type { LayoutName, Role, Sample } from '../dataset/dataset.js';

/**
 * Images of one folder and the masks that go with them by name. Names are kept, not samples: a sample is made when it is its
 * turn, so that memory holds the file names and nothing else of a large dataset.
 */
export interface SampleGroup {
  split: string;
  source: string;
  /** Folders relative to the dataset folder, '' for itself; a null folder is not there. */
  imageDir: string;
  lungDir: string | null;
  infectionDir: string | null;
  labelDir: string | null;
  /** File names in the order of the samples. */
  images: readonly string[];
  /** Names beside them, null where missing; the whole list null where the layout has no such mask. */
  lungs: readonly (string | null)[] | null;
  infections: readonly (string | null)[] | null;
  labels: readonly (string | null)[] | null;
  /** Roles that are a fault when missing, and whether the label map can't be made without them. */
  required: Partial<Record<Role, 'unlabelled' | 'fault'>>;
}

/** A file or folder that is left over, relative to the dataset folder. */
export interface Leftover {
  path: string;
  split: string;
  source: string;
}

/** What the folders hold: the pairs, and what is left over. */
export interface Discovery {
  layout: LayoutName;
  /** In the order of images.csv. */
  groups: readonly SampleGroup[];
  images: number;
  /** Masks that no image goes with. */
  orphans: readonly Leftover[];
  /** Folders of the layout that hold no image (D010), and splits without any. */
  emptyFolders: readonly Leftover[];
  /** What a user should know about the choice. */
  notes: readonly string[];
  /** Images of each split. */
  splits: Readonly<Record<string, number>>;
}

/** Joins two relative parts with `/`, either of which may be ''. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A name without its extension; a leading dot is no extension. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Which part of a discovery a run takes: a limit, then every n-th image of what is left. */
export interface Selection {
  limit: number | null;
  shard: { index: number; count: number } | null;
}

/** Number of samples that `selectSamples` yields. */
export function countSelected(discovery: Discovery, { limit, shard }: Selection): number {
  const total = Math.min(discovery.images, limit ?? Number.POSITIVE_INFINITY);
  return shard ? Math.floor((total - shard.index + shard.count) / shard.count) : total;
}

/** Images of each split in the selection. */
export function splitsSelected(discovery: Discovery, { limit, shard }: Selection): Record<string, number> {
  const { index, count } = shard ?? { index: 1, count: 1 };
  // Multiples of `count`, counted from `index`, below n.
  const below = (n: number) => Math.max(0, Math.floor((n - index + count) / count));
  const splits: Record<string, number> = {};
  let first = 0;
  for (const { split, images } of discovery.groups) {
    const end = Math.min(first + images.length, limit ?? Number.POSITIVE_INFINITY);
    const selected = end > first ? below(end) - below(first) : 0;
    if (selected > 0) splits[split] = (splits[split] ?? 0) + selected;
    first += images.length;
  }
  return splits;
}

/** The samples in the order of images.csv, made one by one. A shard keeps the positions of the whole selection. */
export function* selectSamples(discovery: Discovery, { limit, shard }: Selection): Generator<Sample> {
  const end = limit ?? Number.POSITIVE_INFINITY;
  let index = 0;
  for (const group of discovery.groups) {
    for (let i = 0; i < group.images.length; i++, index++) {
      if (index >= end) return;
      if (shard && index % shard.count !== shard.index - 1) continue;
      yield sampleAt(group, i, index);
    }
  }
}

/** The sample at a place of the whole discovery. @throws RangeError where there are fewer */
export function sampleNumber({ groups }: Discovery, index: number): Sample {
  let before = 0;
  for (const group of groups) {
    if (index < before + group.images.length) return sampleAt(group, index - before, index);
    before += group.images.length;
  }
  throw new RangeError(`image ${index} of ${before}`);
}

/** The sample of an image by its path, at its place in the whole discovery; null where there is none. */
export function findSample({ groups }: Discovery, imagePath: string): Sample | null {
  let before = 0;
  for (const group of groups) {
    const folder = joinPath(group.imageDir, '');
    const i = imagePath.startsWith(folder) ? group.images.indexOf(imagePath.slice(folder.length)) : -1;
    if (i >= 0) return sampleAt(group, i, before + i);
    before += group.images.length;
  }
  return null;
}

function sampleAt(group: SampleGroup, i: number, index: number): Sample {
  const name = group.images[i];
  const lungPath = maskPath(group.lungDir, group.lungs, i);
  const infectionPath = maskPath(group.infectionDir, group.infections, i);
  const labelPath = maskPath(group.labelDir, group.labels, i);
  let missing = NONE;
  let unlabelled = false;
  for (const [role, path] of [
    ['lung', lungPath],
    ['infection', infectionPath],
    ['label', labelPath],
  ] as const) {
    const need = path === null ? group.required[role] : undefined;
    if (need === undefined) continue;
    missing = [...missing, role];
    unlabelled ||= need === 'unlabelled';
  }
  const stem = stemOf(name);
  return {
    index,
    image: joinPath(group.imageDir, isShared(group.images, i, stem) ? name : stem),
    split: group.split,
    source: group.source,
    imagePath: joinPath(group.imageDir, name),
    lungPath,
    infectionPath,
    labelPath,
    missing,
    unlabelled,
  };
}

/**
 * `a.jpg` and `a.png` in one folder would share an id: the later one keeps its extension. Between them, in the order of names,
 * there is nothing that doesn't begin as they do (`a.b.png`).
 */
function isShared(images: readonly string[], i: number, stem: string): boolean {
  for (let before = i - 1; before >= 0 && images[before].startsWith(`${stem}.`); before--) {
    if (stemOf(images[before]) === stem) return true;
  }
  return false;
}

const NONE: readonly Role[] = [];

function maskPath(folder: string | null, names: readonly (string | null)[] | null, i: number): string | null {
  const name = names === null ? null : names[i];
  return name === null || folder === null ? null : joinPath(folder, name);
}
