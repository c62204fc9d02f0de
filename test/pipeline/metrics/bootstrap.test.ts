import { describe, expect, it } from 'vitest';
import { type BootstrapImages, bootstrapPooledIou } from '../../../src/pipeline/metrics/bootstrap.js';
import { poissonTable } from '../../../src/pipeline/metrics/poisson-table.js';
import { quantile } from '../../../src/pipeline/metrics/quantile.js';
import { createRandom } from '../../../src/pipeline/random.js';

/**
 * Images whose class 0 has a union of 1 pixel and is right in the first `right`: pooled IoU is the share of right
 * images drawn.
 */
function rightOrWrong(length: number, right: number, cells = 1): BootstrapImages {
  return {
    length,
    classCount: 1,
    cells: Array.from({ length }, (_, i) => i % cells),
    counts: Array.from({ length }, (_, i) => [i < right ? 1 : 0, 1]).flat(),
  };
}

/** Bootstrap as its definition has it. */
function plainBootstrap(
  { length, classCount, counts }: BootstrapImages,
  members: number[],
  c: number,
  resamples: number,
) {
  const random = createRandom('an independent stream', length, c);
  const scores: number[] = [];
  for (let r = 0; r < resamples; r++) {
    let tp = 0;
    let union = 0;
    for (let d = 0; d < members.length; d++) {
      const image = members[random.integer(0, members.length)];
      tp += counts[2 * (image * classCount + c)];
      union += counts[2 * (image * classCount + c) + 1];
    }
    if (union > 0) scores.push(tp / union);
  }
  scores.sort((a, b) => a - b);
  return [quantile(scores, 0.025)!, quantile(scores, 0.975)!];
}

describe('bootstrapPooledIou', () => {
  // The share of right images in a resample is Binomial(n, right / n) / n, so its percentiles are known:
  // scipy 1.17.1: scipy.stats.binom.ppf([0.025, 0.975], n, right / n). n is of every size modulo the block of 16.
  it.each([
    [400, 120, 102, 138],
    [37, 10, 5, 15],
    [250, 125, 110, 140],
    [113, 11, 5, 18],
  ])('of %i images, %i of them right, has the percentiles of the binomial', (length, right, low, high) => {
    const [[interval]] = bootstrapPooledIou(rightOrWrong(length, right, 3), [[0, 1, 2]], {
      seed: 3,
      resamples: 20_001,
    });
    expect(Math.abs(interval![0] * length - low)).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.abs(interval![1] * length - high)).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('draws exactly as many images as the group has', () => {
    // Of 41 resamples the percentiles are the second and the last but one, without interpolation: shares of whole
    // numbers of images.
    for (const length of [1, 2, 3, 9, 10, 17, 64, 101, 257]) {
      const sizes = [length, Math.ceil(length / 2)];
      for (let seed = 0; seed < 20; seed++) {
        const images = rightOrWrong(length, Math.ceil(length / 2), 2);
        bootstrapPooledIou(images, [[0, 1], [0]], { seed, resamples: 41 }).forEach(([interval], g) => {
          for (const bound of interval!) expect(bound * sizes[g]).toBeCloseTo(Math.round(bound * sizes[g]), 9);
        });
      }
    }
  });

  it('draws exactly as many for a few images among many, whose shared draws are often too many', () => {
    const images = rightOrWrong(2000, 1000, 300);
    for (let seed = 0; seed < 40; seed++) {
      const [[interval]] = bootstrapPooledIou(images, [[0]], { seed, resamples: 41 });
      for (const bound of interval!) expect(bound * 7).toBeCloseTo(Math.round(bound * 7), 9);
    }
  });

  it('agrees with plain resampling, for each class and group of a mixed set', () => {
    const random = createRandom('mixed set');
    const length = 330;
    const classCount = 6;
    const cells = Array.from({ length }, () => random.pick([0, 0, 0, 1, 2]));
    const counts = Array.from({ length: length * classCount }, (_, i) => {
      const rare = i % classCount > 2 && random.chance(0.8);
      const union = rare ? 0 : random.integer(50, 900);
      return [Math.floor(union * random.uniform()), union];
    }).flat();
    const images = { length, classCount, cells, counts };
    const groups = [[0, 1, 2], [0], [1], [2, 1]];
    const intervals = bootstrapPooledIou(images, groups, { seed: 'x', resamples: 8000 });
    groups.forEach((group, g) => {
      const members = cells.flatMap((cell, i) => (group.includes(cell) ? [i] : []));
      for (let c = 0; c < classCount; c++) {
        const [low, high] = plainBootstrap(images, members, c, 8000);
        // The error of a percentile of 8,000 resamples is about 1/30 of a 95 % interval's half width; both sides have
        // it.
        const margin = 0.15 * ((high - low) / 2);
        expect(Math.abs(intervals[g][c]![0] - low)).toBeLessThan(margin);
        expect(Math.abs(intervals[g][c]![1] - high)).toBeLessThan(margin);
      }
    });
  });

  it('is undefined for a class that is in no mask, and leaves out resamples without one', () => {
    const images = { length: 40, classCount: 2, cells: new Uint8Array(40), counts: new Uint32Array(160) };
    images.counts[2] = 3;
    images.counts[3] = 4; // class 1 in the first image alone: absent from a third of the resamples
    expect(bootstrapPooledIou(images, [[0]], { seed: 1 })).toEqual([[null, [0.75, 0.75]]]);
  });

  it('of no image, or of a group without images, is undefined', () => {
    expect(bootstrapPooledIou({ length: 0, classCount: 2, cells: [], counts: [] }, [[0]], { seed: 1 })).toEqual([
      [null, null],
    ]);
    expect(bootstrapPooledIou(rightOrWrong(5, 2), [[7]], { seed: 1 })).toEqual([[null]]);
  });

  it('is the same for the same seed, and another for another', () => {
    const images = rightOrWrong(1000, 300);
    const run = (seed: number) => JSON.stringify(bootstrapPooledIou(images, [[0]], { seed }));
    expect(run(1)).toBe(run(1));
    expect(new Set([1, 2, 3, 4, 5].map(run)).size).toBeGreaterThan(1);
  });
});

describe('poissonTable', () => {
  it('turns 32 bits into the count whose cumulative probability they reach', () => {
    for (const mean of [0, 0.3, 1, 7.9, 15.84]) {
      const { bounds, guide } = poissonTable(mean);
      let probability = Math.exp(-mean);
      let cumulative = probability;
      bounds.forEach((bound, k) => {
        if (k < bounds.length - 1) expect(Math.abs(bound / 2 ** 32 - cumulative)).toBeLessThan(2 ** -32);
        probability *= mean / (k + 1);
        cumulative += probability;
      });
      expect(bounds[bounds.length - 1]).toBe(2 ** 32);
      const fits = (k: number, lead: number) =>
        (k === 0 || bounds[k - 1] <= lead * 2 ** 20) && bounds[k] > lead * 2 ** 20;
      expect(Array.from(guide).every(fits)).toBe(true);
    }
  });
});
