/** Counts of values and labels. Vectors of one value, which masks are made of, are counted whole. */
import { Info, put } from './layout';

/** Vectors whose matches an 8-bit lane can count. */
const LANE_BLOCK: usize = 255 * 16;

/** Sum of sixteen unsigned bytes. */
// @ts-ignore: decorator
@inline
export function sumBytes(v: v128): u32 {
  const s = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v));
  return i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1) + i32x4.extract_lane(s, 2) + i32x4.extract_lane(s, 3);
}

export function countBinary(at: usize, n: usize): void {
  let zeros: u32 = 0;
  let full: u32 = 0;
  const none = i64x2.splat(0);
  const all = i8x16.splat(-1);
  const vectors = at + (n & ~15);
  const end = at + n;
  while (at < vectors) {
    const stop = min(at + LANE_BLOCK, vectors);
    let z = none;
    let f = none;
    for (; at < stop; at += 16) {
      const v = v128.load(at);
      z = i8x16.sub(z, i8x16.eq(v, none));
      f = i8x16.sub(f, i8x16.eq(v, all));
    }
    zeros += sumBytes(z);
    full += sumBytes(f);
  }
  for (; at < end; at++) {
    const v = load<u8>(at);
    zeros += u32(v == 0);
    full += u32(v == 255);
  }
  put(Info.counts, zeros);
  put(Info.counts + 4, full);
}

// @ts-ignore: decorator
@inline
function bump(table: usize, index: u32, by: u32): void {
  const slot = table + (<usize>index << 2);
  store<u32>(slot, load<u32>(slot) + by);
}

/** Pixels of each byte value, into 256 words at `table`; `scratch` has room for 1,024 words. */
export function histogram(at: usize, n: usize, table: usize, scratch: usize): void {
  memory.fill(scratch, 0, 4096);
  const vectors = at + (n & ~15);
  const end = at + n;
  for (; at < vectors; at += 16) {
    const v = v128.load(at);
    const first = i8x16.extract_lane_u(v, 0);
    if (i8x16.all_true(i8x16.eq(v, i8x16.splat(<i8>first)))) {
      bump(scratch, first, 16);
      continue;
    }
    // Four tables, so that equal neighbours don't wait for each other.
    let w = i64x2.extract_lane(v, 0);
    for (let k = 0; k < 2; k++) {
      bump(scratch, <u32>(w & 255), 1);
      bump(scratch + 1024, <u32>((w >> 8) & 255), 1);
      bump(scratch + 2048, <u32>((w >> 16) & 255), 1);
      bump(scratch + 3072, <u32>((w >> 24) & 255), 1);
      bump(scratch, <u32>((w >> 32) & 255), 1);
      bump(scratch + 1024, <u32>((w >> 40) & 255), 1);
      bump(scratch + 2048, <u32>((w >> 48) & 255), 1);
      bump(scratch + 3072, <u32>((w >> 56) & 255), 1);
      w = i64x2.extract_lane(v, 1);
    }
  }
  for (; at < end; at++) bump(scratch, load<u8>(at), 1);
  for (let i: usize = 0; i < 1024; i += 16) {
    const low = i32x4.add(v128.load(scratch + i), v128.load(scratch + 1024 + i));
    const high = i32x4.add(v128.load(scratch + 2048 + i), v128.load(scratch + 3072 + i));
    v128.store(table + i, i32x4.add(low, high));
  }
}

/** Pixels of each label where `mask` is 0, into 256 words at `table`. */
export function countWhereZero(labels: usize, mask: usize, n: usize, table: usize): void {
  memory.fill(table, 0, 1024);
  const none = i64x2.splat(0);
  const end = labels + n;
  const vectors = labels + (n & ~15);
  for (; labels < vectors; labels += 16, mask += 16) {
    const off = i8x16.eq(v128.load(mask), none);
    let places = i8x16.bitmask(off);
    if (places == 0) continue;
    const v = v128.load(labels);
    const first = i8x16.extract_lane_u(v, 0);
    if (i8x16.all_true(i8x16.eq(v, i8x16.splat(<i8>first)))) {
      bump(table, first, popcnt(places));
      continue;
    }
    for (; places; places &= places - 1) bump(table, load<u8>(labels + ctz(places)), 1);
  }
  for (; labels < end; labels++, mask++) {
    if (load<u8>(mask) == 0) bump(table, load<u8>(labels), 1);
  }
}

/** Row-major classes x classes words at `table`, rows truth. */
export function confusion(truth: usize, predicted: usize, n: usize, classes: u32, table: usize): void {
  memory.fill(table, 0, <usize>(classes * classes) << 2);
  const end = truth + n;
  const vectors = truth + (n & ~15);
  while (truth < vectors) {
    const t = v128.load(truth);
    const p = v128.load(predicted);
    const first = i8x16.extract_lane_u(t, 0);
    const guess = i8x16.extract_lane_u(p, 0);
    const same = v128.and(i8x16.eq(t, i8x16.splat(<i8>first)), i8x16.eq(p, i8x16.splat(<i8>guess)));
    if (i8x16.all_true(same)) {
      if (first < classes && guess < classes) bump(table, first * classes + guess, 16);
      truth += 16;
      predicted += 16;
      continue;
    }
    for (const stop = truth + 16; truth < stop; ) {
      const a = <u32>load<u8>(truth++);
      const b = <u32>load<u8>(predicted++);
      if (a < classes && b < classes) bump(table, a * classes + b, 1);
    }
  }
  while (truth < end) {
    const a = <u32>load<u8>(truth++);
    const b = <u32>load<u8>(predicted++);
    if (a < classes && b < classes) bump(table, a * classes + b, 1);
  }
}

/** Bytes that aren't 0 among the first n. */
function countOn(at: usize, n: usize): u32 {
  let on: u32 = 0;
  const none = i64x2.splat(0);
  const end = at + n;
  for (; at + 16 <= end; at += 16) on += popcnt(i8x16.bitmask(i8x16.ne(v128.load(at), none)));
  if (at < end) {
    const ahead: i32 = (1 << <i32>(end - at)) - 1;
    on += popcnt(i8x16.bitmask(i8x16.ne(v128.load(at), none)) & ahead);
  }
  return on;
}

export function halves(at: usize, width: usize, height: usize): void {
  let left: u32 = 0;
  let right: u32 = 0;
  let border: u32 = 0;
  const half = width >> 1;
  for (let y: usize = 0; y < height; y++) {
    const l = countOn(at, half);
    const r = countOn(at + half, width - half);
    left += l;
    right += r;
    if (y == 0 || y == height - 1) border += l + r;
    else {
      border += u32(load<u8>(at) != 0);
      if (width > 1) border += u32(load<u8>(at + width - 1) != 0);
    }
    at += width;
  }
  put(Info.counts, left);
  put(Info.counts + 4, right);
  put(Info.counts + 8, border);
}
