import type { Ranking } from './ranking.js';

export interface RocPoint {
  /** Lowest score that is told positive here; infinite (null in JSON) at the first point, where none is. */
  threshold: number;
  falsePositiveRate: number;
  truePositiveRate: number;
}

export interface PrecisionRecallPoint {
  threshold: number;
  recall: number;
  precision: number;
}

/** Points of a plot that is a few hundred dots wide. */
const MOST = 400;

/**
 * From (0, 0) to (1, 1), at most `most` points (at least 3); empty without both kinds of images. Points on a straight line
 * between their neighbours go first, which loses nothing; where that does not do, what is left is thinned so that no
 * point that goes is further than 2 / (most - 2) from one that stays, in either direction.
 */
export function rocCurve({ positives, negatives, thresholds, hits, alarms }: Ranking, most = MOST): RocPoint[] {
  if (positives === 0 || negatives === 0) return [];
  const corners: RocPoint[] = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }];
  let hitsBefore = 0;
  let alarmsBefore = 0;
  for (let k = 0; k < thresholds.length; k++) {
    const isLast = k === thresholds.length - 1;
    const turns =
      isLast ||
      (hits[k] - hitsBefore) * (alarms[k + 1] - alarms[k]) !== (alarms[k] - alarmsBefore) * (hits[k + 1] - hits[k]);
    if (turns) {
      corners.push({
        threshold: thresholds[k],
        falsePositiveRate: alarms[k] / negatives,
        truePositiveRate: hits[k] / positives,
      });
    }
    hitsBefore = hits[k];
    alarmsBefore = alarms[k];
  }
  return thinned(
    corners,
    most,
    ({ falsePositiveRate, truePositiveRate }) => (falsePositiveRate + truePositiveRate) / 2,
  );
}

/**
 * In ascending order of recall, at most `most` points (at least 3): where there are more, the first in each of `most - 2` equal
 * steps of recall, and the last. Empty without an image of the class.
 */
export function precisionRecallCurve(
  { positives, thresholds, hits, alarms }: Ranking,
  most = MOST,
): PrecisionRecallPoint[] {
  if (positives === 0) return [];
  const points = Array.from(thresholds, (threshold, k) => ({
    threshold,
    recall: hits[k] / positives,
    precision: hits[k] / (hits[k] + alarms[k]),
  }));
  return thinned(points, most, ({ recall }) => recall);
}

/** The first, the last, and the first in each of `most - 2` equal steps of a figure that only rises, from 0 to 1. */
function thinned<P>(points: P[], most: number, figure: (point: P) => number): P[] {
  if (points.length <= most) return points;
  const stepOf = (k: number) => Math.floor(figure(points[k]) * (most - 2));
  return points.filter((_, k) => k === 0 || k === points.length - 1 || stepOf(k) > stepOf(k - 1));
}
