import { mixWord } from './hash-words.js';

/** Bits and 32-bit words of a perceptual hash. */
export const HASH_BITS = 256;
export const HASH_WORDS = HASH_BITS / 32;

/** What sorting one hash into the groups of one band costs, in comparisons of two hashes (measured, roughly). */
const SORTING_COST = 8;

/**
 * Visits every pair of hashes that differ in at most `maxDistance` bits, at least once, in no particular order.
 *
 * Multi-index hashing (Norouzi, Punjani, Fleet, 2012, "Fast search in Hamming space with multi-index hashing"): the bits are
 * dealt to maxDistance + 1 bands, so two hashes within the distance agree in all bits of at least one band, and only hashes that
 * agree in a band are compared. A group of hashes that agree in a band is divided in the same way by the bits outside of it,
 * where that costs less than comparing all its pairs: pictures that all look alike stay cheap, and nothing is missed.
 *
 * @param words HASH_WORDS words per hash. @param items Rows of the hashes to compare, all different from each other.
 */
export function nearPairs(
  words: Uint32Array,
  items: Int32Array,
  maxDistance: number,
  visit: (a: number, b: number, distance: number) => void,
): void {
  const bands = maxDistance + 1;
  /** Groups of fewer hashes are cheaper to compare than to sort, however few pairs that leaves. */
  const smallGroup = 2 * SORTING_COST * bands;
  divide(items, new Uint32Array(HASH_WORDS));

  function divide(group: Int32Array, used: Uint32Array): void {
    const masks = group.length <= smallGroup ? [] : dealBits(used, bands);
    const sorted = masks.length === 0 ? null : sortByBands(words, group, masks);
    const cost = sorted === null ? 0 : sorted.pairs + SORTING_COST * bands * group.length;
    if (sorted === null || cost > pairsOf(group.length)) {
      compareAll(group, 0, group.length);
      return;
    }
    for (let band = 0; band < bands; band++) {
      const { order, starts } = groupBySlots(group, sorted, band);
      for (let g = 0; g + 1 < starts.length; g++) {
        const size = starts[g + 1] - starts[g];
        if (size <= smallGroup) compareAll(order, starts[g], starts[g + 1]);
        else divide(order.subarray(starts[g], starts[g + 1]), union(used, masks[band]));
      }
    }
  }

  function compareAll(group: Int32Array, start: number, end: number): void {
    for (let i = start + 1; i < end; i++) {
      for (let j = start; j < i; j++) {
        const distance = hammingDistance(words, group[i], group[j], maxDistance);
        if (distance <= maxDistance) visit(group[i], group[j], distance);
      }
    }
  }
}

/** Bits in which two hashes differ; any number above `limit` where they are more. */
export function hammingDistance(words: Uint32Array, a: number, b: number, limit = HASH_BITS): number {
  let distance = 0;
  for (let k = 0; k < HASH_WORDS && distance <= limit; k++) {
    distance += bitCount(words[a * HASH_WORDS + k] ^ words[b * HASH_WORDS + k]);
  }
  return distance;
}

/** Bits that are set in a 32-bit word. */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Deals the bits that are not in `used` to bands in turn, as masks; none where there are fewer bits than bands. */
function dealBits(used: Uint32Array, bands: number): Uint32Array[] {
  const free: number[] = [];
  for (let bit = 0; bit < HASH_BITS; bit++) if (((used[bit >>> 5] >>> (bit & 31)) & 1) === 0) free.push(bit);
  if (free.length < bands) return [];
  const masks = Array.from({ length: bands }, () => new Uint32Array(HASH_WORDS));
  free.forEach((bit, k) => {
    masks[k % bands][bit >>> 5] |= 1 << (bit & 31);
  });
  return masks;
}

function union(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((word, k) => word | b[k]);
}

/**
 * The slot of each hash in each band: hashes that agree in a band share its slot (some that don't may, too). Band b's slots stand
 * at b * n to (b + 1) * n - 1, in the order of the group; `pairs` is how many pairs share a slot.
 */
interface SortedBands {
  slots: Int32Array;
  slotCount: number;
  pairs: number;
}

function sortByBands(words: Uint32Array, group: Int32Array, masks: readonly Uint32Array[]): SortedBands {
  const n = group.length;
  const slotCount = 2 ** Math.ceil(Math.log2(n));
  const slots = new Int32Array(masks.length * n);
  let pairs = 0;
  masks.forEach(([m0, m1, m2, m3, m4, m5, m6, m7], band) => {
    const counts = new Int32Array(slotCount);
    for (let i = 0; i < n; i++) {
      const w = group[i] * HASH_WORDS;
      let key = mixWord(words[w] & m0, words[w + 1] & m1);
      key = mixWord(key, words[w + 2] & m2);
      key = mixWord(key, words[w + 3] & m3);
      key = mixWord(key, words[w + 4] & m4);
      key = mixWord(key, words[w + 5] & m5);
      key = mixWord(key, words[w + 6] & m6);
      key = mixWord(key, words[w + 7] & m7);
      const slot = key & (slotCount - 1);
      slots[band * n + i] = slot;
      pairs += counts[slot]++;
    }
  });
  return { slots, slotCount, pairs };
}

/** The group in the order of one band's slots: slot g holds order[starts[g]] to order[starts[g + 1] - 1]. */
function groupBySlots(group: Int32Array, { slots, slotCount }: SortedBands, band: number) {
  const n = group.length;
  const starts = new Int32Array(slotCount + 1);
  for (let i = 0; i < n; i++) starts[slots[band * n + i] + 1]++;
  for (let g = 0; g < slotCount; g++) starts[g + 1] += starts[g];
  const next = starts.slice();
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[next[slots[band * n + i]]++] = group[i];
  return { order, starts };
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}
