import { HEAD, LEAST } from '../../screen/layout.js';

/** Where the parts of the screen are, in columns and rows. */
export interface TrainLayout {
  columns: number;
  rows: number;
  /** `tabs`: a page at a time. `panes`: curves beside scores and findings. */
  kind: 'tiny' | 'tabs' | 'panes';
  body: { columns: number; rows: number };
  /** Columns of the curves and of what is beside them; equal to the body's where a page has it alone. */
  curves: number;
  side: number;
  /** Lines of scores and findings. */
  scores: number;
  findings: number;
}

const FOOTER = 1;
const TABS = 1;
const GAP = 2;
/** Side by side from this window on. */
const WIDE = { columns: 110, rows: 24 };
/** The scores' columns need no more. */
const SIDE = { least: 48, most: 84 };

export function trainLayout(columns: number, rows: number): TrainLayout {
  if (columns < LEAST.columns || rows < LEAST.rows) {
    const body = { columns, rows: 0 };
    return { columns, rows, kind: 'tiny', body, curves: 0, side: 0, scores: 0, findings: 0 };
  }
  const wide = columns >= WIDE.columns && rows >= WIDE.rows;
  const body = { columns, rows: rows - HEAD - FOOTER - (wide ? 0 : TABS) };
  if (!wide) {
    const all = { curves: columns, side: columns, scores: body.rows, findings: body.rows };
    return { columns, rows, kind: 'tabs', body, ...all };
  }
  const side = Math.max(SIDE.least, Math.min(SIDE.most, Math.floor(columns * 0.4)));
  const findings = Math.max(5, Math.floor(body.rows * 0.3));
  const curves = columns - side - GAP;
  return { columns, rows, kind: 'panes', body, curves, side, scores: body.rows - findings - 1, findings };
}

/** How small plots are still read. */
export const LEAST_PLOT = { columns: 26, rows: 5 };
const MOST_ACROSS = 4;
/** Characters are about twice as high as wide, and curves read best wider than high. */
const ASPECT = 3.5;

/** Plots in a room: how many side by side and how large, and how many lines of them are seen; larger ones before fuller lines. */
export interface PlotGrid {
  across: number;
  seen: number;
  width: number;
  height: number;
}

export function plotGrid(plots: number, width: number, height: number): PlotGrid {
  const choices = Array.from({ length: Math.min(MOST_ACROSS, Math.max(1, plots)) }, (_, i) => {
    const across = i + 1;
    const lines = Math.ceil(plots / across);
    const room = Math.floor((width - GAP * (across - 1)) / across);
    const rows = Math.floor(height / Math.max(1, lines));
    const fits = rows >= LEAST_PLOT.rows;
    const seen = fits ? lines : Math.max(1, Math.floor(height / LEAST_PLOT.rows));
    return { across, seen, width: room, height: Math.floor(height / Math.max(1, seen)) };
  }).filter(({ across, width: room }) => across === 1 || room >= LEAST_PLOT.columns);
  const shown = ({ across, seen }: PlotGrid) => Math.min(plots, across * seen);
  const size = (grid: PlotGrid) => Math.min(grid.width / ASPECT, grid.height);
  return choices.sort((a, b) => shown(b) - shown(a) || size(b) - size(a) || b.across - a.across)[0];
}

export const PLOT_GAP = GAP;
