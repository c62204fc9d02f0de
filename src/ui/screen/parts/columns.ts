import { pad, truncate, truncatePath } from '../../display-width.js';

/** A column of a list: its width is known before its rows, so that a list of any length costs what is seen of it. */
export interface ListColumn<Row> {
  header: string;
  align: 'start' | 'end';
  /** Columns; a column of 0 takes what the others leave. */
  width: number;
  /** Columns with the highest number go first where the window is narrow; 0 stays. */
  expendable: number;
  cell(row: Row): string;
  /** What of a text that is too long is left out: its end, or of a path what says least. */
  cuts?: 'end' | 'path';
  /** Colours the fitted cell. */
  paint?(text: string, row: Row): string;
}

/** Narrower than this, what takes the rest says nothing. */
const LEAST_REST = 20;
const GAP = 1;

/** The columns that have room, and how wide each is. Widths and gaps come to at most `width`. */
export function fitColumns<Row>(
  columns: readonly ListColumn<Row>[],
  width: number,
): { column: ListColumn<Row>; width: number }[] {
  const fixed = columns.reduce((sum, column) => sum + column.width, 0) + GAP * (columns.length - 1);
  const flexible = columns.filter((column) => column.width === 0);
  const most = Math.max(...columns.map((column) => column.expendable));
  if (fixed + LEAST_REST * flexible.length > width && most > 0) {
    return fitColumns(
      columns.filter((column) => column.expendable !== most),
      width,
    );
  }
  const room = Math.max(0, width - fixed);
  return columns.map((column) => {
    if (column.width > 0) return { column, width: column.width };
    // Two flexible columns share the rest, the last one has what is left over.
    const share = Math.floor(room / flexible.length);
    const last = flexible.indexOf(column) === flexible.length - 1;
    return { column, width: last ? room - share * (flexible.length - 1) : share };
  });
}

/** A cell's text in exactly its width. */
export function fitCell(text: string, width: number, align: 'start' | 'end', cuts: 'end' | 'path' = 'end'): string {
  return pad(cuts === 'path' ? truncatePath(text, width) : truncate(text, width), width, align);
}
