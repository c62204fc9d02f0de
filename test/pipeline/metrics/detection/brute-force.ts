import { expect } from 'vitest';
import type { Random } from '../../../../src/pipeline/random.js';

/** A few images with scores of a few values. */
export function drawn(random: Random): { positive: boolean[]; scores: number[] } {
  const images = random.integer(0, 30);
  const values = random.integer(1, 12);
  const share = random.uniform();
  const positive = Array.from({ length: images }, () => random.chance(share));
  return { positive, scores: positive.map((has) => random.integer(0, values) + (has && random.chance(0.4) ? 2 : 0)) };
}

/** The definitions, pair by pair: DeLong's interval from the sample variances of both kinds' placements. */
export function bruteForce(positive: readonly boolean[], scores: readonly number[]) {
  const x = scores.filter((_, i) => positive[i]);
  const y = scores.filter((_, i) => !positive[i]);
  const wins = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
  const ofPositives = x.map((a) => mean(y.map((b) => wins(a, b))));
  const ofNegatives = y.map((b) => mean(x.map((a) => wins(a, b))));
  const auc = x.length === 0 || y.length === 0 ? null : mean(ofPositives);
  const deviation = Math.sqrt(variance(ofPositives) / x.length + variance(ofNegatives) / y.length);
  const interval =
    auc !== null && deviation > 1e-9
      ? [Math.max(0, auc - 1.959963984540054 * deviation), Math.min(1, auc + 1.959963984540054 * deviation)]
      : null;
  // Mean over the positive images of the precision at their own score.
  const precisions = x.map((a) => {
    const told = scores.flatMap((score, i) => (score >= a ? [positive[i]] : []));
    return told.filter(Boolean).length / told.length;
  });
  return {
    auc,
    interval,
    placements: [ofPositives, ofNegatives],
    averagePrecision: x.length === 0 ? null : mean(precisions),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** NaN for fewer than two. */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/** Both null, or equal but for rounding. */
export function expectNear(ours: number | null, expected: number | null): void {
  if (expected === null || ours === null) expect(ours).toBe(expected);
  else expect(ours).toBeCloseTo(expected, 12);
}
