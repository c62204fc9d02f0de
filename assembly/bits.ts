/**
 * Bit rows of a map: one bit a pixel, lowest first, in 64-bit words; the last word of a row has zeros past the width. Counts over
 * two bit rows cost an eighth of what they cost over pixels.
 */
import { Info, put } from './layout';

export function rowBytes(width: usize): usize {
  return ((width + 63) >> 6) << 3;
}

// @ts-ignore: decorator
@inline
function maskOf(v: v128, shift: u64): u64 {
  return (<u64>i8x16.bitmask(v) & 0xffff) << shift;
}

/** All ones in the first `n` lanes. */
// @ts-ignore: decorator
@inline
function firstLanes(n: usize): v128 {
  return i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>n));
}

/** The word of the last `n` pixels of a row (1 to 63), where they equal the value. */
function lastWord(at: usize, n: usize, value: v128): u64 {
  let word: u64 = 0;
  for (let x: usize = 0; x < n; x += 16) word |= maskOf(i8x16.eq(v128.load(at + x), value), x);
  return word & ((<u64>1 << n) - 1);
}

/** Bit rows of the pixels equal to `value`. */
export function markValue(at: usize, width: usize, height: usize, value: u32, bits: usize): void {
  const wanted = i8x16.splat(<i8>value);
  const whole = width & ~63;
  for (let y: usize = 0; y < height; y++) {
    for (let x: usize = 0; x < whole; x += 64, bits += 8) {
      const from = at + x;
      const low = maskOf(i8x16.eq(v128.load(from), wanted), 0) | maskOf(i8x16.eq(v128.load(from, 16), wanted), 16);
      const high = maskOf(i8x16.eq(v128.load(from, 32), wanted), 32) | maskOf(i8x16.eq(v128.load(from, 48), wanted), 48);
      store<u64>(bits, low | high);
    }
    if (whole < width) {
      store<u64>(bits, lastWord(at + whole, width - whole, wanted));
      bits += 8;
    }
    at += width;
  }
}

/** Bits of the pixels left of `half` in the word whose first pixel is x. */
// @ts-ignore: decorator
@inline
function leftPart(word: u64, x: usize, half: usize): u64 {
  if (x + 64 <= half) return word;
  return x < half ? word & ((<u64>1 << (half - x)) - 1) : 0;
}

/**
 * Bit rows of the pixels that are 255, and what can be counted on the way: 1 where every pixel is 0 or 255, pixels that are 255, and
 * how many of them are left of floor(width / 2) and on the border.
 */
export function surveyMask(at: usize, width: usize, height: usize, bits: usize): void {
  const full = i8x16.splat(-1);
  const whole = width & ~63;
  const rest = width - whole;
  const half = width >> 1;
  let strange = i64x2.splat(0);
  let on: u64 = 0;
  let left: u64 = 0;
  let border: u64 = 0;
  for (let y: usize = 0; y < height; y++) {
    const row = bits;
    let rowOn: u64 = 0;
    for (let x: usize = 0; x < whole; x += 64, bits += 8) {
      const v0 = v128.load(at + x);
      const v1 = v128.load(at + x, 16);
      const v2 = v128.load(at + x, 32);
      const v3 = v128.load(at + x, 48);
      const e0 = i8x16.eq(v0, full);
      const e1 = i8x16.eq(v1, full);
      const e2 = i8x16.eq(v2, full);
      const e3 = i8x16.eq(v3, full);
      // What is neither 0 nor 255 differs from what the comparison made of it.
      const ab = v128.or(v128.xor(v0, e0), v128.xor(v1, e1));
      strange = v128.or(strange, v128.or(ab, v128.or(v128.xor(v2, e2), v128.xor(v3, e3))));
      const word = maskOf(e0, 0) | maskOf(e1, 16) | maskOf(e2, 32) | maskOf(e3, 48);
      store<u64>(bits, word);
      rowOn += popcnt(word);
      left += popcnt(leftPart(word, x, half));
    }
    if (rest > 0) {
      for (let x: usize = 0; x < rest; x += 16) {
        const v = v128.load(at + whole + x);
        const odd = v128.xor(v, i8x16.eq(v, full));
        strange = v128.or(strange, v128.and(odd, firstLanes(min(rest - x, 16))));
      }
      const word = lastWord(at + whole, rest, full);
      store<u64>(bits, word);
      bits += 8;
      rowOn += popcnt(word);
      left += popcnt(leftPart(word, whole, half));
    }
    on += rowOn;
    if (y == 0 || y == height - 1) border += rowOn;
    else {
      const last = width - 1;
      border += load<u64>(row) & 1;
      if (last > 0) border += (load<u64>(row + ((last >> 6) << 3)) >> (last & 63)) & 1;
    }
    at += width;
  }
  put(Info.counts, u32(!v128.any_true(strange)));
  put(Info.counts + 4, <u32>on);
  put(Info.counts + 8, <u32>left);
  put(Info.counts + 12, <u32>border);
}

/** Bits of `a` that `b` lacks, among so many bytes. */
export function countOutside(a: usize, b: usize, bytes: usize): u32 {
  let outside: u64 = 0;
  for (let i: usize = 0; i < bytes; i += 8) outside += popcnt(load<u64>(a + i) & ~load<u64>(b + i));
  return <u32>outside;
}
