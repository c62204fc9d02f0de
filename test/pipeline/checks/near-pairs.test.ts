import { describe, expect, it } from 'vitest';
import { firstEqualRows, wordRows } from '../../../src/pipeline/checks/hash-words.js';
import { bitCount, HASH_WORDS, hammingDistance, nearPairs } from '../../../src/pipeline/checks/near-pairs.js';
import { type Random, seeded } from '../../oracle/random.js';

/** Ones in the binary digits of 0..65535, counted in the text. */
const ONES = Uint8Array.from({ length: 65_536 }, (_, half) => half.toString(2).replaceAll('0', '').length);

function ones(word: number): number {
  return ONES[word & 65_535] + ONES[word >>> 16];
}

/** Hashes whose bits are 1 with probability `p`, some of them another's with up to `flips` bits changed. */
function hashes(random: Random, count: number, flips: number, p = 0.5): Uint32Array {
  const words = new Uint32Array(count * HASH_WORDS);
  for (let i = 0; i < count; i++) {
    const at = i * HASH_WORDS;
    if (i > 0 && random.chance(0.3)) {
      const origin = random.below(i) * HASH_WORDS;
      words.copyWithin(at, origin, origin + HASH_WORDS);
      for (let k = random.below(flips + 1); k > 0; k--) words[at + random.below(HASH_WORDS)] ^= 1 << random.below(32);
      continue;
    }
    for (let k = 0; k < HASH_WORDS; k++) {
      for (let bit = 0; bit < 32; bit++) if (random.chance(p)) words[at + k] |= 1 << bit;
    }
  }
  return words;
}

function bruteForce(words: Uint32Array, limit: number): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let a = 0; a < words.length / HASH_WORDS; a++) {
    for (let b = 0; b < a; b++) {
      let distance = 0;
      for (let k = 0; k < HASH_WORDS; k++) distance += ones(words[a * HASH_WORDS + k] ^ words[b * HASH_WORDS + k]);
      if (distance <= limit) pairs.set(`${b} ${a}`, distance);
    }
  }
  return pairs;
}

function search(words: Uint32Array, limit: number): Map<string, number> {
  const pairs = new Map<string, number>();
  const items = Int32Array.from({ length: words.length / HASH_WORDS }, (_, i) => i);
  nearPairs(words, items, limit, (a, b, distance) => pairs.set(`${Math.min(a, b)} ${Math.max(a, b)}`, distance));
  return pairs;
}

const sorted = (pairs: Map<string, number>) => [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));

describe('nearPairs', () => {
  it.each([0, 1, 5, 10, 20])('finds exactly what comparing all pairs finds, within %i bits', (limit) => {
    const random = seeded(limit + 1);
    for (let round = 0; round < 4; round++) {
      const words = hashes(random, 300, limit + 4);
      const expected = bruteForce(words, limit);
      expect(expected.size).toBeGreaterThan(3);
      expect(sorted(search(words, limit))).toEqual(sorted(expected));
    }
  });

  it('misses nothing where groups are so alike that they are divided again', () => {
    const random = seeded(99);
    // Bits that are nearly always 0, so hundreds of hashes agree in a whole band.
    const words = hashes(random, 1200, 12, 0.06);
    expect(sorted(search(words, 10))).toEqual(sorted(bruteForce(words, 10)));
  });

  it('takes more bands than bits, no hashes and one hash', () => {
    const words = hashes(seeded(5), 70, 4);
    expect(search(words, 256).size).toBe((70 * 69) / 2);
    expect(search(new Uint32Array(0), 10).size).toBe(0);
    expect(search(words.subarray(0, HASH_WORDS), 10).size).toBe(0);
  });

  it('compares few of many pairs', () => {
    // Not a timing: 20,000 random hashes have 200 million pairs, and none may be visited that isn't near.
    const random = seeded(3);
    const words = Uint32Array.from({ length: 20_000 * HASH_WORDS }, () => random.below(2 ** 32));
    expect(search(words, 10).size).toBe(0);
  });
});

describe('bits', () => {
  it('counts them and stops at the limit', () => {
    const random = seeded(7);
    for (let k = 0; k < 200; k++) {
      const word = random.below(2 ** 32);
      expect(bitCount(word)).toBe(ones(word));
    }
    const words = new Uint32Array(2 * HASH_WORDS).fill(0xffffffff, HASH_WORDS);
    expect(hammingDistance(words, 0, 1)).toBe(256);
    expect(hammingDistance(words, 0, 1, 10)).toBeGreaterThan(10);
  });
});

describe('wordRows and firstEqualRows', () => {
  it('reads hexadecimal digits of either case, and absent ones as zeros', () => {
    const rows = wordRows(2);
    rows.push('0123456789abcdef');
    rows.push('0123456789ABCDEF');
    rows.push(undefined);
    expect([...rows.words()]).toEqual([0x01234567, 0x89abcdef, 0x01234567, 0x89abcdef, 0, 0]);
  });

  it('names groups by their first row, over many rows and growth', () => {
    const random = seeded(11);
    const rows = wordRows(2);
    const keys = Array.from({ length: 3000 }, () => random.below(900).toString(16).padStart(16, '0'));
    for (const key of keys) rows.push(key);
    const taken = keys.map(() => random.chance(0.8));
    const first = firstEqualRows(rows.words(), 2, (i) => taken[i]);
    const known = new Map<string, number>();
    keys.forEach((key, i) => {
      if (taken[i] && !known.has(key)) known.set(key, i);
      expect(first[i]).toBe(taken[i] ? known.get(key) : -1);
    });
  });
});
