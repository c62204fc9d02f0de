import type { Planes, Strongest } from './strongest.js';

/** A sparse sweep first: its records spare the full one most exponentials where logits rise smoothly. */
const SWEEPS = [37, 1];
/** Far beyond the rounding of the bound, and worth nothing in a probability. */
const SLACK = 1e-12;

/**
 * The highest softmax probability of each channel of logits in any pixel; NaN where it has none. Pixels with a value that is NaN
 * or infinite give none.
 *
 * The probability of channel c is 1 / (1 + S), S the sum of exp(l_j - l_c) over the others. S is at least exp(max(others) - l_c),
 * so exponentials are needed only in pixels where l_c - max(others) is above -ln(the lowest S so far): a few thousand of
 * 65,536 in a usual picture. Where a channel wins a pixel that difference is best - second, elsewhere it is <= 0.
 */
export function softmaxMaxima(planes: Planes, { winner, best, second }: Strongest): Float64Array {
  const { data, base, size, channels, pixelStep, channelStep } = planes;
  const lowest = new Float64Array(channels).fill(Number.NaN);
  const bound = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY);
  const visit = (pixel: number, channel: number) => {
    const sum = sumOfOthers(planes, pixel, channel);
    if (sum < lowest[channel] || (Number.isNaN(lowest[channel]) && !Number.isNaN(sum))) {
      lowest[channel] = sum;
      bound[channel] = -Math.log(sum) - SLACK;
    }
  };
  for (const step of SWEEPS) {
    for (let pixel = 0; pixel < size; pixel += step) {
      const channel = winner[pixel];
      if (best[pixel] - second[pixel] > bound[channel]) visit(pixel, channel);
    }
  }
  for (let c = 0; c < channels; c++) {
    if (bound[c] >= 0) continue;
    for (const step of SWEEPS) {
      for (let pixel = 0, at = base + c * channelStep; pixel < size; pixel += step, at += pixelStep * step) {
        if (data[at] - best[pixel] > bound[c] && winner[pixel] !== c) visit(pixel, c);
      }
    }
  }
  return lowest.map((sum) => 1 / (1 + sum));
}

/** Sum of exp(l_j - l_c) over all channels j but c, NaN where a value of the pixel isn't finite. */
function sumOfOthers({ data, base, channels, pixelStep, channelStep }: Planes, pixel: number, c: number): number {
  const first = base + pixel * pixelStep;
  const own = data[first + c * channelStep];
  let sum = 0;
  let check = own - own;
  for (let j = 0; j < channels; j++) {
    const value = data[first + j * channelStep];
    check += value - value;
    if (j !== c) sum += Math.exp(value - own);
  }
  return check + sum;
}
