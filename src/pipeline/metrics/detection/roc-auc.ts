import { Z95 } from '../wilson-interval.js';
import { type Estimate, UNDEFINED } from './estimate.js';
import type { Ranking } from './ranking.js';

/**
 * Area under the ROC curve: the chance that an image with the class scores higher than one without it, equal scores
 * counting half (Mann and Whitney 1947). Null without both kinds of images.
 *
 * The interval is DeLong's (DeLong, DeLong and Clarke-Pearson 1988), within [0, 1], from one pass over the ranking as in
 * Sun and Xu 2014, doi:10.1109/LSP.2014.2337313. It is null with fewer than two images of a kind, and where the
 * variance comes out as 0 (both kinds perfectly apart, or all scores equal): such a sample can't tell how far off it is.
 */
export function rocAuc(ranking: Ranking): Estimate {
  const { positives, negatives, hits, alarms } = ranking;
  if (positives === 0 || negatives === 0) return UNDEFINED;
  // An image's placement is its share of wins against the images of the other kind; the area is the mean of either.
  let wins = 0;
  for (let k = 0; k < hits.length; k++) wins += (hits[k] - before(hits, k)) * winsOfPositive(ranking, k);
  const area = wins / (positives * negatives);

  // Deviations from that mean times positives x negatives: multiples of a half, so that a variance of 0 comes out as 0.
  let ofPositives = 0;
  let ofNegatives = 0;
  for (let k = 0; k < hits.length; k++) {
    ofPositives += (hits[k] - before(hits, k)) * (winsOfPositive(ranking, k) * positives - wins) ** 2;
    ofNegatives += (alarms[k] - before(alarms, k)) * (lossesOfNegative(ranking, k) * negatives - wins) ** 2;
  }
  const squares = ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
  if (!(squares > 0)) return { value: area, confidence95: null };
  const half = (Z95 * Math.sqrt(squares)) / (positives * negatives);
  return { value: area, confidence95: [Math.max(0, area - half), Math.min(1, area + half)] };
}

/** Negative images below a positive one at step k, those beside it counting half. */
function winsOfPositive({ negatives, alarms }: Ranking, k: number): number {
  return negatives - (alarms[k] + before(alarms, k)) / 2;
}

/** Positive images above a negative one at step k, those beside it counting half. */
function lossesOfNegative({ hits }: Ranking, k: number): number {
  return (hits[k] + before(hits, k)) / 2;
}

function before(counts: Uint32Array, k: number): number {
  return k === 0 ? 0 : counts[k - 1];
}
