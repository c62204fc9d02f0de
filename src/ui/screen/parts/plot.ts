import { displayWidth, pad, truncate } from '../../display-width.js';
import type { Theme } from '../theme.js';

export interface PlotPoint {
  x: number;
  /** Undefined is null, and ends the stroke. */
  y: number | null;
}

/** A curve of a plot. Those that come later lie over the earlier ones. */
export interface Curve {
  points: readonly PlotPoint[];
  /** Drawn as dots, so that two curves are told apart without colours; in ASCII by another sign. */
  dotted: boolean;
  paint(text: string): string;
}

export interface PlotAxes {
  x: readonly [from: number, to: number];
  y: readonly [from: number, to: number];
  /** What the ends of the axes are called. The x axis has its own line from 5 lines on. */
  yLabels: readonly [from: string, to: string];
  xLabels: readonly [from: string, to: string];
  /** Whether y is logarithmic; both ends are above 0 then. */
  log: boolean;
}

/** Lines from which one is given to the names of the x axis. */
const WITH_X = 5;
/** A dotted curve has a dot every so many. */
const DOTS_APART = 3;

/** Braille: dots of a cell by column and row. https://www.unicode.org/charts/PDF/U2800.pdf */
const BRAILLE = 0x2800;
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/**
 * Curves in exactly `height` lines of `width` columns: 2 x 4 dots a character where the terminal has them, else a sign a
 * character. Undefined points leave gaps; a point without neighbours is a dot.
 */
export function drawPlot(
  curves: readonly Curve[],
  axes: PlotAxes,
  { width, height }: { width: number; height: number },
  theme: Pick<Theme, 'unicode' | 'dim'>,
): string[] {
  const rows = height >= WITH_X ? height - 1 : height;
  const margin = Math.min(Math.max(...axes.yLabels.map(displayWidth)), Math.floor(width / 3));
  const columns = width - margin - 1;
  if (columns < 1 || rows < 1) return Array.from({ length: height }, () => '');
  const perCell = theme.unicode ? { x: 2, y: 4 } : { x: 1, y: 1 };
  const canvas = createCanvas(columns * perCell.x, rows * perCell.y);
  const cells = Array.from({ length: rows }, () => new Array<Cell | undefined>(columns).fill(undefined));
  for (const curve of curves) {
    canvas.stroke(curve, axes, (x, y) => {
      const row = cells[Math.floor(y / perCell.y)];
      const column = Math.floor(x / perCell.x);
      const dot = theme.unicode ? DOTS[x % 2][y % 4] : 0;
      row[column] = { curve, dots: (row[column]?.dots ?? 0) | dot };
    });
  }
  const [from, to] = axes.yLabels;
  const lines = cells.map((row, y) => {
    const name = y === 0 ? to : y === rows - 1 ? from : '';
    return `${theme.dim(pad(truncate(name, margin), margin, 'end'))} ${painted(row, theme)}`;
  });
  if (rows < height) lines.push(theme.dim(xLine(axes.xLabels, margin + 1, columns)));
  return lines;
}

interface Cell {
  /** The one that lies on top. */
  curve: Curve;
  dots: number;
}

/** Neighbours of one curve are painted together. */
function painted(row: readonly (Cell | undefined)[], theme: Pick<Theme, 'unicode'>): string {
  let line = '';
  for (let x = 0; x < row.length; ) {
    const curve = row[x]?.curve;
    let run = '';
    while (x < row.length && row[x]?.curve === curve) run += sign(row[x++], theme);
    line += curve ? curve.paint(run) : run;
  }
  return line;
}

function sign(cell: Cell | undefined, { unicode }: Pick<Theme, 'unicode'>): string {
  if (cell === undefined) return ' ';
  return unicode ? String.fromCharCode(BRAILLE + cell.dots) : cell.curve.dotted ? '.' : '*';
}

function xLine([from, to]: readonly [string, string], margin: number, columns: number): string {
  const left = truncate(from, columns);
  return (
    ' '.repeat(margin) + left + pad(truncate(to, columns - displayWidth(left)), columns - displayWidth(left), 'end')
  );
}

/** Dots in a field of so many; y grows downwards. */
function createCanvas(width: number, height: number) {
  return {
    stroke({ points, dotted }: Curve, { x, y, log }: PlotAxes, put: (x: number, y: number) => void): void {
      const level = log ? Math.log : (value: number) => value;
      const [left, right, bottom, top] = [x[0], x[1], level(y[0]), level(y[1])];
      const share = (value: number, from: number, to: number) =>
        to === from ? 0.5 : Math.max(0, Math.min(1, (value - from) / (to - from)));
      let last: readonly [number, number] | null = null;
      let drawn = 0;
      for (const point of points) {
        if (point.y === null || !Number.isFinite(point.y)) {
          last = null;
          continue;
        }
        const at = [
          Math.round(share(point.x, left, right) * (width - 1)),
          Math.round((1 - share(level(point.y), bottom, top)) * (height - 1)),
        ] as const;
        // A stroke starts from its first point; the later ones begin where the one before has ended.
        const [x0, y0]: readonly [number, number] = last ?? at;
        const steps = Math.max(Math.abs(at[0] - x0), Math.abs(at[1] - y0));
        for (let i = last === null ? 0 : 1; i <= steps; i++) {
          const along = steps === 0 ? 0 : i / steps;
          if (!dotted || drawn % DOTS_APART === 0)
            put(Math.round(x0 + along * (at[0] - x0)), Math.round(y0 + along * (at[1] - y0)));
          drawn++;
        }
        last = at;
      }
    },
  };
}
