export type Values =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array;

/** One image's part of an output: value of channel c at pixel p is data[base + p x pixelStep + c x channelStep]. */
export interface Planes {
  data: Values;
  base: number;
  /** Pixels. */
  size: number;
  channels: number;
  pixelStep: number;
  channelStep: number;
}

export interface Strongest {
  /** For each pixel the channel of the highest value, the first of equals; NONE where no value is above the floor. */
  winner: Uint8Array;
  /** Highest finite value of each channel in any pixel, -Infinity where it has none; for logits its highest softmax probability. */
  highest: Float32Array | Float64Array;
  /** False where a value is NaN or infinite. */
  finite: boolean;
}

/** The largest distance from 1 of the sum of a pixel's values times `unit`; pixels with a value that is no number don't count. */
export function findSumError(planes: Planes, unit: number): number {
  let worst = 0;
  for (let pixel = 0; pixel < planes.size; pixel++) {
    const error = Math.abs(valuesOf(planes, pixel).reduce((sum, value) => sum + value * unit, 0) - 1);
    if (error > worst && Number.isFinite(error)) worst = error;
  }
  return worst;
}

/** No channel: there are at most 255 of them. */
export const NONE = 255;

/**
 * The strongest channel of each pixel, of those above `floor`; for values of any type, NaN among them: it never wins, being in
 * no order to a number.
 */
export function findStrongest(planes: Planes, floor: number): Strongest {
  const { size, channels } = planes;
  const winner = new Uint8Array(size).fill(NONE);
  const highest = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY);
  let finite = true;
  for (let pixel = 0; pixel < size; pixel++) {
    let best = floor;
    for (const [c, value] of valuesOf(planes, pixel).entries()) {
      if (!Number.isFinite(value)) finite = false;
      else if (value > highest[c]) highest[c] = value;
      if (value > best) {
        best = value;
        winner[pixel] = c;
      }
    }
  }
  return { winner, highest, finite };
}

/**
 * The highest softmax probability of each channel of logits in any pixel, -Infinity where it has none: pixels with a value that
 * is NaN or infinite give none.
 */
export function findSoftmaxMaxima(planes: Planes): Float64Array {
  const highest = new Float64Array(planes.channels).fill(Number.NEGATIVE_INFINITY);
  for (let pixel = 0; pixel < planes.size; pixel++) {
    const values = valuesOf(planes, pixel);
    if (!values.every(Number.isFinite)) continue;
    const top = Math.max(...values);
    const exps = values.map((value) => Math.exp(value - top));
    const sum = exps.reduce((total, e) => total + e, 0);
    for (const [c, e] of exps.entries()) highest[c] = Math.max(highest[c], e / sum);
  }
  return highest;
}

function valuesOf({ data, base, channels, pixelStep, channelStep }: Planes, pixel: number): number[] {
  return Array.from({ length: channels }, (_, c) => data[base + pixel * pixelStep + c * channelStep]);
}
