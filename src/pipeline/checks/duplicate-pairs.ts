import { firstEqualRows } from './hash-words.js';
import { bitCount, HASH_WORDS, nearPairs } from './near-pairs.js';

/** Perceptual hashes with fewer bits set come from pictures without structure, which all look alike. */
export const FEATURELESS_BITS = 8;

/** Hashes of n images in the order of images.csv. */
export interface ImageHashes {
  count: number;
  /** Number of each image's split. */
  split: ArrayLike<number>;
  /** Two words an image, HASH_WORDS words an image, two words an image; read only where `has...` is not 0. */
  pixel: Uint32Array;
  perceptual: Uint32Array;
  truth: Uint32Array;
  hasPixel: ArrayLike<number>;
  hasPerceptual: ArrayLike<number>;
  hasTruth: ArrayLike<number>;
}

/** A later image and its earlier partner; distance in bits of the perceptual hash, 0 where the pixels are the same. */
export interface Duplicate {
  later: number;
  earlier: number;
  distance: number;
  exact: boolean;
}

export interface Duplicates {
  /** D006: with the first image of these pixels in the same split. */
  sameSplit: Duplicate[];
  /** D007: with the first image of these pixels in another split. */
  acrossSplits: Duplicate[];
  /** D008: with the nearest, then first, image of other pixels in another split; not for images of D007. */
  near: Duplicate[];
  /** D009: with the first image of the same pixels, else the nearest, then first, whose annotation differs. */
  contradicting: Duplicate[];
}

/** Finds the duplicates among n images in about linear time; `bits` is the largest distance of near duplicates. */
export function findDuplicates(hashes: ImageHashes, bits: number): Duplicates {
  const { count, split, hasPixel, hasTruth } = hashes;
  const pixelGroup = firstEqualRows(hashes.pixel, 2, (i) => hasPixel[i] !== 0);
  const truthGroup = firstEqualRows(hashes.truth, 2, (i) => hasTruth[i] !== 0);
  const annotatedGroup = firstEqualRows(hashes.pixel, 2, (i) => hasPixel[i] !== 0 && hasTruth[i] !== 0);

  const sameSplit = firstOfSplit(pixelGroup, split);
  const across = firstUnlike(pixelGroup, split);
  const contradicting = new Partners(count);
  firstUnlike(annotatedGroup, truthGroup).forEach((earlier, later) => {
    if (earlier >= 0) contradicting.offer(later, earlier, EXACT);
  });
  const near = new Partners(count);
  visitAlike(hashes, bits, pixelGroup, truthGroup, (later, earlier, distance) => {
    const otherPixels = pixelGroup[later] < 0 || pixelGroup[later] !== pixelGroup[earlier];
    if (otherPixels && split[later] !== split[earlier] && across[later] < 0) near.offer(later, earlier, distance);
    const annotated = truthGroup[later] >= 0 && truthGroup[earlier] >= 0;
    if (annotated && truthGroup[later] !== truthGroup[earlier]) contradicting.offer(later, earlier, distance);
  });
  return {
    sameSplit: exactPairs(sameSplit),
    acrossSplits: exactPairs(across),
    near: near.list(),
    contradicting: contradicting.list(),
  };
}

/** Distance of equal pixels: nearer than any equal perceptual hash. */
const EXACT = -1;

/** The best earlier partner of each image: the nearest, of equally near ones the first. */
class Partners {
  readonly #earlier: Int32Array;
  readonly #distance: Int32Array;

  constructor(count: number) {
    this.#earlier = new Int32Array(count).fill(-1);
    this.#distance = new Int32Array(count);
  }

  offer(later: number, earlier: number, distance: number): void {
    const best = this.#earlier[later];
    const nearer = distance - this.#distance[later];
    if (best >= 0 && (nearer > 0 || (nearer === 0 && earlier >= best))) return;
    this.#earlier[later] = earlier;
    this.#distance[later] = distance;
  }

  list(): Duplicate[] {
    const found: Duplicate[] = [];
    this.#earlier.forEach((earlier, later) => {
      const distance = this.#distance[later];
      if (earlier >= 0) found.push({ later, earlier, distance: Math.max(0, distance), exact: distance === EXACT });
    });
    return found;
  }
}

function exactPairs(partners: Int32Array): Duplicate[] {
  const found: Duplicate[] = [];
  partners.forEach((earlier, later) => {
    if (earlier >= 0) found.push({ later, earlier, distance: 0, exact: true });
  });
  return found;
}

/** For each image the first image of its group in its split, or -1 where that is itself. Groups are named by their first image. */
function firstOfSplit(group: Int32Array, split: ArrayLike<number>): Int32Array {
  const keys = new Uint32Array(2 * group.length);
  for (let i = 0; i < group.length; i++) {
    keys[2 * i] = group[i];
    keys[2 * i + 1] = split[i];
  }
  return firstEqualRows(keys, 2, (i) => group[i] >= 0).map((first, i) => (first === i ? -1 : first));
}

/** For each image the first earlier image of its group whose key is another one, or -1. */
function firstUnlike(group: Int32Array, key: ArrayLike<number>): Int32Array {
  // Whoever doesn't differ from the group's first image differs first from the first that does.
  const second = new Int32Array(group.length).fill(-1);
  return group.map((first, i) => {
    if (first < 0 || first === i) return -1;
    if (key[i] === key[first]) return second[first];
    if (second[first] < 0) second[first] = i;
    return first;
  });
}

/**
 * Visits pairs with perceptual hashes within `bits`: not every pair, but for each later image the first earlier one of every
 * hash that has another split and other pixels, and the first that has another annotation.
 */
function visitAlike(
  { split, perceptual, hasPerceptual }: ImageHashes,
  bits: number,
  pixelGroup: Int32Array,
  truthGroup: Int32Array,
  visit: (later: number, earlier: number, distance: number) => void,
): void {
  const hashGroup = firstEqualRows(
    perceptual,
    HASH_WORDS,
    (i) => hasPerceptual[i] !== 0 && bitsSet(perceptual, i) >= FEATURELESS_BITS,
  );
  const distinct = hashGroup.filter((first, i) => first === i);
  const members = new Map<number, number[]>();
  hashGroup.forEach((first, i) => {
    if (first < 0 || first === i) return;
    const known = members.get(first);
    if (known === undefined) members.set(first, [first, i]);
    else known.push(i);
  });
  const membersOf = (group: number) => members.get(group) ?? [group];
  const candidates = new Map<number, number[]>();
  const candidatesOf = (group: number) => {
    let found = candidates.get(group);
    if (found === undefined) {
      found = distinguishable(membersOf(group), split, pixelGroup, truthGroup);
      candidates.set(group, found);
    }
    return found;
  };
  const match = (laterGroup: number, earlierGroup: number, distance: number) => {
    for (const later of membersOf(laterGroup)) {
      for (const earlier of candidatesOf(earlierGroup)) if (earlier < later) visit(later, earlier, distance);
    }
  };
  for (const group of members.keys()) match(group, group, 0);
  nearPairs(perceptual, distinct, bits, (a, b, distance) => {
    match(a, b, distance);
    match(b, a, distance);
  });
}

/** Those of a group that can be somebody's first partner: per split the first two of different pixels, and two annotations. */
function distinguishable(
  members: readonly number[],
  split: ArrayLike<number>,
  pixelGroup: Int32Array,
  truthGroup: Int32Array,
): number[] {
  const pixelsSeen = new Map<number, Set<number>>();
  const truthsSeen = new Set<number>();
  return members.filter((i) => {
    const pixels = pixelsSeen.get(split[i]) ?? new Set<number>();
    pixelsSeen.set(split[i], pixels);
    // An image without pixel hash is like no other: its own number, apart from the groups' by its sign.
    const isNewPicture = addNew(pixels, pixelGroup[i] < 0 ? -1 - i : pixelGroup[i]);
    const isNewTruth = truthGroup[i] >= 0 && addNew(truthsSeen, truthGroup[i]);
    return isNewPicture || isNewTruth;
  });
}

/** Adds one of the first two values; false for known and further ones. */
function addNew(seen: Set<number>, value: number): boolean {
  if (seen.size === 2 || seen.has(value)) return false;
  seen.add(value);
  return true;
}

export function bitsSet(words: Uint32Array, row: number): number {
  let bits = 0;
  for (let k = 0; k < HASH_WORDS; k++) bits += bitCount(words[row * HASH_WORDS + k]);
  return bits;
}
