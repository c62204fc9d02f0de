import { type OverlapCounts, overlapCounts } from '../metrics/counts.js';
import type { ImageRecord } from '../record.js';

/** Images that a figure may have been made of; null: of every split, of every source. */
export interface GroupName {
  split: string | null;
  source: string | null;
}

export interface Group extends GroupName {
  /** Rows of the table, ascending: the order of images.csv. */
  rows: readonly number[];
}

/** The counts of a run's scored images: all that any convention is made from. */
export interface CountTable {
  images: number;
  classCount: number;
  counts(row: number, classIndex: number): OverlapCounts;
  /** Of the image's pixels: those labelled right, and all. */
  pixels(row: number): { right: number; all: number };
  /**
   * The whole run first, then its splits, its sources, and both together; of groups that are the same images the first one
   * alone.
   */
  groups: readonly Group[];
}

/** 24 C + 16 bytes an image. */
export function readCounts(records: Iterable<ImageRecord>, classCount: number): CountTable {
  const counts: Float64Array[] = [];
  const names: { split: string; source: string }[] = [];
  for (const { status, confusion, split, source } of records) {
    if (status !== 'scored' || confusion === null) continue;
    const row = new Float64Array(3 * classCount + 2);
    for (let c = 0; c < classCount; c++) {
      const { tp, fp, fn } = overlapCounts(confusion, c);
      row.set([tp, fp, fn], 3 * c);
      row[3 * classCount] += tp;
      row[3 * classCount + 1] += tp + fn;
    }
    counts.push(row);
    names.push({ split, source });
  }
  return {
    images: counts.length,
    classCount,
    counts: (row, c) => ({ tp: counts[row][3 * c], fp: counts[row][3 * c + 1], fn: counts[row][3 * c + 2] }),
    pixels: (row) => ({ right: counts[row][3 * classCount], all: counts[row][3 * classCount + 1] }),
    groups: groupsOf(names),
  };
}

function groupsOf(names: readonly { split: string; source: string }[]): Group[] {
  const splits = [...new Set(names.map(({ split }) => split))];
  const sources = [...new Set(names.map(({ source }) => source))];
  const wanted: GroupName[] = [
    { split: null, source: null },
    ...splits.map((split) => ({ split, source: null })),
    ...sources.map((source) => ({ split: null, source })),
    ...splits.flatMap((split) => sources.map((source) => ({ split, source }))),
  ];
  const groups = new Map<string, Group>();
  for (const { split, source } of wanted) {
    const rows = [...names.keys()].filter(
      (row) => (split === null || names[row].split === split) && (source === null || names[row].source === source),
    );
    const key = rows.join();
    if (rows.length > 0 && !groups.has(key)) groups.set(key, { split, source, rows });
  }
  return [...groups.values()];
}
