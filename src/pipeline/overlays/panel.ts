import { blend, type Canvas } from './canvas.js';
import type { Grid } from './grid.js';
import type { Rgb } from './palette.js';

export type Texture = 'solid' | 'stripes' | 'dots';

/** How the pixels of one label look. */
export interface LabelStyle {
  colour: Rgb;
  /** Share of the colour in the fill, 0..1; textures put it on part of the area only. */
  fill: number;
  /** Share of the colour in the outline. */
  outline: number;
  texture: Texture;
}

/** What is shown where there is no image. */
const NO_IMAGE = 64;

/** Canvas pixels after which a texture repeats. */
const PERIOD = 6;

/** Whether a texture covers a canvas pixel: stripes and dots tell areas apart without colour. */
export function covers(texture: Texture, x: number, y: number): boolean {
  if (texture === 'stripes') return (x + y) % PERIOD < PERIOD / 2;
  if (texture === 'dots') return x % PERIOD < PERIOD / 2 && y % PERIOD < PERIOD / 2;
  return true;
}

/** Each value repeated `grid.enlarge` times in both directions: from the reduced size to a panel's, interleaved as it was. */
export function enlarge(values: Uint8Array, grid: Grid, channels: number): Uint8Array {
  const { width, height, enlarge: factor } = grid;
  if (factor === 1) return values;
  const columns = width / factor;
  const large = new Uint8Array(width * height * channels);
  for (let row = 0; row < height / factor; row++) {
    let to = row * factor * width * channels;
    const start = to;
    for (let column = 0; column < columns; column++) {
      const from = (row * columns + column) * channels;
      for (let copy = 0; copy < factor; copy++) {
        for (let channel = 0; channel < channels; channel++) large[to++] = values[from + channel];
      }
    }
    for (let copy = 1; copy < factor; copy++) large.copyWithin(start + copy * width * channels, start, to);
  }
  return large;
}

/** Draws an image of a panel's size, gray or RGB by its length, with its upper left corner at (left, top). */
export function drawImage(target: Canvas, left: number, top: number, grid: Grid, values: Uint8Array | null): void {
  const { width, height } = grid;
  const step = values && values.length > width * height ? 3 : 1;
  for (let y = 0; y < height; y++) {
    let to = ((top + y) * target.width + left) * 3;
    for (let from = y * width * step; from < (y + 1) * width * step; from += step) {
      target.data[to++] = values ? values[from] : NO_IMAGE;
      target.data[to++] = values ? values[from + (step === 3 ? 1 : 0)] : NO_IMAGE;
      target.data[to++] = values ? values[from + (step === 3 ? 2 : 0)] : NO_IMAGE;
    }
  }
}

/**
 * Draws labels of a panel's size over it: a fill that lets the image through, and an outline on the inner side of each
 * region's border, `thickness` canvas pixels wide. Labels without a style are left alone; the picture's edge is no border.
 */
export function drawLabels(
  target: Canvas,
  left: number,
  top: number,
  { width, height }: Grid,
  labels: Uint8Array,
  styles: readonly (LabelStyle | null)[],
  thickness: number,
): void {
  const down = thickness * width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const label = labels[i];
      const style = styles[label];
      if (!style) continue;
      const border =
        (x >= thickness && labels[i - thickness] !== label) ||
        (x + thickness < width && labels[i + thickness] !== label) ||
        (y >= thickness && labels[i - down] !== label) ||
        (y + thickness < height && labels[i + down] !== label);
      if (border) blend(target, left + x, top + y, style.colour, style.outline);
      else if (covers(style.texture, x, y)) blend(target, left + x, top + y, style.colour, style.fill);
    }
  }
}
