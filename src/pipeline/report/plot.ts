import type { PlotOptions, ScaleOptions } from '@observablehq/plot';
import { score, share } from '../words/figures.js';
import { type Html, html, trusted } from './html.js';

/** Drawn no wider than a phone's page: wider pages put plots side by side, and no text ever shrinks. */
const PLOT_WIDTH = 340;

/** Width of a letter at the plots' size, for margins that names fit into. */
const LETTER = 7.3;

/** How bars are drawn: the outline is what has the contrast. */
export const BAR = { fill: 'var(--bar)', stroke: 'currentColor', strokeWidth: 0.75 } as const;

export type Plots = Awaited<ReturnType<typeof openPlots>>;

/** The part of an element that is used here; Node's types know no documents. */
interface Drawing {
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): { remove(): void } | null;
  outerHTML: string;
}

/**
 * Loads the plotting library and a document for it to draw in: about a tenth of a second, so not before there is something to draw.
 * Colours are those of the page's style sheet, so that a plot follows its scheme.
 */
export async function openPlots() {
  const { parseHTML, ...Plot } = await import('./plot-parts.js');
  const { document } = parseHTML('<!doctype html><html><body></body></html>');

  /** A drawing with its words: `alt` says what is seen, `caption` stands above it. */
  function figure(caption: string, alt: string, options: PlotOptions): Html {
    const drawing = Plot.plot({
      document: document as unknown as PlotOptions['document'],
      width: PLOT_WIDTH,
      style: { fontSize: '12px', fontFamily: 'inherit' },
      ...options,
    }) as unknown as Drawing;
    drawing.setAttribute('role', 'img');
    drawing.setAttribute('aria-label', alt);
    // The page's own style sheet says it once for all.
    drawing.querySelector('style')?.remove();
    return html`<figure class="plot"><figcaption>${caption}</figcaption>${trusted(tidy(drawing.outerHTML))}</figure>`;
  }

  /** A bar of each share, 0 to 1, with the figure at its end; null is drawn as none and called undefined. */
  function shareBars(caption: string, rows: readonly { name: string; value: number | null }[]): Html {
    const bars = rows.map(({ value }, row) => ({ row, value: value ?? 0, label: share(value) }));
    const words = rows.map(({ name, value }) => `${name} ${value === null ? 'undefined' : share(value)}`);
    return figure(caption, `${caption}: ${words.join(', ')}`, {
      ...rowsLayout(
        rows.map(({ name }) => name),
        26,
      ),
      marginRight: 52,
      x: { domain: [0, 100], percent: true, label: null, ticks: 3, tickFormat: (x: number) => `${x} %` },
      marks: [
        Plot.barX(bars, { x: 'value', y: 'row', ...BAR }),
        Plot.text(bars, { x: 'value', y: 'row', text: 'label', textAnchor: 'start', dx: 4 }),
        Plot.ruleX([0]),
      ],
    });
  }

  /** A score of each row, 0 to 1, with its interval; null is called undefined, and has none. */
  function intervalDots(caption: string, rows: readonly ScoreRow[]): Html {
    const dots = rows.map(({ value, range }, row) => ({ row, value, low: range?.[0], high: range?.[1] }));
    const words = rows.map(({ name, value }) => `${name} ${value === null ? 'undefined' : score(value)}`);
    return figure(caption, `${caption}: ${words.join(', ')}`, {
      ...rowsLayout(
        rows.map(({ name }) => name),
        24,
      ),
      marginRight: 14,
      x: { domain: [0, 1], label: null, ticks: 5, grid: true },
      marks: [
        Plot.link(
          dots.filter(({ low }) => low !== undefined),
          { x1: 'low', x2: 'high', y1: 'row', y2: 'row', stroke: 'currentColor', strokeWidth: 2 },
        ),
        Plot.dot(
          dots.filter(({ value }) => value !== null),
          { x: 'value', y: 'row', r: 5, fill: 'var(--bar)', stroke: 'currentColor' },
        ),
        Plot.text(
          dots.filter(({ value }) => value === null),
          { x: 0, y: 'row', text: () => 'undefined', textAnchor: 'start', dx: 4 },
        ),
      ],
    });
  }

  return { ...Plot, figure, shareBars, intervalDots };
}

/** A row of a plot of scores. */
export interface ScoreRow {
  name: string;
  value: number | null;
  range: readonly [number, number] | null;
}

/** The layout of a plot with a named row for each thing; rows are told apart by their number, since names may be alike. */
export function rowsLayout(names: readonly string[], rowHeight: number) {
  const letters = Math.max(...names.map((name) => [...name].length), 2);
  const y: ScaleOptions = {
    type: 'band',
    domain: names.map((_, row) => row),
    tickFormat: (row: number) => names[row],
    label: null,
    tickSize: 0,
  };
  return {
    marginLeft: Math.min(170, Math.ceil(letters * LETTER) + 14),
    marginTop: 4,
    marginBottom: 32,
    height: 40 + rowHeight * names.length,
    y,
  };
}

/** Nothing is seen of the fifteenth decimal of a coordinate. */
function tidy(svg: string): string {
  return svg.replace(/ (?:[xy][12]?|c[xy]|d|width|height|transform)="[^"]*"/g, (attribute) =>
    attribute.replace(/(\.\d{2})\d+/g, '$1'),
  );
}
