import type { CountTable, Group } from './count-table.js';
import { MEASURES, type Measure } from './group-scores.js';

/** The largest batch that is tried. */
export const MOST_BATCH = 512;

/**
 * The convention `batchSmoothed` of a class at every batch size from 1 to 512, or to the number of images where that is
 * smaller: a larger batch holds them all too. `scores[b - 1]` is that of batch size b.
 */
export function batchScan(table: CountTable, { rows }: Group, c: number, measure: Measure): Float64Array {
  // Sums up to each image, so that a batch costs two look-ups: all sizes together take about 7 batches an image.
  const tp = new Float64Array(rows.length + 1);
  const fp = new Float64Array(rows.length + 1);
  const fn = new Float64Array(rows.length + 1);
  rows.forEach((row, i) => {
    const counts = table.counts(row, c);
    tp[i + 1] = tp[i] + counts.tp;
    fp[i + 1] = fp[i] + counts.fp;
    fn[i + 1] = fn[i] + counts.fn;
  });
  const { smoothed } = MEASURES[measure];
  const scores = new Float64Array(Math.min(MOST_BATCH, rows.length));
  for (let b = 1; b <= scores.length; b++) {
    let sum = 0;
    for (let from = 0; from < rows.length; from += b) {
      const to = Math.min(rows.length, from + b);
      sum += smoothed({ tp: tp[to] - tp[from], fp: fp[to] - fp[from], fn: fn[to] - fn[from] });
    }
    scores[b - 1] = sum / Math.ceil(rows.length / b);
  }
  return scores;
}
