import { parseHTML } from 'linkedom';

/** The parts of a document that tests read; Node's types know none. */
export interface PageElement {
  tagName: string;
  textContent: string;
  id: string;
  getAttribute(name: string): string | null;
  attributes: Iterable<{ name: string; value: string }>;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

export interface PageTable {
  heads: string[];
  /** Cells by row, the row's name first. */
  rows: string[][];
}

export interface PagePlot {
  alt: string;
  bars: { width: number; height: number; fill: string }[];
}

/** Reads a page back: its elements, and its tables by their captions. */
export function readPage(page: string) {
  const { document } = parseHTML(page) as unknown as { document: PageElement };
  const all = (selector: string, from: PageElement = document) => [...from.querySelectorAll(selector)];
  const tables = new Map<string, PageTable>();
  for (const table of all('table')) {
    const caption = table.querySelector('caption')?.textContent ?? '';
    const heads = all('thead th', table).map((cell) => cell.textContent);
    const rows = all('tbody tr', table).map((row) => all('th,td', row).map((cell) => cell.textContent));
    tables.set(caption, { heads, rows });
  }
  const table = (caption: string): PageTable => {
    const found = tables.get(caption);
    if (!found) throw new Error(`no table "${caption}"; there are: ${[...tables.keys()].join(' | ')}`);
    return found;
  };
  /** A plot by its caption: the words for those who can't see it, and its bars in pixels. `fill` is the pattern's name. */
  const plot = (caption: string): PagePlot => {
    const figure = all('figure.plot').find((one) => one.querySelector('figcaption')?.textContent === caption);
    if (!figure) throw new Error(`no plot "${caption}"`);
    const bars = all('rect', figure).map((rect) => ({
      width: Number(rect.getAttribute('width')),
      height: Number(rect.getAttribute('height')),
      fill: /#p-(\w+)/.exec(rect.getAttribute('fill') ?? '')?.[1] ?? '',
    }));
    return { alt: figure.querySelector('svg')?.getAttribute('aria-label') ?? '', bars };
  };
  return { document, all, tables, table, plot };
}
