import type { Pixels } from '../../engines/engine.js';
import { IGNORED } from '../trainer.js';
import type { Affine } from './affine.js';

/** The size of an example, in pixels. */
export interface ExampleSize {
  width: number;
  height: number;
}

/**
 * Draws a picture through a map: bilinear between the four nearest samples with pixel centres, as a model's input is resized, and
 * rounded to whole samples. Borders repeat half a pixel; beyond them it is black.
 */
export function warpPicture({ data, width, height, channels }: Pixels, map: Affine, size: ExampleSize): Pixels {
  const out = new Uint8Array(size.width * size.height * channels);
  const step = steps(map, size, width, height);
  for (let j = 0, at = 0; j < size.height; j++) {
    for (let i = 0; i < size.width; i++, at += channels) {
      const x = step.x0 + i * step.xi + j * step.xj;
      const y = step.y0 + i * step.yi + j * step.yj;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const left = Math.min(width - 1, Math.max(0, x - 0.5));
      const top = Math.min(height - 1, Math.max(0, y - 0.5));
      const column = Math.floor(left);
      const row = Math.floor(top);
      const right = left - column;
      const below = top - row;
      const first = (row * width + column) * channels;
      const across = column + 1 < width ? channels : 0;
      const down = row + 1 < height ? width * channels : 0;
      for (let c = 0; c < channels; c++) {
        const from = first + c;
        const upper = data[from] + right * (data[from + across] - data[from]);
        const lower = data[from + down] + right * (data[from + down + across] - data[from + down]);
        out[at + c] = Math.round(upper + below * (lower - upper));
      }
    }
  }
  return { ...size, channels, data: out };
}

/** Draws a label map through the same map: the pixel that it falls into, never a value in between. Outside: no loss. */
export function warpLabels(
  labels: Uint8Array,
  { width, height }: ExampleSize,
  map: Affine,
  size: ExampleSize,
  out: Uint8Array,
): void {
  const step = steps(map, size, width, height);
  for (let j = 0, at = 0; j < size.height; j++) {
    for (let i = 0; i < size.width; i++, at++) {
      const x = step.x0 + i * step.xi + j * step.xj;
      const y = step.y0 + i * step.yi + j * step.yj;
      const inside = x >= 0 && y >= 0 && x < width && y < height;
      out[at] = inside ? labels[Math.floor(y) * width + Math.floor(x)] : IGNORED;
    }
  }
}

/** The map from pixel (i, j) of the example to the place in the picture, in its pixels from its corner. */
function steps({ a, b, c, d, tx, ty }: Affine, size: ExampleSize, width: number, height: number) {
  const u = 0.5 / size.width - 0.5;
  const v = 0.5 / size.height - 0.5;
  return {
    x0: (a * u + b * v + tx + 0.5) * width,
    y0: (c * u + d * v + ty + 0.5) * height,
    xi: (a / size.width) * width,
    xj: (b / size.height) * width,
    yi: (c / size.width) * height,
    yj: (d / size.height) * height,
  };
}
