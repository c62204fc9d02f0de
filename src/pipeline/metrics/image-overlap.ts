import type { Outcome } from '../summary.js';
import { type OverlapCounts, outcomeOf, overlapCounts } from './counts.js';
import { dice, iou, smoothedDice, smoothedIou } from './overlap.js';

/** One class in one scored image: its counts and every score that a convention averages. */
export interface ImageOverlap extends OverlapCounts {
  outcome: Outcome;
  iou: number | null;
  dice: number | null;
  smoothedIou: number;
  smoothedDice: number;
}

/**
 * Of a class in a scored image's confusion (row-major C x C, rows truth). Made once and added to every group of the
 * image.
 */
export function imageOverlap(confusion: ArrayLike<number>, classIndex: number): ImageOverlap {
  return overlapOf(overlapCounts(confusion, classIndex));
}

export function overlapOf(counts: OverlapCounts): ImageOverlap {
  return {
    tp: counts.tp,
    fp: counts.fp,
    fn: counts.fn,
    outcome: outcomeOf(counts),
    iou: iou(counts),
    dice: dice(counts),
    smoothedIou: smoothedIou(counts),
    smoothedDice: smoothedDice(counts),
  };
}
