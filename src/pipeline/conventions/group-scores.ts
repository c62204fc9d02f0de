import { overlapOf } from '../metrics/image-overlap.js';
import { meanScores } from '../metrics/mean-scores.js';
import { dice, iou, smoothedDice, smoothedIou } from '../metrics/overlap.js';
import { startScores } from '../metrics/score-tally.js';
import type { MeanScores, Scores } from '../summary.js';
import type { CountTable, Group } from './count-table.js';

export type Measure = 'iou' | 'dice';

export const MEASURES: Record<Measure, { plain: typeof iou; smoothed: typeof smoothedIou }> = {
  iou: { plain: iou, smoothed: smoothedIou },
  dice: { plain: dice, smoothed: smoothedDice },
};

/** A class in a group by every convention. */
export function classScores(
  table: CountTable,
  { rows }: Group,
  c: number,
  metricBatch: number,
): Record<Measure, Scores> {
  const tally = startScores(metricBatch);
  for (const row of rows) tally.add(overlapOf(table.counts(row, c)));
  return tally.scores();
}

/** Means over classes, background (class 0) included and left out. */
export function meansOf(scores: readonly Scores[]): { all: MeanScores; foreground: MeanScores } {
  return { all: meanScores(scores), foreground: meanScores(scores.slice(1)) };
}

/** Share of a group's pixels that are labelled right: of all pixels, and as a mean of its images' shares. */
export function accuracies(table: CountTable, { rows }: Group): { pooled: number | null; imageMean: number | null } {
  let right = 0;
  let all = 0;
  let shares = 0;
  let images = 0;
  for (const row of rows) {
    const pixels = table.pixels(row);
    right += pixels.right;
    all += pixels.all;
    if (pixels.all === 0) continue;
    shares += pixels.right / pixels.all;
    images++;
  }
  return { pooled: all === 0 ? null : right / all, imageMean: images === 0 ? null : shares / images };
}
