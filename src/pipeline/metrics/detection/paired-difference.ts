import type { Interval } from '../bootstrap.js';
import { Z95 } from '../wilson-interval.js';
import { type Estimate, UNDEFINED } from './estimate.js';
import { type Ranking, rank } from './ranking.js';
import { rocAuc } from './roc-auc.js';

/**
 * Area under the ROC curve by the scores `b` minus that by the scores `a`, of the same images, with the interval for
 * correlated areas (DeLong, DeLong and Clarke-Pearson 1988): the variance of a difference of means is that of the images'
 * own differences. Null without both kinds of images; no interval with fewer than two of a kind, or where no image's
 * difference differs from another's.
 */
export function aucDifference(
  positive: ArrayLike<boolean | number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Estimate {
  const [ofA, ofB] = [rank(positive, a), rank(positive, b)];
  const [areaA, areaB] = [rocAuc(ofA).value, rocAuc(ofB).value];
  if (areaA === null || areaB === null) return UNDEFINED;
  const value = areaB - areaA;
  const [placeA, placeB] = [placements(ofA), placements(ofB)];
  const differences: [positives: number[], negatives: number[]] = [[], []];
  for (let i = 0; i < a.length; i++) {
    const isPositive = Boolean(positive[i]);
    differences[isPositive ? 0 : 1].push(placeB(b[i], isPositive) - placeA(a[i], isPositive));
  }
  if (differences.some((some) => some.length < 2)) return { value, confidence95: null };
  const variance = differences.reduce((sum, some) => sum + sampleVariance(some, value) / some.length, 0);
  // Rounding leaves some 1e-32 of a variance that is 0.
  if (!(variance > 1e-24)) return { value, confidence95: null };
  const half = Z95 * Math.sqrt(variance);
  return { value, confidence95: [Math.max(-1, value - half), Math.min(1, value + half)] };
}

/** Share of the images of the other kind that an image is on the right side of, equal scores counting half. */
function placements({ positives, negatives, thresholds, hits, alarms }: Ranking) {
  return (score: number, isPositive: boolean): number => {
    // The step whose threshold is this score; thresholds descend.
    let low = 0;
    let high = thresholds.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (thresholds[middle] > score) low = middle + 1;
      else high = middle;
    }
    const counts = isPositive ? alarms : hits;
    const above = (counts[low] + (low === 0 ? 0 : counts[low - 1])) / 2;
    return isPositive ? 1 - above / negatives : above / positives;
  };
}

/** Of at least two. */
function sampleVariance(values: readonly number[], mean: number): number {
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** Two answers to the same images: how often one is right where the other is not (McNemar 1947). */
export interface PairedAccuracy {
  images: number;
  bothRight: number;
  onlyARight: number;
  onlyBRight: number;
  neitherRight: number;
  /** Accuracy of b minus that of a; null without images. */
  difference: number | null;
  /** Agresti and Min 2005, doi:10.1002/sim.1781: Wald's with half an image more in each of the four cells. */
  confidence95: Interval | null;
}

export function accuracyDifference(rightA: readonly boolean[], rightB: readonly boolean[]): PairedAccuracy {
  const count = (a: boolean, b: boolean) => rightA.filter((right, i) => right === a && rightB[i] === b).length;
  const images = rightA.length;
  const onlyARight = count(true, false);
  const onlyBRight = count(false, true);
  const counts = { images, bothRight: count(true, true), onlyARight, onlyBRight, neitherRight: count(false, false) };
  if (images === 0) return { ...counts, difference: null, confidence95: null };
  const n = images + 2;
  const centre = (onlyBRight - onlyARight) / n;
  const half = Z95 * Math.sqrt((onlyARight + onlyBRight + 1) / n ** 2 - centre ** 2 / n);
  return {
    ...counts,
    difference: (onlyBRight - onlyARight) / images,
    confidence95: [Math.max(-1, centre - half), Math.min(1, centre + half)],
  };
}
