/** Where the parts of the screen are; all in columns and rows of the terminal. */
export interface Layout {
  columns: number;
  rows: number;
  /** `tiny`: a line says that there is no room. `tabs`: a page at a time. `panes`: the overview beside a list or both. */
  kind: 'tiny' | 'tabs' | 'panes';
  /** Of what is between the head and the footer. */
  body: { columns: number; rows: number };
  /** Of the overview and, beside it, the lists; equal to the body's where a page has it alone. */
  overview: number;
  side: number;
  /** Lines of each list, heading and header included. 0 where another list is in its place. */
  findings: number;
  images: number;
}

export const LEAST = { columns: 30, rows: 8 };
/** What and state, progress, engine; and the keys at the bottom. */
export const HEAD = 3;
const FOOTER = 1;
const TABS = 1;
const GAP = 2;

/** @param list which list is shown where there is room for one */
export function layoutOf(columns: number, rows: number, list: 'findings' | 'images'): Layout {
  if (columns < LEAST.columns || rows < LEAST.rows) {
    const none = { columns, rows: 0 };
    return { columns, rows, kind: 'tiny', body: none, overview: 0, side: 0, findings: 0, images: 0 };
  }
  const wide = columns >= 110 && rows >= 24;
  const body = { columns, rows: rows - HEAD - FOOTER - (wide ? 0 : TABS) };
  if (!wide) {
    return {
      columns,
      rows,
      kind: 'tabs',
      body,
      overview: columns,
      side: columns,
      findings: body.rows,
      images: body.rows,
    };
  }
  const overview = Math.max(54, Math.min(92, Math.floor(columns * 0.5)));
  const both = body.rows >= 36;
  const findings = both ? Math.floor(body.rows * 0.4) : list === 'findings' ? body.rows : 0;
  const images = both ? body.rows - findings - 1 : list === 'images' ? body.rows : 0;
  return { columns, rows, kind: 'panes', body, overview, side: columns - overview - GAP, findings, images };
}
