import { describe, expect, it } from 'vitest';
import { accuracyDifference, aucDifference } from '../../../../src/pipeline/metrics/detection/paired-difference.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import { bruteForce, drawn } from './brute-force.js';

const T = true;
const F = false;

describe('aucDifference', () => {
  const random = createRandom('paired');
  it('is that of the two areas, with the variance that their covariance gives, pair by pair', () => {
    let intervals = 0;
    for (let i = 0; i < 200; i++) {
      const { positive, scores } = drawn(random);
      const other = scores.map((score) => (random.chance(0.3) ? random.integer(0, 8) : score));
      const { value, confidence95 } = aucDifference(positive, scores, other);
      const [a, b] = [bruteForce(positive, scores), bruteForce(positive, other)];
      if (a.auc === null || b.auc === null) {
        expect(value).toBeNull();
        continue;
      }
      expect(value).toBeCloseTo(b.auc - a.auc, 12);
      if (confidence95 === null) continue;
      intervals++;
      // var(B - A) = var(A) + var(B) - 2 cov(A, B), of the placements of each kind.
      const variance = a.placements.reduce((sum, ofA, kind) => {
        const ofB = b.placements[kind];
        const n = ofA.length;
        return sum + (covariance(ofA, ofA) + covariance(ofB, ofB) - 2 * covariance(ofA, ofB)) / n;
      }, 0);
      const half = 1.959963984540054 * Math.sqrt(variance);
      expect(confidence95[0]).toBeCloseTo(Math.max(-1, b.auc - a.auc - half), 9);
      expect(confidence95[1]).toBeCloseTo(Math.min(1, b.auc - a.auc + half), 9);
    }
    expect(intervals).toBeGreaterThan(80);
  });
  it('has no interval for the same scores, nor for too few images', () => {
    expect(aucDifference([T, T, F, F], [4, 2, 3, 1], [4, 2, 3, 1])).toEqual({ value: 0, confidence95: null });
    expect(aucDifference([T, F, F], [4, 2, 3], [1, 2, 3])).toEqual({ value: -1, confidence95: null });
    expect(aucDifference([F, F], [1, 2], [2, 1])).toEqual({ value: null, confidence95: null });
  });
});

describe('accuracyDifference', () => {
  it('counts who is right alone, with an interval by hand', () => {
    const a = [T, T, T, F, F, F, F, T];
    const b = [T, T, F, T, T, T, F, T];
    const paired = accuracyDifference(a, b);
    expect(paired).toMatchObject({ images: 8, bothRight: 3, onlyARight: 1, onlyBRight: 3, neitherRight: 1 });
    expect(paired.difference).toBe(0.25);
    // n 10, discordant 1.5 and 3.5: 0.2 +- 1.96 sqrt((0.5 - 0.04) / 10).
    const half = 1.959963984540054 * Math.sqrt(0.046);
    expect(paired.confidence95![0]).toBeCloseTo(0.2 - half, 12);
    expect(paired.confidence95![1]).toBeCloseTo(0.2 + half, 12);
  });
  it('keeps an interval where nothing differs, and is undefined without images', () => {
    const { difference, confidence95 } = accuracyDifference([T, F], [T, F]);
    expect(difference).toBe(0);
    expect(confidence95![0]).toBeLessThan(0);
    expect(confidence95![1]).toBeGreaterThan(0);
    expect(accuracyDifference([], [])).toMatchObject({ difference: null, confidence95: null });
  });
});

function covariance(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return x.reduce((sum, value, i) => sum + (value - mean(x)) * (y[i] - mean(y)), 0) / (x.length - 1);
}
