import { unfilterRows } from './wave';

/**
 * Undoes the row filters of PNG (clause 9). `raw` holds rows of a filter byte and `rowBytes` bytes; `out` gets the rows without
 * it. Whole vectors may be stored up to 63 bytes past a row's end; the next row then writes over them.
 */

// @ts-ignore: decorator
@inline
function paeth(a: i32, b: i32, c: i32): i32 {
  const pa = abs(b - c);
  const pb = abs(a - c);
  const pc = abs(a + b - c - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** None and Up alike, without a branch between them: `up` and all ones, or anything and zeros. */
// @ts-ignore: decorator
@inline
function addRow(from: usize, to: usize, up: usize, ones: v128, n: usize): void {
  for (let i: usize = 0; i < n; i += 64) {
    v128.store(to + i, i8x16.add(v128.load(from + i), v128.and(v128.load(up + i), ones)));
    v128.store(to + i, i8x16.add(v128.load(from + i, 16), v128.and(v128.load(up + i, 16), ones)), 16);
    v128.store(to + i, i8x16.add(v128.load(from + i, 32), v128.and(v128.load(up + i, 32), ones)), 32);
    v128.store(to + i, i8x16.add(v128.load(from + i, 48), v128.and(v128.load(up + i, 48), ones)), 48);
  }
}

function subRow1(from: usize, to: usize, n: usize): void {
  const zero = i64x2.splat(0);
  let left = zero;
  for (let i: usize = 0; i < n; i += 16) {
    let v = v128.load(from + i);
    v = i8x16.add(v, i8x16.shuffle(zero, v, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
    v = i8x16.add(v, i8x16.shuffle(zero, v, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
    v = i8x16.add(v, i8x16.shuffle(zero, v, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
    v = i8x16.add(v, i8x16.shuffle(zero, v, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    v = i8x16.add(v, left);
    v128.store(to + i, v);
    left = i8x16.shuffle(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
  }
}

function subRow(from: usize, to: usize, n: usize, bpp: usize): void {
  for (let i: usize = 0; i < bpp; i++) store<u8>(to + i, load<u8>(from + i));
  for (let i = bpp; i < n; i++) store<u8>(to + i, load<u8>(from + i) + load<u8>(to + i - bpp));
}

function averageRow(from: usize, to: usize, up: usize, n: usize, bpp: usize): void {
  for (let i: usize = 0; i < bpp; i++) store<u8>(to + i, load<u8>(from + i) + (load<u8>(up + i) >> 1));
  for (let i = bpp; i < n; i++) {
    store<u8>(to + i, load<u8>(from + i) + ((<u32>load<u8>(to + i - bpp) + <u32>load<u8>(up + i)) >> 1));
  }
}

function averageFirst(from: usize, to: usize, n: usize, bpp: usize): void {
  for (let i: usize = 0; i < bpp; i++) store<u8>(to + i, load<u8>(from + i));
  for (let i = bpp; i < n; i++) store<u8>(to + i, load<u8>(from + i) + (load<u8>(to + i - bpp) >> 1));
}

function paethRow(from: usize, to: usize, up: usize, n: usize, bpp: usize): void {
  for (let i: usize = 0; i < bpp; i++) store<u8>(to + i, load<u8>(from + i) + load<u8>(up + i));
  for (let i = bpp; i < n; i++) {
    const guess = paeth(load<u8>(to + i - bpp), load<u8>(up + i), load<u8>(up + i - bpp));
    store<u8>(to + i, load<u8>(from + i) + guess);
  }
}

/**
 * A single row of Paeth over bytes. Where the row above doesn't change and nothing is added, the byte to the left goes on: only
 * the other places, few in a mask, are worked out.
 */
function paethRow1(from: usize, to: usize, up: usize, n: usize): void {
  const zero = i64x2.splat(0);
  let a: i32 = (load<u8>(from) + load<u8>(up)) & 255;
  let events: i32 = 0xfffe;
  v128.store(to, i8x16.splat(<i8>a));
  for (let i: usize = 0; i < n; i += 16) {
    const change = v128.or(v128.load(from + i), v128.xor(v128.load(up + i), v128.load(up + i - 1)));
    events &= i8x16.bitmask(i8x16.ne(change, zero));
    if (i > 0) v128.store(to + i, i8x16.splat(<i8>a));
    for (; events; events &= events - 1) {
      const x = i + <usize>ctz(events);
      a = (load<u8>(from + x) + paeth(a, load<u8>(up + x), load<u8>(up + x - 1))) & 255;
      v128.store(to + x, i8x16.splat(<i8>a));
    }
    events = 0xffff;
  }
}

/**
 * Returns -1, or the row whose filter byte isn't one. `first`: no row before these. `bpp`: bytes of a whole pixel, at least 1.
 * `scratch`: waveScratch(rowBytes) bytes that lie behind `raw`. `waveFrom`: how many rows of serial filters among sixteen make a
 * wave worth it.
 */
export function unfilter(
  raw: usize,
  out: usize,
  rowBytes: usize,
  rows: i32,
  first: bool,
  bpp: usize,
  scratch: usize,
  waveFrom: u32,
): i32 {
  const stride = rowBytes + 1;
  // Bits of the filters that make each byte wait for the one before it.
  const serialFilters: u32 = bpp > 1 ? 0b11010 : 0b11000;
  for (let y = 0; y < rows; ) {
    const group: usize = min(16, rows - y);
    let serial: u32 = 0;
    for (let k: usize = 0; k < group; k++) {
      const filter: u32 = load<u8>(raw + k * stride);
      if (filter > 4) return y + <i32>k;
      serial += (serialFilters >> filter) & 1;
    }
    if (serial >= waveFrom) {
      unfilterRows(raw, out, first ? 0 : out - rowBytes, rowBytes, group, bpp, scratch);
      first = false;
    } else {
      for (let k: usize = 0; k < group; k++) {
        const from = raw + k * stride;
        unfilterRow(from + 1, out + k * rowBytes, load<u8>(from), first, rowBytes, bpp);
        first = false;
      }
    }
    y += <i32>group;
    raw += group * stride;
    out += group * rowBytes;
  }
  return -1;
}

function unfilterRow(from: usize, to: usize, filter: u32, first: bool, n: usize, bpp: usize): void {
  const up = to - n;
  if ((filter & 1) == 0 && filter < 4) {
    // The first row's `up` is no row: Up means None there.
    addRow(from, to, up, i8x16.splat(filter == 2 && !first ? -1 : 0), n);
  } else if (filter == 1 || (first && filter == 4)) {
    if (bpp == 1) subRow1(from, to, n);
    else subRow(from, to, n, bpp);
  } else if (filter == 3) {
    if (first) averageFirst(from, to, n, bpp);
    else averageRow(from, to, up, n, bpp);
  } else if (bpp == 1) paethRow1(from, to, up, n);
  else paethRow(from, to, up, n, bpp);
}
