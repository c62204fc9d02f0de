import { displayWidth, pad, truncate, truncatePath } from './display-width.js';

export interface Column<Row> {
  header: string;
  cell(row: Row): string;
  align: 'start' | 'end';
  /** Columns with the highest number go first when the table is too wide; 0 stays. */
  expendable: number;
}

/** A longer first cell is cut: a name from data must not push the figures out of sight. */
const NAME_WIDTH = 24;
/** And never to less than this. */
const LEAST_NAME = 8;

function widths<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): number[] {
  return columns.map((column, i) => {
    const widest = Math.max(displayWidth(column.header), ...rows.map((row) => displayWidth(column.cell(row))));
    return i === 0 ? Math.min(NAME_WIDTH, widest) : widest;
  });
}

/**
 * Aligned lines, header first, at most `width` columns: narrower gaps are tried before columns are left out. Of a table of its
 * unexpendable columns alone the names are cut further, and as the last resort its lines.
 */
export function textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const sizes = widths(columns, rows);
  const content = sizes.reduce((sum, size) => sum + size, 0);
  const gap = content + 2 * (columns.length - 1) <= width ? 2 : 1;
  const most = Math.max(...columns.map((column) => column.expendable));
  if (content + gap * (columns.length - 1) > width && most > 0) {
    return textTable(
      columns.filter((column) => column.expendable !== most),
      rows,
      width,
    );
  }
  const over = content + gap * (columns.length - 1) - width;
  if (over > 0) sizes[0] = Math.max(Math.min(LEAST_NAME, sizes[0]), sizes[0] - over);
  const line = (cells: string[]) =>
    truncate(cells.map((cell, i) => pad(cell, sizes[i], columns[i].align)).join(' '.repeat(gap)), width).trimEnd();
  return [
    line(columns.map((column) => column.header)),
    ...rows.map((row) =>
      line(columns.map((column, i) => (i === 0 ? truncatePath : truncate)(column.cell(row), sizes[i]))),
    ),
  ];
}
