import type { ThresholdRow } from '../../summary.js';
import { detectionRates } from '../detection/detection-rates.js';

/** What a segmenter found of a class in an image: a pixel of it that is right, none that is, nothing at all; null: it did not look. */
export type Found = 'right' | 'wrong' | 'nothing' | null;

/** An image as a gated class sees it. */
export interface GatedImage {
  /** The gate's probability of the class. */
  probability: number;
  /** Whether the class is in the truth; null where the image is not scored. */
  positive: boolean | null;
  found: Found;
  /** The segmenter of the class has to look at it anyway, for another class. */
  otherwise: boolean;
}

/** What becomes of images where those with a probability of at least `threshold` go on to the segmenter. */
export function thresholdRow(images: Iterable<GatedImage>, threshold: number): ThresholdRow {
  let [all, segmented, positives, negatives] = [0, 0, 0, 0];
  const kept = { positives: 0 };
  const seen = { hits: 0, misses: 0, disjoint: 0, alarms: 0 };
  const unknown = { positives: 0, negatives: 0 };
  for (const { probability, positive, found, otherwise } of images) {
    all++;
    const passes = probability >= threshold;
    if (passes || otherwise) segmented++;
    if (positive === null) continue;
    if (positive) positives++;
    else negatives++;
    if (!passes) kept.positives += Number(positive);
    else if (found === null) unknown[positive ? 'positives' : 'negatives']++;
    else if (positive) seen[found === 'right' ? 'hits' : found === 'wrong' ? 'disjoint' : 'misses']++;
    else if (found !== 'nothing') seen.alarms++;
  }
  // What the segmenter would have said of an image that it did not see is not guessed.
  const known = (value: number, of: 'positives' | 'negatives') => (unknown[of] === 0 ? value : null);
  const hits = known(seen.hits, 'positives');
  const falseAlarms = known(seen.alarms, 'negatives');
  const { hits: tp, alarms: fp } = seen;
  const rates = detectionRates({ tp, fp, fn: positives - tp, tn: negatives - fp });
  return {
    threshold,
    segmented,
    segmentedShare: all === 0 ? null : segmented / all,
    hits,
    misses: { gate: kept.positives, segmenter: known(seen.misses, 'positives') },
    disjoint: known(seen.disjoint, 'positives'),
    falseAlarms,
    sensitivity: hits === null ? null : rates.sensitivity,
    specificity: falseAlarms === null ? null : rates.specificity,
    unknown: unknown.positives + unknown.negatives,
  };
}
