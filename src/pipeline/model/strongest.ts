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

/** What is found; all but `highest` have one value a pixel. */
export interface Strongest {
  /** The channel of the highest value, the first of equals; NONE where no value is above the floor. */
  winner: Uint8Array;
  /** Its value. */
  best: Float32Array | Float64Array;
  /** The second highest value. */
  second: Float32Array | Float64Array;
  /** Highest finite value of each channel in any pixel, -Infinity where it has none. */
  highest: Float32Array | Float64Array;
  /** False where a value is NaN or infinite. */
  finite: boolean;
}

/** No channel: there are at most 255 of them. */
export const NONE = 255;

/**
 * The strongest channel of each pixel, of those above `floor`; for values of any type, NaN among them: it never wins, being in
 * no order to a number.
 */
export function findStrongest(
  { data, base, size, channels, pixelStep, channelStep }: Planes,
  floor: number,
): Strongest {
  const winner = new Uint8Array(size).fill(NONE);
  const best = new Float64Array(size).fill(floor);
  const second = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const highest = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY);
  let finite = true;
  for (let pixel = 0; pixel < size; pixel++) {
    for (let c = 0; c < channels; c++) {
      const value = data[base + pixel * pixelStep + c * channelStep];
      if (!Number.isFinite(value)) finite = false;
      else if (value > highest[c]) highest[c] = value;
      if (value > best[pixel]) {
        second[pixel] = best[pixel];
        best[pixel] = value;
        winner[pixel] = c;
      } else if (value > second[pixel]) second[pixel] = value;
    }
  }
  return { winner, best, second, highest, finite };
}
