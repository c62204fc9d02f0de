/**
 * Adler-32 (RFC 1950) by vectors, 64 bytes a step. Of n steps with byte sums s, a grows by the sum of all bytes, and b by
 * 64 n a + 64 (sum of the s before each step) + each byte times its place from the step's end, 64 to 1. That place is, for byte i
 * of vector j, 16 (3 - j) + 15 - (i & ~1) for its pair, and 1 more for the even one of the pair.
 */

const BASE: u32 = 65521;
/** Sums of columns are kept in 16 bits: 64 steps x 4 vectors x 255 still fit. */
const BLOCK: usize = 4096;

// @ts-ignore: decorator
@inline
function lanes(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

// @ts-ignore: decorator
@inline
function weighted(columns: v128, weights: v128): u32 {
  return lanes(
    i32x4.add(i32x4.extmul_low_i16x8_u(columns, weights), i32x4.extmul_high_i16x8_u(columns, weights)),
  );
}

/** `adler` goes on from the bytes before; it begins as 1. */
export function adler32(adler: u32, at: usize, length: usize): u32 {
  let a: u32 = adler & 0xffff;
  let b: u32 = adler >> 16;
  const zero = i64x2.splat(0);
  const low = i16x8.splat(255);
  const places = i16x8(15, 13, 11, 9, 7, 5, 3, 1);
  while (length >= 64) {
    const bytes = (length < BLOCK ? length : BLOCK) & ~63;
    const end = at + bytes;
    let sum = zero;
    let before = zero;
    let even = zero;
    let pairs0 = zero;
    let pairs1 = zero;
    let pairs2 = zero;
    let pairs3 = zero;
    for (; at < end; at += 64) {
      const v0 = v128.load(at);
      const v1 = v128.load(at, 16);
      const v2 = v128.load(at, 32);
      const v3 = v128.load(at, 48);
      const p0 = i16x8.extadd_pairwise_i8x16_u(v0);
      const p1 = i16x8.extadd_pairwise_i8x16_u(v1);
      const p2 = i16x8.extadd_pairwise_i8x16_u(v2);
      const p3 = i16x8.extadd_pairwise_i8x16_u(v3);
      pairs0 = i16x8.add(pairs0, p0);
      pairs1 = i16x8.add(pairs1, p1);
      pairs2 = i16x8.add(pairs2, p2);
      pairs3 = i16x8.add(pairs3, p3);
      const even01 = i16x8.add(v128.and(v0, low), v128.and(v1, low));
      const even23 = i16x8.add(v128.and(v2, low), v128.and(v3, low));
      even = i16x8.add(even, i16x8.add(even01, even23));
      before = i32x4.add(before, sum);
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.add(i16x8.add(p0, p1), i16x8.add(p2, p3))));
    }
    b = (b + <u32>bytes * a + (lanes(before) << 6)) % BASE;
    b += weighted(pairs0, i16x8.add(places, i16x8.splat(48))) + weighted(pairs1, i16x8.add(places, i16x8.splat(32)));
    b += weighted(pairs2, i16x8.add(places, i16x8.splat(16))) + weighted(pairs3, places);
    b = (b + lanes(i32x4.extadd_pairwise_i16x8_u(even))) % BASE;
    a = (a + lanes(sum)) % BASE;
    length -= bytes;
  }
  for (; length > 0; length--) {
    a += load<u8>(at++);
    b += a;
  }
  return ((b % BASE) << 16) | a % BASE;
}
