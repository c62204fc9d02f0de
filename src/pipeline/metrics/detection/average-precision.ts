import { Z95 } from '../wilson-interval.js';
import { type Estimate, UNDEFINED } from './estimate.js';
import type { Ranking } from './ranking.js';

/**
 * Area under the precision-recall curve as scikit-learn takes it: the sum over thresholds of the precision times what
 * recall gains there, without interpolation. Null without an image of the class.
 *
 * The interval is the logit one of Boyd, Eng and Page 2013 (doi:10.1007/978-3-642-40994-3_29), which stays within
 * [0, 1]; its n is the number of images with the class. At 0 and 1 the logit is infinite and the interval null.
 */
export function averagePrecision({ positives, hits, alarms }: Ranking): Estimate {
  if (positives === 0) return UNDEFINED;
  let sum = 0;
  for (let k = 0; k < hits.length; k++) {
    const gained = hits[k] - (k === 0 ? 0 : hits[k - 1]);
    sum += (gained * hits[k]) / (hits[k] + alarms[k]);
  }
  const value = sum / positives;
  if (value <= 0 || value >= 1) return { value, confidence95: null };
  const centre = Math.log(value / (1 - value));
  const half = Z95 / Math.sqrt(positives * value * (1 - value));
  return { value, confidence95: [logistic(centre - half), logistic(centre + half)] };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
