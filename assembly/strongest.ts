/**
 * The strongest channel of each pixel of a model's output, sixteen pixels at a time. Values are f32.
 * Arrays of n pixels lie at `winner` (bytes) and `best` (f32), each with room up to the next multiple of 16 pixels.
 */

/** Four pixels: puts what is better into `best`, and returns where `v` wins. */
// @ts-ignore: decorator
@inline
function take(v: v128, best: usize): v128 {
  const before = v128.load(best);
  const wins = f32x4.gt(v, before);
  v128.store(best, v128.bitselect(v, before, wins));
  return wins;
}

/** Zero where both vectors are finite, NaN elsewhere. */
// @ts-ignore: decorator
@inline
function poison(v: v128, w: v128): v128 {
  return v128.or(f32x4.sub(v, v), f32x4.sub(w, w));
}

// @ts-ignore: decorator
@inline
function largestLane(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/**
 * Channel after channel: channel c lies at `from + c * stride` bytes. `winner` gets the channel of the highest value above
 * `above`, the first of equals, or 255. Puts each channel's highest value at `highest` (f32 each). Returns 0 where a value is NaN
 * or infinite; the rest is then of no use.
 */
export function strongestChannel(
  from: usize,
  stride: usize,
  channels: u32,
  n: usize,
  above: f32,
  winner: usize,
  best: usize,
  highest: usize,
): u32 {
  const lowest = f32x4.splat(-f32.MAX_VALUE);
  const vectors = n & ~15;
  const bytes = ((n + 15) & ~15) << 2;
  const floor = f32x4.splat(above);
  memory.fill(winner, 255, n);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(best + at, floor);
  let check = i32x4.splat(0);
  for (let c: u32 = 0; c < channels; c++) {
    const plane = from + <usize>c * stride;
    const code = i8x16.splat(<i8>c);
    let high = lowest;
    let pixel: usize = 0;
    for (; pixel < vectors; pixel += 16) {
      const at = pixel << 2;
      const v0 = v128.load(plane + at);
      const v1 = v128.load(plane + at, 16);
      const v2 = v128.load(plane + at, 32);
      const v3 = v128.load(plane + at, 48);
      check = v128.or(check, v128.or(poison(v0, v1), poison(v2, v3)));
      high = f32x4.pmax(high, f32x4.pmax(f32x4.pmax(v0, v1), f32x4.pmax(v2, v3)));
      const low = i16x8.narrow_i32x4_s(take(v0, best + at), take(v1, best + at + 16));
      const wins = i8x16.narrow_i16x8_s(low, i16x8.narrow_i32x4_s(take(v2, best + at + 32), take(v3, best + at + 48)));
      v128.store(winner + pixel, v128.bitselect(code, v128.load(winner + pixel), wins));
    }
    let top = largestLane(high);
    for (; pixel < n; pixel++) {
      const at = pixel << 2;
      const v = load<f32>(plane + at);
      check = v128.or(check, f32x4.splat(v - v));
      if (v > top) top = v;
      if (v > load<f32>(best + at)) {
        store<f32>(best + at, v);
        store<u8>(winner + pixel, <u8>c);
      }
    }
    store<f32>(highest + (<usize>c << 2), top);
  }
  return u32(!v128.any_true(check));
}

/**
 * e^x for x <= 0 to about 1e-7 of it; 0 below -87. After Cephes' expf: e^x = 2^k e^r, |r| <= ln(2) / 2, e^r by a polynomial.
 * https://www.netlib.org/cephes/
 */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const inside = f32x4.ge(x, f32x4.splat(-87));
  const t = f32x4.pmax(x, f32x4.splat(-87));
  const k = f32x4.nearest(f32x4.mul(t, f32x4.splat(1.44269504088896341)));
  // ln(2) in two parts, the first with few bits: its product with k is exact.
  let r = f32x4.sub(t, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(k, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(p, power), inside);
}

/** Four pixels' softmax; the channels' highest so far are vectors at `maxima`. Lanes that are 0 in `mask` don't count. */
// @ts-ignore: decorator
@inline
function softmaxOf(plane: usize, stride: usize, channels: u32, best: v128, mask: v128, single: bool, maxima: usize): void {
  let sum = f32x4.splat(0);
  for (let c: u32 = 0, at = plane, to = maxima + (<usize>channels << 4); c < channels; c++, at += stride, to += 16) {
    const v = single ? v128.load32_zero(at) : v128.load(at);
    const e = exponential(f32x4.sub(v, best));
    v128.store(to, e);
    sum = f32x4.add(sum, e);
  }
  const share = v128.and(f32x4.div(f32x4.splat(1), sum), mask);
  for (let c: u32 = 0, at = maxima; c < channels; c++, at += 16) {
    const p = f32x4.mul(v128.load(at + (<usize>channels << 4)), share);
    v128.store(at, f32x4.pmax(v128.load(at), p));
  }
}

/**
 * The highest softmax probability of each channel, at `highest` (f32 each), of logits that are finite and whose highest values
 * `best` holds; `maxima` has room for 2 x 16 bytes a channel.
 */
export function softmaxMaxima(
  from: usize,
  stride: usize,
  channels: u32,
  n: usize,
  best: usize,
  highest: usize,
  maxima: usize,
): void {
  memory.fill(maxima, 0, <usize>channels << 4);
  let pixel: usize = 0;
  for (; pixel < (n & ~3); pixel += 4) {
    const at = pixel << 2;
    softmaxOf(from + at, stride, channels, v128.load(best + at), i32x4.splat(-1), false, maxima);
  }
  for (; pixel < n; pixel++) {
    const at = pixel << 2;
    softmaxOf(from + at, stride, channels, v128.load32_zero(best + at), i32x4(-1, 0, 0, 0), true, maxima);
  }
  for (let c: u32 = 0; c < channels; c++) {
    store<f32>(highest + (<usize>c << 2), largestLane(v128.load(maxima + (<usize>c << 4))));
  }
}

/** The largest distance from 1 of the sum over a pixel's channels, which are finite. */
export function largestSumError(from: usize, stride: usize, channels: u32, n: usize): f32 {
  const one = f32x4.splat(1);
  let worst = f32x4.splat(0);
  let pixel: usize = 0;
  for (; pixel < (n & ~3); pixel += 4) {
    let sum = f32x4.splat(0);
    for (let c: u32 = 0, at = from + (pixel << 2); c < channels; c++, at += stride) sum = f32x4.add(sum, v128.load(at));
    worst = f32x4.pmax(worst, f32x4.abs(f32x4.sub(sum, one)));
  }
  let largest = largestLane(worst);
  for (; pixel < n; pixel++) {
    let sum: f32 = 0;
    for (let c: u32 = 0, at = from + (pixel << 2); c < channels; c++, at += stride) sum += load<f32>(at);
    largest = max(largest, abs(sum - 1));
  }
  return largest;
}

/** Channels that stand side by side to one plane a channel, `stride` bytes apart. */
export function separateChannels(from: usize, channels: u32, n: usize, to: usize, stride: usize): void {
  for (let pixel: usize = 0; pixel < n; pixel++) {
    let out = to + (pixel << 2);
    for (let c: u32 = 0; c < channels; c++, from += 4, out += stride) store<f32>(out, load<f32>(from));
  }
}
