import type { Rgb } from '../../../pipeline/overlays/palette.js';
import type { Texture } from '../../../pipeline/overlays/panel.js';
import type { Theme } from '../theme.js';
import { fitRegion, type Region } from './frame.js';
import type { OverlayStyle } from './overlay.js';
import { sampleGray, sampleLabels } from './sample.js';

export interface PictureRequest {
  /** Gray, row-major, width x height; null where there is none. */
  image: Uint8Array | null;
  labels: Uint8Array | null;
  /** What the labels look like. */
  overlay: OverlayStyle;
  /** Pixels of a row of both. */
  width: number;
  /** The part that is shown. */
  region: Region;
}

/** What is shown where there is no image. */
const NO_IMAGE = 64;
/** From black to white, by the ink of a character. */
const RAMP = ' .:-=+*#%@';
const HALF = '▀';

/** Dots after which a texture repeats. Terminals have few. */
const covers: Record<Texture, (x: number, y: number) => boolean> = {
  solid: () => true,
  stripes: (x, y) => (x + y) % 3 !== 2,
  dots: (x, y) => (x + y) % 2 === 0,
};

interface Dots {
  columns: number;
  rows: number;
  gray: Uint8Array;
  labels: Uint8Array | null;
}

function sample({ image, labels, overlay, width, region }: PictureRequest, columns: number, rows: number): Dots {
  return {
    columns,
    rows,
    gray: image ? sampleGray(image, width, region, columns, rows) : new Uint8Array(columns * rows).fill(NO_IMAGE),
    labels: labels && sampleLabels(labels, width, region, { columns, rows, rank: overlay.rank }),
  };
}

/**
 * An image with its labels over it in at most `columns` x `rows` cells: two dots a cell by half blocks where the terminal has
 * Unicode and at least 256 colours, one dot a cell in coloured ground without Unicode, characters of more or less ink with the
 * labels' letters without enough colours. A cell is taken to be twice as high as it is wide.
 */
export function drawPicture(request: PictureRequest, columns: number, rows: number, theme: Theme): string[] {
  const fit = fitRegion(request.region, columns, rows * 2);
  const cellRows = Math.max(1, Math.ceil(fit.rows / 2));
  if (theme.colours < 256) return letters(sample(request, fit.columns, cellRows), request.overlay, theme);
  if (!theme.unicode) return grounds(sample(request, fit.columns, cellRows), request.overlay, theme);
  return halves(sample(request, fit.columns, fit.rows), request.overlay, theme);
}

function dotColour({ gray, labels, columns }: Dots, { styles }: OverlayStyle, x: number, y: number): Rgb {
  const at = y * columns + x;
  const level = gray[at];
  const style = labels === null ? undefined : styles[labels[at]];
  if (style === undefined || !covers[style.texture](x, y)) return [level, level, level];
  const mix = (part: number) => Math.round(style.colour[part] * style.fill + level * (1 - style.fill));
  return [mix(0), mix(1), mix(2)];
}

function halves(dots: Dots, overlay: OverlayStyle, theme: Theme): string[] {
  const lines: string[] = [];
  for (let y = 0; y < dots.rows; y += 2) {
    let line = '';
    let [fore, back] = ['', ''];
    for (let x = 0; x < dots.columns; x++) {
      const upper = theme.start(dotColour(dots, overlay, x, y), 'fore');
      // The last row of an odd number has nothing below it.
      const lower = y + 1 < dots.rows ? theme.start(dotColour(dots, overlay, x, y + 1), 'back') : '';
      line += (upper === fore ? '' : upper) + (lower === back ? '' : lower) + HALF;
      [fore, back] = [upper, lower];
    }
    lines.push(line + theme.reset);
  }
  return lines;
}

function grounds(dots: Dots, overlay: OverlayStyle, theme: Theme): string[] {
  const lines: string[] = [];
  for (let y = 0; y < dots.rows; y++) {
    let line = '';
    let back = '';
    for (let x = 0; x < dots.columns; x++) {
      const start = theme.start(dotColour(dots, overlay, x, y), 'back');
      line += `${start === back ? '' : start} `;
      back = start;
    }
    lines.push(line + theme.reset);
  }
  return lines;
}

function letters({ columns, rows, gray, labels }: Dots, { styles }: OverlayStyle, theme: Theme): string[] {
  const lines: string[] = [];
  for (let y = 0; y < rows; y++) {
    let line = '';
    for (let x = 0; x < columns; x++) {
      const at = y * columns + x;
      const style = labels === null ? undefined : styles[labels[at]];
      if (style === undefined) line += RAMP[Math.min(RAMP.length - 1, Math.floor((gray[at] * RAMP.length) / 256))];
      else line += theme.colour(style.colour, null, style.letter);
    }
    lines.push(line);
  }
  return lines;
}
