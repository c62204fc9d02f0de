import { DEFAULT_THRESHOLDS } from '../../pipeline/dataset/dataset.js';
import type { Severity } from '../../pipeline/record.js';
import type { Outcome } from '../../pipeline/summary.js';
import type { FindingTable } from './finding-table.js';
import { SEVERITIES } from './finding-table.js';
import type { ImageTable } from './image-table.js';
import type { Rows } from './parts/list.js';

export const IMAGE_SORTS = ['order', 'iou', 'truth', 'predicted', 'probability'] as const;
/** Where images as a whole have the classes. */
export const ANSWER_SORTS = ['order', 'probability', 'heat'] as const;
export type ImageSort = (typeof IMAGE_SORTS)[number] | (typeof ANSWER_SORTS)[number];
export const FINDING_SORTS = ['order', 'severity', 'rule', 'image'] as const;
export type FindingSort = (typeof FINDING_SORTS)[number];

/** Outcomes that the list can be narrowed to; `failure` is what `export` writes: all but hits of enough overlap and empty. */
export type OutcomeChoice = Outcome | 'failure';

/** null: any. Images have outcomes, of the class in focus; findings have classes and severities. */
export interface Filter {
  text: string;
  rule: string | null;
  split: string | null;
  source: string | null;
  outcome: OutcomeChoice | null;
  class: string | null;
  severity: Severity | null;
}

export const NO_FILTER: Filter = {
  text: '',
  rule: null,
  split: null,
  source: null,
  outcome: null,
  class: null,
  severity: null,
};

export interface ImageQuery {
  filter: Filter;
  sort: ImageSort;
  descending: boolean;
  /** Place of the class in focus among the table's classes. */
  focus: number;
  iouBelow?: number;
}

export interface FindingQuery {
  filter: Filter;
  sort: FindingSort;
  descending: boolean;
}

/** Rows of a table that are chosen. */
export interface Selection extends Rows {
  /** -1 where the row is not shown. */
  placeOf(row: number): number;
}

const everything = (size: number): Selection => ({
  size,
  at: (place) => place,
  placeOf: (row) => (row < size ? row : -1),
});

function chosen(rows: Int32Array): Selection {
  return { size: rows.length, at: (place) => rows[place], placeOf: (row) => rows.indexOf(row) };
}

/** Rows that pass, in the order of the table. */
function passing(size: number, passes: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(size);
  let n = 0;
  for (let row = 0; row < size; row++) if (passes(row)) rows[n++] = row;
  return rows.subarray(0, n);
}

/** Ascending by `value`, rows without one last whatever the direction; equal ones stay in the order of the table. */
function sorted(rows: Int32Array, value: (row: number) => number | null, descending: boolean): Int32Array {
  const size = rows.length === 0 ? 0 : rows.reduce((most, row) => Math.max(most, row), 0) + 1;
  const keys = new Float64Array(size);
  const sign = descending ? -1 : 1;
  for (const row of rows) {
    const key = value(row);
    keys[row] = key === null ? Number.POSITIVE_INFINITY : sign * key;
  }
  return rows.sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a] < keys[b] ? -1 : 1));
}

/** The images that a list shows. `text` is looked for in the id, whatever the case. */
export function selectImages(table: ImageTable, query: ImageQuery): Selection {
  const { filter, sort, descending, focus, iouBelow = DEFAULT_THRESHOLDS.iouBelow } = query;
  const { text, rule, split, source, outcome } = filter;
  const narrowed = text !== '' || rule !== null || split !== null || source !== null || outcome !== null;
  if (!narrowed && sort === 'order' && !descending) return everything(table.size);
  const sought = text.toLowerCase();
  const rows = passing(
    table.size,
    (row) =>
      (split === null || table.split(row) === split) &&
      (source === null || table.source(row) === source) &&
      (rule === null || table.hasRule(row, rule)) &&
      (outcome === null || hasOutcome(table, row, focus, outcome, iouBelow)) &&
      (sought === '' || table.image(row).toLowerCase().includes(sought)),
  );
  if (sort === 'order') return chosen(descending ? rows.reverse() : rows);
  if (table.classes.length === 0) return chosen(rows);
  return chosen(sorted(rows, (row) => table[sort](row, focus), descending));
}

function hasOutcome(table: ImageTable, row: number, c: number, choice: OutcomeChoice, below: number): boolean {
  if (table.classes.length === 0) return false;
  const outcome = table.outcome(row, c);
  if (choice !== 'failure') return outcome === choice;
  if (outcome === 'hit') return (table.iou(row, c) ?? 1) < below;
  return outcome !== 'empty' && outcome !== 'unscored';
}

/** The findings that a list shows. `text` is looked for in image and message, whatever the case. */
export function selectFindings(table: FindingTable, { filter, sort, descending }: FindingQuery): Selection {
  const { text, rule, split, source, class: key, severity } = filter;
  const narrowed = [rule, split, source, key, severity].some((choice) => choice !== null) || text !== '';
  if (!narrowed && sort === 'order' && !descending) return everything(table.size);
  const sought = text.toLowerCase();
  const rows = passing(
    table.size,
    (row) =>
      (severity === null || table.severity(row) === severity) &&
      (rule === null || table.rule(row) === rule) &&
      (key === null || table.class(row) === key) &&
      (split === null || table.split(row) === split) &&
      (source === null || table.source(row) === source) &&
      (sought === '' || `${table.image(row)} ${table.message(row)}`.toLowerCase().includes(sought)),
  );
  if (sort === 'order') return chosen(descending ? rows.reverse() : rows);
  return chosen(sorted(rows, rankBy(table, sort, rows), descending));
}

/** A number by which findings sort as their words do. */
function rankBy(table: FindingTable, sort: Exclude<FindingSort, 'order'>, rows: Int32Array): (row: number) => number {
  if (sort === 'image') {
    const names = [...new Set(Array.from(rows, table.image))].sort();
    const places = new Map(names.map((name, i) => [name, i]));
    return (row) => places.get(table.image(row)) ?? 0;
  }
  const codes = new Map([...table.rules].sort().map((code, i) => [code, i]));
  const code = (row: number) => codes.get(table.rule(row)) ?? 0;
  if (sort === 'rule') return code;
  return (row) => SEVERITIES.indexOf(table.severity(row)) * 1000 + code(row);
}
