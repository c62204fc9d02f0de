import { type Canvas, canvas, drawText } from './canvas.js';
import type { Grid } from './grid.js';
import {
  drawLegend,
  FAINT,
  fitted,
  INK,
  LETTERS,
  type LegendEntry,
  LINE,
  legendLines,
  MARGIN,
  PAPER,
} from './legend.js';
import { drawImage, drawLabels, type LabelStyle } from './panel.js';

/** A narrower picture would have no room for the legend's words. */
const LEAST_WIDTH = 900;

/** Pictures side by side, lines of words under them, and a legend. */
export interface Sheet {
  /** Of each picture. */
  grid: Grid;
  /** Under all labels, of the grid's size, gray or RGB by its length; null where it can't be read. */
  image: Uint8Array | null;
  panels: readonly { caption: string; labels: Uint8Array | null; styles: readonly (LabelStyle | null)[] }[];
  words: readonly string[];
  legend: readonly LegendEntry[];
}

/** Interleaved RGB, the same bytes on every machine. */
export function drawSheet({ grid, image, panels, words, legend }: Sheet): Canvas {
  const n = panels.length;
  const total = Math.max(LEAST_WIDTH, n * grid.width + (n + 1) * MARGIN);
  const inner = total - 2 * MARGIN;
  const entries = legendLines(legend, inner);

  const top = MARGIN + LINE;
  const target = canvas(total, top + grid.height + 2 * MARGIN + (words.length + entries.length) * LINE, PAPER);
  const gap = Math.floor((total - n * grid.width) / (n + 1));
  const thickness = grid.enlarge > 2 ? 2 : 1;
  for (const [i, panel] of panels.entries()) {
    const left = gap + i * (grid.width + gap);
    drawText(target, left, MARGIN, fitted(panel.caption, grid.width + gap - MARGIN), FAINT, LETTERS);
    drawImage(target, left, top, grid, image);
    if (panel.labels) drawLabels(target, left, top, grid, panel.labels, panel.styles, thickness);
  }
  let y = top + grid.height + MARGIN;
  for (const line of words) {
    drawText(target, MARGIN, y, fitted(line, inner), INK, LETTERS);
    y += LINE;
  }
  for (const line of entries) {
    drawLegend(target, MARGIN, y, line);
    y += LINE;
  }
  return target;
}
