import type { OverlapCounts } from './counts.js';

/** What the smoothed conventions add to both terms, in pixels: the default of segmentation_models (Keras). */
export const SMOOTHING = 1e-5;

/** tp / (tp + fp + fn), 0..1; null where the class is in neither mask. */
export function iou({ tp, fp, fn }: OverlapCounts): number | null {
  const union = tp + fp + fn;
  return union === 0 ? null : tp / union;
}

/** 2 tp / (2 tp + fp + fn), 0..1; null where the class is in neither mask. */
export function dice({ tp, fp, fn }: OverlapCounts): number | null {
  const sizes = 2 * tp + fp + fn;
  return sizes === 0 ? null : (2 * tp) / sizes;
}

/** IoU with the smoothing term: exactly 1 where the class is in neither mask, never 0. */
export function smoothedIou({ tp, fp, fn }: OverlapCounts): number {
  return (tp + SMOOTHING) / (tp + fp + fn + SMOOTHING);
}

/** Dice with the smoothing term: exactly 1 where the class is in neither mask, never 0. */
export function smoothedDice({ tp, fp, fn }: OverlapCounts): number {
  return (2 * tp + SMOOTHING) / (2 * tp + fp + fn + SMOOTHING);
}
