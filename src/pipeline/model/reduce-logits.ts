/** One image's part of an output: value of channel c at pixel p is data[base + p x pixelStep + c x channelStep]. */
export interface Planes {
  data: ArrayLike<number>;
  base: number;
  /** Pixels. */
  size: number;
  channels: number;
  pixelStep: number;
  channelStep: number;
}

/**
 * Labels of logits before a softmax, and for each channel the highest log odds ln(p / (1 - p)) that its softmax probability p
 * reaches in any pixel; false where a value is NaN or infinite.
 *
 * The log odds of channel c are l_c - ln(sum of exp(l_j) over the others), never more than l_c - max(others). Only pixels where
 * that bound is above the record so far need exponentials: a few hundred of 65,536 in a usual picture, and the result is the
 * same as with all of them, since ln(sum) >= max holds after rounding too.
 */
export function strongestLogit(planes: Planes, codes: Uint8Array, labels: Uint8Array, highest: Float64Array): boolean {
  const { data, base, size, channels, pixelStep, channelStep } = planes;
  let poison = 0;
  for (let pixel = 0, at = base; pixel < size; pixel++, at += pixelStep) {
    let best = Number.NEGATIVE_INFINITY;
    let second = Number.NEGATIVE_INFINITY;
    let winner = -1;
    let sum = 0;
    for (let c = 0, from = at; c < channels; c++, from += channelStep) {
      const value = data[from];
      sum += value;
      if (value > best) {
        second = best;
        best = value;
        winner = c;
      } else if (value > second) second = value;
    }
    labels[pixel] = winner < 0 ? 0 : codes[winner];
    if (sum - sum !== 0) {
      poison = 1;
      continue;
    }
    for (let c = 0, from = at; c < channels; c++, from += channelStep) {
      const others = c === winner ? second : best;
      if (data[from] - others > highest[c]) {
        highest[c] = Math.max(highest[c], data[from] - logSumOfOthers(planes, at, c, others));
      }
    }
  }
  return poison === 0;
}

/** ln of the sum of exp over all channels but `except`; `largest` is the largest of them. */
function logSumOfOthers({ data, channels, channelStep }: Planes, at: number, except: number, largest: number): number {
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    if (c !== except) sum += Math.exp(data[at + c * channelStep] - largest);
  }
  return largest + Math.log(sum);
}
