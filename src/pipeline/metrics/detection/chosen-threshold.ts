import type { Ranking } from './ranking.js';

/**
 * The highest threshold (a score that occurs) at which at least the wanted share of the images with the class is told;
 * null without one, or where no threshold does. What it gives is `countsAt`'s to say.
 * @param wanted 0 to 1
 */
export function thresholdForSensitivity({ positives, thresholds, hits }: Ranking, wanted: number): number | null {
  if (positives === 0) return null;
  const k = hits.findIndex((told) => told / positives >= wanted);
  return k < 0 ? null : thresholds[k];
}

/**
 * The threshold with the largest sensitivity + specificity - 1 (Youden 1950), the highest of equals; null without both
 * kinds of images.
 */
export function thresholdByYouden({ positives, negatives, thresholds, hits, alarms }: Ranking): number | null {
  if (positives === 0 || negatives === 0) return null;
  let best = 0;
  for (let k = 1; k < thresholds.length; k++) {
    // Times positives x negatives, in whole numbers: equals are equal.
    const gain = (hits[k] - hits[best]) * negatives - (alarms[k] - alarms[best]) * positives;
    if (gain > 0) best = k;
  }
  return thresholds[best];
}
