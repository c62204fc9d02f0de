export const RESIZE_METHODS = ['bilinear', 'bilinear-antialias', 'nearest'] as const;
export type ResizeMethod = (typeof RESIZE_METHODS)[number];

/** One axis of a separable resize: output i is the sum over t < taps of weight[i x taps + t] x input[start[i] + t]. */
export interface AxisTable {
  taps: number;
  /** First input sample of each output sample; start + taps never passes the input's end. */
  start: Int32Array;
  weight: Float64Array;
}

/**
 * Weights with half-pixel centres: output i lies at (i + 0.5) x in / out - 0.5, borders repeat.
 *
 * - `bilinear`: the two neighbours, also when shrinking (OpenCV's INTER_LINEAR, tf.image.resize with antialias=False).
 * - `bilinear-antialias`: a triangle as wide as the shrink factor, renormalised at the borders (Pillow's BILINEAR,
 *   tf.image.resize with antialias=True, torchvision with antialias).
 * - `nearest`: floor((i + 0.5) x in / out).
 */
export function axisTable(input: number, output: number, method: ResizeMethod): AxisTable {
  const scale = input / output;
  const radius = method === 'bilinear-antialias' ? Math.max(1, scale) : 1;
  const taps = method === 'nearest' ? 1 : Math.min(input, method === 'bilinear' ? 2 : 2 * Math.ceil(radius) + 1);
  const start = new Int32Array(output);
  const weight = new Float64Array(output * taps);
  for (let i = 0; i < output; i++) {
    const centre = (i + 0.5) * scale;
    if (method === 'nearest') {
      start[i] = Math.min(input - 1, Math.floor(centre));
      weight[i] = 1;
      continue;
    }
    const first = Math.min(input - taps, Math.max(0, Math.floor(centre - radius - 0.5) + 1));
    start[i] = first;
    if (method === 'bilinear') {
      const position = Math.min(input - 1, Math.max(0, centre - 0.5));
      for (let t = 0; t < taps; t++) weight[i * taps + t] = Math.max(0, 1 - Math.abs(first + t - position));
    } else {
      let sum = 0;
      for (let t = 0; t < taps; t++) sum += Math.max(0, 1 - Math.abs(first + t + 0.5 - centre) / radius);
      for (let t = 0; t < taps; t++) {
        weight[i * taps + t] = Math.max(0, 1 - Math.abs(first + t + 0.5 - centre) / radius) / sum;
      }
    }
  }
  return { taps, start, weight };
}

/**
 * Resizes one plane, rows first. `source` is read at `offset + step x pixel` (step 3 and offset 0..2 pick a colour of an
 * interleaved picture); `rows` is scratch of at least height x x.start.length; `out` takes y.start.length x x.start.length values.
 */
export function resample(
  source: ArrayLike<number>,
  step: number,
  offset: number,
  width: number,
  height: number,
  x: AxisTable,
  y: AxisTable,
  rows: Float64Array,
  out: Float64Array,
): void {
  const outWidth = x.start.length;
  for (let row = 0; row < height; row++) {
    sumRow(source, offset + row * width * step, step, x, rows, row * outWidth);
  }
  out.fill(0, 0, y.start.length * outWidth);
  for (let j = 0; j < y.start.length; j++) {
    for (let t = 0; t < y.taps; t++) {
      const weight = y.weight[j * y.taps + t];
      const from = (y.start[j] + t) * outWidth;
      for (let i = 0; i < outWidth; i++) out[j * outWidth + i] += weight * rows[from + i];
    }
  }
}

/** One row along x, into rows[to...]. */
function sumRow(
  source: ArrayLike<number>,
  base: number,
  step: number,
  x: AxisTable,
  rows: Float64Array,
  to: number,
): void {
  const { taps, start, weight } = x;
  if (taps === 2) {
    for (let i = 0; i < start.length; i++) {
      const at = base + start[i] * step;
      rows[to + i] = weight[2 * i] * source[at] + weight[2 * i + 1] * source[at + step];
    }
    return;
  }
  for (let i = 0; i < start.length; i++) {
    let at = base + start[i] * step;
    let sum = 0;
    for (let t = i * taps; t < (i + 1) * taps; t++, at += step) sum += weight[t] * source[at];
    rows[to + i] = sum;
  }
}
