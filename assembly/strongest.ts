/**
 * The strongest channel of each pixel of a model's output, sixteen pixels at a time. Values are f32.
 * Arrays of n pixels lie at `winner` (bytes), `best` and `second` (f32; the last is left out where its address is 0), each with
 * room up to the next multiple of 16 pixels.
 */

/** Four pixels: puts what is better into `best` (and what is second), and returns where `v` wins. */
// @ts-ignore: decorator
@inline
function take(v: v128, best: usize, second: usize): v128 {
  const before = v128.load(best);
  const wins = f32x4.gt(v, before);
  v128.store(best, v128.bitselect(v, before, wins));
  if (second) v128.store(second, f32x4.pmax(v128.load(second), v128.bitselect(before, v, wins)));
  return wins;
}

/** Zero where both vectors are finite, NaN elsewhere. */
// @ts-ignore: decorator
@inline
function poison(v: v128, w: v128): v128 {
  return v128.or(f32x4.sub(v, v), f32x4.sub(w, w));
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
  second: usize,
  highest: usize,
): u32 {
  const lowest = f32x4.splat(-f32.MAX_VALUE);
  const vectors = n & ~15;
  const bytes = ((n + 15) & ~15) << 2;
  const floor = f32x4.splat(above);
  memory.fill(winner, 255, n);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(best + at, floor);
    if (second) v128.store(second + at, lowest);
  }
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
      const next = second ? second + at : 0;
      const w0 = take(v0, best + at, next);
      const w1 = take(v1, best + at + 16, next ? next + 16 : 0);
      const w2 = take(v2, best + at + 32, next ? next + 32 : 0);
      const w3 = take(v3, best + at + 48, next ? next + 48 : 0);
      const wins = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(w0, w1), i16x8.narrow_i32x4_s(w2, w3));
      v128.store(winner + pixel, v128.bitselect(code, v128.load(winner + pixel), wins));
    }
    let top = max(
      max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)),
      max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)),
    );
    for (; pixel < n; pixel++) {
      const at = pixel << 2;
      const v = load<f32>(plane + at);
      check = v128.or(check, f32x4.splat(v - v));
      if (v > top) top = v;
      const before = load<f32>(best + at);
      if (v > before) {
        store<f32>(best + at, v);
        store<u8>(winner + pixel, <u8>c);
        if (second) store<f32>(second + at, before);
      } else if (second) {
        if (v > load<f32>(second + at)) store<f32>(second + at, v);
      }
    }
    store<f32>(highest + (<usize>c << 2), top);
  }
  return u32(!v128.any_true(check));
}

/** Channels that stand side by side to one plane a channel, `stride` bytes apart. */
export function separateChannels(from: usize, channels: u32, n: usize, to: usize, stride: usize): void {
  for (let pixel: usize = 0; pixel < n; pixel++) {
    let out = to + (pixel << 2);
    for (let c: u32 = 0; c < channels; c++, from += 4, out += stride) store<f32>(out, load<f32>(from));
  }
}
