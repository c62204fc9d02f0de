import { patientReader } from '../../checks/d011-patient-leakage.js';
import { bitsSet, FEATURELESS_BITS } from '../../checks/duplicate-pairs.js';
import { firstEqualRows, wordRows } from '../../checks/hash-words.js';
import { HASH_WORDS, nearPairs } from '../../checks/near-pairs.js';
import type { DatasetSpec } from '../../dataset/dataset.js';
import { createRandom } from '../../random.js';
import type { ImageRecord } from '../../record.js';

export const SPLITS = ['train', 'val', 'test'] as const;

/** Shares of a dataset that has no three splits whose shares could be kept. */
const USUAL_SHARES = [0.7, 0.15, 0.15];

/**
 * Splits a dataset again: images of one patient, duplicates and near duplicates (as D006 to D008 and D011 see them) stay together,
 * and each split gets its share of every source and class. The splits that were published keep their sizes where there are three.
 * Memory: some 100 bytes an image.
 * @param records all of them, in the order of images.csv
 * @returns the split of each record, in the same order
 */
export function resplit(records: Iterable<ImageRecord>, dataset: DatasetSpec, seed: number): string[] {
  const patientOf = patientReader(dataset);
  const pixel = wordRows(2);
  const perceptual = wordRows(HASH_WORDS);
  const hashed = { pixel: [] as boolean[], perceptual: [] as boolean[] };
  const patients = new Map<string, number>();
  const published = new Map<string, number>();
  const strata: string[] = [];
  const groups = createGroups();
  for (const record of records) {
    const image = groups.add();
    pixel.push(record.pixelHash);
    perceptual.push(record.perceptualHash);
    hashed.pixel.push(record.pixelHash !== undefined);
    hashed.perceptual.push(record.perceptualHash !== undefined);
    const patient = patientOf(record);
    if (patient !== null) {
      const first = patients.get(patient);
      if (first === undefined) patients.set(patient, image);
      else groups.join(image, first);
    }
    published.set(record.split, (published.get(record.split) ?? 0) + 1);
    const classes = record.truth?.map((pixels, c) => (pixels > 0 ? c : '')).join(' ');
    strata.push(`${record.source}\n${classes ?? ''}`);
  }
  firstEqualRows(pixel.words(), 2, (i) => hashed.pixel[i]).forEach((first, i) => {
    if (first >= 0) groups.join(i, first);
  });
  const words = perceptual.words();
  const alike = firstEqualRows(words, HASH_WORDS, (i) => hashed.perceptual[i] && bitsSet(words, i) >= FEATURELESS_BITS);
  alike.forEach((first, i) => {
    if (first >= 0) groups.join(i, first);
  });
  const distinct = alike.filter((first, i) => first === i);
  nearPairs(words, distinct, dataset.thresholds.nearDuplicateBits, groups.join);

  const sizes = SPLITS.map((split) => published.get(split) ?? 0);
  const shares = sizes.every((size) => size > 0) ? sizes.map((size) => size / strata.length) : USUAL_SHARES;
  return deal(groups.members(), strata, shares, seed);
}

/**
 * Deals whole groups, the largest first, each to the split that lacks most of what is in it. `strata`: what of each image is to be
 * shared out evenly.
 */
function deal(groups: number[][], strata: readonly string[], shares: readonly number[], seed: number): string[] {
  const totals = new Map<string, number>();
  for (const stratum of strata) totals.set(stratum, (totals.get(stratum) ?? 0) + 1);
  const lacking = shares.map(
    (share) => new Map([...totals].map(([stratum, images]) => [stratum, share * images] as const)),
  );
  const order = createRandom(seed, 'resplit').shuffle(groups);
  order.sort((a, b) => b.length - a.length);
  const splits = new Array<string>(strata.length);
  for (const members of order) {
    const need = lacking.map((of) => members.reduce((sum, image) => sum + (of.get(strata[image]) ?? 0), 0));
    const chosen = need.indexOf(Math.max(...need));
    for (const image of members) {
      splits[image] = SPLITS[chosen];
      lacking[chosen].set(strata[image], (lacking[chosen].get(strata[image]) ?? 0) - 1);
    }
  }
  return splits;
}

/** Disjoint sets of numbers that are joined by and by (union-find with halved paths). */
function createGroups() {
  const parent: number[] = [];
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  return {
    add: (): number => parent.push(parent.length) - 1,
    join(a: number, b: number): void {
      const [first, second] = [root(a), root(b)].sort((x, y) => x - y);
      parent[second] = first;
    },
    /** Each set once, in the order of their smallest members. */
    members(): number[][] {
      const sets = new Map<number, number[]>();
      parent.forEach((_, i) => {
        const of = sets.get(root(i));
        if (of) of.push(i);
        else sets.set(root(i), [i]);
      });
      return [...sets.values()];
    },
  };
}
