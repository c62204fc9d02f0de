import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/pipeline/random.js';

const many = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe('createRandom', () => {
  it('gives the same numbers for the same seeds, by their text', () => {
    const [a, b, c] = [createRandom(7, 'x'), createRandom('7', 'x'), createRandom(7, 'y')];
    const first = many(20, a.bits);
    expect(many(20, b.bits)).toEqual(first);
    expect(many(20, c.bits)).not.toEqual(first);
    expect(many(3, createRandom('ab', 'c').bits)).not.toEqual(many(3, createRandom('a', 'bc').bits));
  });

  it('gives what it gave when it was written, so that seeds keep their meaning', () => {
    expect(many(4, createRandom(1).bits)).toEqual(PINNED);
  });

  it('draws uniform numbers: 16 bins of 16,000 draws, chi-square below the 99.99 % point of 15 degrees (44.3)', () => {
    for (const seed of [1, 2, 3]) {
      const { uniform } = createRandom(seed);
      const bins = new Array<number>(16).fill(0);
      for (const x of many(16_000, uniform)) bins[Math.floor(x * 16)]++;
      expect(bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(44.3);
    }
  });

  it('draws whole numbers from low to high, high excluded', () => {
    const { integer } = createRandom(3);
    expect(new Set(many(300, () => integer(-2, 3)))).toEqual(new Set([-2, -1, 0, 1, 2]));
  });

  it('draws normal numbers of the given mean and deviation', () => {
    const { normal } = createRandom(4);
    const values = many(20_000, () => normal(5, 2));
    const m = mean(values);
    expect(Math.abs(m - 5)).toBeLessThan(0.06);
    expect(Math.abs(mean(values.map((x) => (x - m) ** 2)) - 4)).toBeLessThan(0.2);
    expect(values.filter((x) => Math.abs(x - 5) > 4).length / 20_000).toBeCloseTo(0.0455, 2);
  });

  it('takes chances of 0 never and of 1 always', () => {
    const { chance } = createRandom(5);
    expect(many(1000, () => chance(0))).not.toContain(true);
    expect(many(1000, () => chance(1))).not.toContain(false);
  });

  it('shuffles into every order about as often: 6 orders of 3, chi-square below the 99.99 % point of 5 degrees (25.7)', () => {
    const { shuffle } = createRandom(6);
    const seen = new Map<string, number>();
    for (const order of many(6000, () => shuffle(['a', 'b', 'c']).join('')))
      seen.set(order, (seen.get(order) ?? 0) + 1);
    expect(seen.size).toBe(6);
    expect([...seen.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(25.7);
  });
});

/**
 * From sfc32 as PractRand has it (PractRand/src/RNGs/sfc.cpp), written in Python with whole numbers modulo 2^32, 12
 * draws dropped.
 */
const PINNED = [-1_959_247_419, -517_082_540, 1_069_924_447, 237_428_469];
