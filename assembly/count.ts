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

// @ts-ignore: decorator
@inline
function bump(table: usize, index: u32, by: u32): void {
  const slot = table + (<usize>index << 2);
  store<u32>(slot, load<u32>(slot) + by);
}

/** Changes among sixteen pixels from which counting each pixel is quicker than counting runs. */
const DENSE: i32 = 6;

/** Bits of the lanes that differ from the byte before them. */
// @ts-ignore: decorator
@inline
function changesAt(at: usize): v128 {
  return i8x16.ne(v128.load(at), v128.load(at - 1));
}

/** Pixels of each byte value, into 256 words at `table`; `scratch` has room for 1,024 words. Counts by runs. */
export function histogram(at: usize, n: usize, table: usize, scratch: usize): void {
  memory.fill(scratch, 0, 4096);
  const end = at + n;
  let start = at;
  for (; at < end; at += 16) {
    let changes = i8x16.bitmask(changesAt(at));
    if (changes == 0) continue;
    if (at + 16 > end) changes &= (1 << <i32>(end - at)) - 1;
    else if (popcnt(changes) >= DENSE) {
      if (start < at) bump(scratch, load<u8>(at - 1), <u32>(at - start));
      // Four tables, so that equal neighbours don't wait for each other.
      for (let i: usize = 0; i < 16; i += 4) {
        bump(scratch, load<u8>(at + i), 1);
        bump(scratch + 1024, load<u8>(at + i, 1), 1);
        bump(scratch + 2048, load<u8>(at + i, 2), 1);
        bump(scratch + 3072, load<u8>(at + i, 3), 1);
      }
      start = at + 16;
      continue;
    }
    for (; changes; changes &= changes - 1) {
      const place = at + <usize>ctz(changes);
      if (start < place) bump(scratch, load<u8>(place - 1), <u32>(place - start));
      start = place;
    }
  }
  if (start < end) bump(scratch, load<u8>(end - 1), <u32>(end - start));
  for (let i: usize = 0; i < 1024; i += 16) {
    const low = i32x4.add(v128.load(scratch + i), v128.load(scratch + 1024 + i));
    const high = i32x4.add(v128.load(scratch + 2048 + i), v128.load(scratch + 3072 + i));
    v128.store(table + i, i32x4.add(low, high));
  }
}

/** Pixels of the values `first` to `first` + 3, for label maps of few classes. */
export function countFour(at: usize, n: usize, first: u32): void {
  const none = i64x2.splat(0);
  const a = i8x16.splat(<i8>first);
  const b = i8x16.splat(<i8>(first + 1));
  const c = i8x16.splat(<i8>(first + 2));
  const d = i8x16.splat(<i8>(first + 3));
  let as: u32 = 0;
  let bs: u32 = 0;
  let cs: u32 = 0;
  let ds: u32 = 0;
  const vectors = at + (n & ~15);
  const end = at + n;
  while (at < vectors) {
    const stop = min(at + LANE_BLOCK, vectors);
    let sumA = none;
    let sumB = none;
    let sumC = none;
    let sumD = none;
    for (; at < stop; at += 16) {
      const v = v128.load(at);
      sumA = i8x16.sub(sumA, i8x16.eq(v, a));
      sumB = i8x16.sub(sumB, i8x16.eq(v, b));
      sumC = i8x16.sub(sumC, i8x16.eq(v, c));
      sumD = i8x16.sub(sumD, i8x16.eq(v, d));
    }
    as += sumBytes(sumA);
    bs += sumBytes(sumB);
    cs += sumBytes(sumC);
    ds += sumBytes(sumD);
  }
  for (; at < end; at++) {
    const v = <u32>load<u8>(at) - first;
    as += u32(v == 0);
    bs += u32(v == 1);
    cs += u32(v == 2);
    ds += u32(v == 3);
  }
  put(Info.counts, as);
  put(Info.counts + 4, bs);
  put(Info.counts + 8, cs);
  put(Info.counts + 12, ds);
}

/** Pixels of each label where `mask` is 0, into 256 words at `table`. Counts by runs of equal pairs. */
export function countWhereZero(labels: usize, mask: usize, n: usize, table: usize): void {
  memory.fill(table, 0, 1024);
  const offset = mask - labels;
  const end = labels + n;
  let start = labels;
  for (let at = labels; at < end; at += 16) {
    let changes = i8x16.bitmask(v128.or(changesAt(at), changesAt(at + offset)));
    if (changes == 0) continue;
    if (at + 16 > end) changes &= (1 << <i32>(end - at)) - 1;
    for (; changes; changes &= changes - 1) {
      const place = at + <usize>ctz(changes);
      if (start < place && load<u8>(place - 1 + offset) == 0) bump(table, load<u8>(place - 1), <u32>(place - start));
      start = place;
    }
  }
  if (start < end && load<u8>(end - 1 + offset) == 0) bump(table, load<u8>(end - 1), <u32>(end - start));
}

// @ts-ignore: decorator
@inline
function bumpPair(table: usize, truth: usize, predicted: usize, classes: u32, by: u32): void {
  const t = <u32>load<u8>(truth);
  const p = <u32>load<u8>(predicted);
  if (t < classes && p < classes) bump(table, t * classes + p, by);
}

/** Row-major classes x classes words at `table`, rows truth. Counts by runs of equal pairs. */
export function confusion(truth: usize, predicted: usize, n: usize, classes: u32, table: usize): void {
  memory.fill(table, 0, <usize>(classes * classes) << 2);
  const offset = predicted - truth;
  const end = truth + n;
  let start = truth;
  for (let at = truth; at < end; at += 16) {
    let changes = i8x16.bitmask(v128.or(changesAt(at), changesAt(at + offset)));
    if (changes == 0) continue;
    if (at + 16 > end) changes &= (1 << <i32>(end - at)) - 1;
    else if (popcnt(changes) >= DENSE) {
      if (start < at) bumpPair(table, at - 1, at - 1 + offset, classes, <u32>(at - start));
      for (let i: usize = 0; i < 16; i++) bumpPair(table, at + i, at + i + offset, classes, 1);
      start = at + 16;
      continue;
    }
    for (; changes; changes &= changes - 1) {
      const place = at + <usize>ctz(changes);
      if (start < place) bumpPair(table, place - 1, place - 1 + offset, classes, <u32>(place - start));
      start = place;
    }
  }
  if (start < end) bumpPair(table, end - 1, end - 1 + offset, classes, <u32>(end - start));
}
