import type { Theme } from '../theme.js';
import { fitCell, fitColumns, type ListColumn } from './columns.js';

/** Rows in the order in which a list shows them, by number. */
export interface Rows {
  size: number;
  at(place: number): number;
}

export interface ListView {
  selection: Rows;
  cursor: number;
  /** Whether keys go to this list: its chosen row is marked. */
  lit: boolean;
  /** What stands where no row is. */
  empty: string;
}

/** The first place that is seen of `size`, so that the cursor is in the middle of `rows` wherever there are rows on both sides. */
export function firstSeen(cursor: number, size: number, rows: number): number {
  return Math.max(0, Math.min(cursor - Math.floor(rows / 2), size - rows));
}

/**
 * A header and the rows around the cursor, `height` lines of `width` columns in all. Only rows that are seen are looked at. The
 * chosen row has a pointer and is reversed.
 */
export function drawList(
  columns: readonly ListColumn<number>[],
  { selection, cursor, lit, empty }: ListView,
  { width, height }: { width: number; height: number },
  theme: Theme,
): string[] {
  const mark = 2;
  const fitted = fitColumns(columns, width - mark);
  const header = fitted.map(({ column, width: w }) => fitCell(column.header, w, column.align));
  const lines = [theme.dim(' '.repeat(mark) + header.join(' '))];
  const rows = height - 1;
  if (selection.size === 0) return [...lines, `  ${empty}`].slice(0, height);
  const first = firstSeen(cursor, selection.size, rows);
  for (let place = first; place < Math.min(selection.size, first + rows); place++) {
    const row = selection.at(place);
    const chosen = lit && place === cursor;
    const cells = fitted.map(({ column, width: w }) => {
      const text = fitCell(column.cell(row), w, column.align, column.cuts);
      return column.paint && !chosen ? column.paint(text, row) : text;
    });
    const line = `${chosen ? theme.signs.pointer : ' '} ${cells.join(' ')}`;
    lines.push(chosen ? theme.chosen(line) : line);
  }
  return lines;
}
