import type { Outcome } from '../summary.js';
import { DIFFERENCES } from './palette.js';

/** Value of a pixel in a difference map: 0 nothing to say, else 1 + the position in DIFFERENCES. */
const HIT = 1 + DIFFERENCES.indexOf('hit');
const MISSED = 1 + DIFFERENCES.indexOf('missed');
const FALSE_ALARM = 1 + DIFFERENCES.indexOf('false alarm');
const WRONG_CLASS = 1 + DIFFERENCES.indexOf('wrong class');

/**
 * What became of each pixel as far as the classes in focus go. Both maps hold class indices, row-major, of one size; a
 * truth label of `classCount` or more is no class (an ignore index), and its pixel is left out as in every count.
 */
export function differenceMap(
  truth: Uint8Array,
  predicted: Uint8Array,
  focus: readonly number[],
  classCount: number,
): Uint8Array {
  const inFocus = new Uint8Array(256);
  for (const index of focus) inFocus[index] = 1;
  return truth.map((label, i) => {
    const other = predicted[i];
    if (label >= classCount) return 0;
    if (!inFocus[label]) return inFocus[other] ? FALSE_ALARM : 0;
    if (label === other) return HIT;
    return inFocus[other] ? WRONG_CLASS : MISSED;
  });
}

/** Pixel counts of one class and the outcome that they make, as in summary.json. */
export interface ClassOutcome {
  outcome: Outcome;
  tp: number;
  fp: number;
  fn: number;
  /** null where the class is in neither map. */
  iou: number | null;
}

/** Counts of one class in two label maps as `differenceMap` takes them; null where one of them is not there. */
export function classOutcome(
  truth: Uint8Array | null,
  predicted: Uint8Array | null,
  index: number,
  classCount: number,
): ClassOutcome | null {
  if (!truth || !predicted) return null;
  let tp = 0;
  let fp = 0;
  let fn = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === index) {
      if (predicted[i] === index) tp++;
      else fn++;
    } else if (predicted[i] === index && truth[i] < classCount) fp++;
  }
  const union = tp + fp + fn;
  const outcome = tp > 0 ? 'hit' : fn > 0 && fp > 0 ? 'disjoint' : fn > 0 ? 'miss' : fp > 0 ? 'false_alarm' : 'empty';
  return { outcome, tp, fp, fn, iou: union === 0 ? null : tp / union };
}
