import type { Outcome } from '../summary.js';

/** Pixels of one class in one image (or summed over images), on the annotation's grid. */
export interface OverlapCounts {
  /** In truth and prediction. */
  tp: number;
  /** Predicted where the truth is another class. */
  fp: number;
  /** In the truth, predicted as another class. */
  fn: number;
}

/** Counts of a class from a row-major C x C confusion (rows truth, columns predicted). */
export function overlapCounts(confusion: ArrayLike<number>, classIndex: number): OverlapCounts {
  const classCount = Math.sqrt(confusion.length);
  let row = 0;
  let column = 0;
  for (let k = 0; k < classCount; k++) {
    row += confusion[classIndex * classCount + k];
    column += confusion[k * classCount + classIndex];
  }
  const tp = confusion[classIndex * (classCount + 1)];
  return { tp, fp: column - tp, fn: row - tp };
}

/** What happened to a class in an image; null counts are an image without a prediction or one that can't be read. */
export function outcomeOf(counts: OverlapCounts | null): Outcome {
  if (counts === null) return 'unscored';
  if (counts.tp > 0) return 'hit';
  if (counts.fn > 0) return counts.fp > 0 ? 'disjoint' : 'miss';
  return counts.fp > 0 ? 'false_alarm' : 'empty';
}
