import type { HybridClassSummary, HybridSummary, ThresholdRow } from '../pipeline/summary.js';
import { count, score, share } from '../pipeline/words/figures.js';
import { someThresholds } from '../pipeline/words/stages.js';
import { visible } from '../pipeline/words/visible-text.js';
import { wrap } from './display-width.js';
import { type Column, textTable } from './text-table.js';

/** Rows of a class's table: enough to see what a threshold costs, few enough for a look. */
const ROWS = 11;

const column = (header: string, expendable: number, cell: (row: ThresholdRow) => string): Column<ThresholdRow> => ({
  header,
  expendable,
  cell,
  align: 'end',
});
const known = (value: number | null) => (value === null ? '?' : count(value));

/** What each threshold of a class would have cost, the one in force marked; below it a `?` is a figure that nobody knows. */
export function thresholdLines(of: HybridClassSummary, width: number): string[] {
  const columns: Column<ThresholdRow>[] = [
    column(visible(of.key), 0, (row) => `${row.threshold === of.threshold ? '> ' : ''}${row.threshold}`),
    column('segmented', 0, (row) => share(row.segmentedShare)),
    column('missed by gate', 0, (row) => count(row.misses.gate)),
    column('by segmenter', 1, (row) => known(row.misses.segmenter)),
    column('hit', 3, (row) => known(row.hits)),
    column('alarm', 0, (row) => known(row.falseAlarms)),
    column('sensitivity', 2, (row) => (row.sensitivity === null ? '?' : score(row.sensitivity))),
    column('specificity', 2, (row) => (row.specificity === null ? '?' : score(row.specificity))),
  ];
  return textTable(columns, someThresholds(of, ROWS), width);
}

/** The tables of a hybrid's classes, and what a `?` in them means. */
export function thresholdTables({ classes }: HybridSummary, keys: readonly string[] | null, width: number): string[] {
  const shown = classes.filter(({ key }) => keys === null || keys.includes(key));
  const isUnknown = shown.some(({ thresholds }) => thresholds.some(({ unknown }) => unknown > 0));
  const note = '? depends on images that the segmenter did not see: audit with --segment-all to know.';
  return [...shown.flatMap((of) => thresholdLines(of, width)), ...(isUnknown ? wrap(note, width) : [])];
}
