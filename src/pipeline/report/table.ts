import { type Child, type Html, html } from './html.js';

/** A column of a table: its heading, and what stands in it. */
export interface Column<Row> {
  head: Child;
  cell(row: Row): Child;
  /** Figures stand at the right of their column, words at the left; sentences get room for more than a word a line. */
  kind?: 'words' | 'figures' | 'sentences';
}

/**
 * A table in a box of its own, which scrolls where the page is narrower. The first column names its row.
 * @param caption said to those who can't see the table, and shown above it
 */
export function table<Row>(caption: Child, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  const kindOf = ({ kind }: Column<Row>, i: number) => kind ?? (i === 0 ? 'words' : 'figures');
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column, i) => html`<th scope="col" class="${kindOf(column, i)}">${column.head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr>${columns.map((column, i) =>
      i === 0
        ? html`<th scope="row">${column.cell(row)}</th>`
        : html`<td class="${kindOf(column, i)}">${column.cell(row)}</td>`,
    )}</tr>`,
  )}
</tbody></table></div>`;
}

/** What stands where a figure is undefined: a dash that says why, never 0, 1 or nothing at all. */
export function undefinedFigure(why: string): Html {
  return html`<abbr class="none" title="${`undefined: ${why}`}">–</abbr>`;
}

/** A figure, or the dash where it is null. */
export function figure<T>(value: T | null, shown: (value: T) => string, why: string): Child {
  return value === null ? undefinedFigure(why) : shown(value);
}
