/**
 * Adler-32 (RFC 1950) by vectors. Over a block of k vectors with byte sums s_j: a grows by the sum of all bytes, b by
 * 16 k a + 16 (sum of the s before each vector) + (each column's bytes, weighted 16..1).
 */

const BASE: u32 = 65521;
/** Column sums are kept in 16 bits: 256 vectors x 255 still fit. */
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
    v128.add<i32>(i32x4.extmul_low_i16x8_u(columns, weights), i32x4.extmul_high_i16x8_u(columns, weights)),
  );
}

/** `adler` goes on from the bytes before; it begins as 1. */
export function adler32(adler: u32, at: usize, length: usize): u32 {
  let a: u32 = adler & 0xffff;
  let b: u32 = adler >> 16;
  const zero = i64x2.splat(0);
  while (length >= 64) {
    const bytes = (length < BLOCK ? length : BLOCK) & ~63;
    const end = at + bytes;
    let sum = zero;
    let before = zero;
    let low = zero;
    let high = zero;
    for (; at < end; at += 64) {
      const v0 = v128.load(at);
      const v1 = v128.load(at, 16);
      const v2 = v128.load(at, 32);
      const v3 = v128.load(at, 48);
      if (!v128.any_true(v128.or(v128.or(v0, v1), v128.or(v2, v3)))) {
        before = i32x4.add(before, i32x4.shl(sum, 2));
        continue;
      }
      const s0 = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v0));
      const s1 = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v1));
      const s2 = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v2));
      const s3 = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v3));
      before = i32x4.add(before, sum);
      sum = i32x4.add(sum, s0);
      before = i32x4.add(before, sum);
      sum = i32x4.add(sum, s1);
      before = i32x4.add(before, sum);
      sum = i32x4.add(sum, s2);
      before = i32x4.add(before, sum);
      sum = i32x4.add(sum, s3);
      low = i16x8.add(
        low,
        i16x8.add(
          i16x8.add(i16x8.extend_low_i8x16_u(v0), i16x8.extend_low_i8x16_u(v1)),
          i16x8.add(i16x8.extend_low_i8x16_u(v2), i16x8.extend_low_i8x16_u(v3)),
        ),
      );
      high = i16x8.add(
        high,
        i16x8.add(
          i16x8.add(i16x8.extend_high_i8x16_u(v0), i16x8.extend_high_i8x16_u(v1)),
          i16x8.add(i16x8.extend_high_i8x16_u(v2), i16x8.extend_high_i8x16_u(v3)),
        ),
      );
    }
    b = (b + <u32>bytes * a) % BASE;
    b += (lanes(before) << 4) % BASE;
    b += weighted(low, i16x8(16, 15, 14, 13, 12, 11, 10, 9)) + weighted(high, i16x8(8, 7, 6, 5, 4, 3, 2, 1));
    b %= BASE;
    a = (a + lanes(sum)) % BASE;
    length -= bytes;
  }
  for (; length > 0; length--) {
    a += load<u8>(at++);
    b += a;
  }
  return ((b % BASE) << 16) | a % BASE;
}
