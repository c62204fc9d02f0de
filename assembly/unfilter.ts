import { unfilterRows } from './wave';

/**
 * Undoes the row filters of PNG (clause 9). `raw` holds rows of a filter byte and `rowBytes` bytes; `out` gets the rows without
 * it. Whole vectors may be stored up to 15 bytes past a row's end; the next row then writes over them.
 */

// @ts-ignore: decorator
@inline
function paeth(a: i32, b: i32, c: i32): i32 {
  const pa = abs(b - c);
  const pb = abs(a - c);
  const pc = abs(a + b - c - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function copyRow(from: usize, to: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 16) v128.store(to + i, v128.load(from + i));
}

function upRow(from: usize, to: usize, up: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 16) v128.store(to + i, i8x16.add(v128.load(from + i), v128.load(up + i)));
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
 * A single row of Paeth over bytes. Where the row above is the same over a whole vector, the predictor is the byte to the left;
 * where nothing is added besides, which is most of a mask, the vector is that byte.
 */
function paethRow1(from: usize, to: usize, up: usize, n: usize): void {
  let a: i32 = 0;
  let c: i32 = 0;
  for (let i: usize = 0; i < n; i += 16) {
    const b = v128.load(up + i);
    const v = v128.load(from + i);
    if (!v128.any_true(v128.or(v, v128.xor(b, i8x16.splat(<i8>c))))) {
      v128.store(to + i, i8x16.splat(<i8>a));
      continue;
    }
    const end = min(i + 16, n);
    for (let x = i; x < end; x++) {
      const above: i32 = load<u8>(up + x);
      a = (load<u8>(from + x) + paeth(a, above, c)) & 255;
      c = above;
      store<u8>(to + x, a);
    }
  }
}

/** Rows that pay for a wave: with so many serial filters among sixteen. */
const WAVE_FROM: u32 = 3;

/** Whether a filter makes each byte wait for the one before it. */
// @ts-ignore: decorator
@inline
function isSerial(filter: u32, bpp: usize): bool {
  return filter == 4 || filter == 3 || (filter == 1 && bpp > 1);
}

/**
 * Returns -1, or the row whose filter byte isn't one. `bpp`: bytes of a whole pixel, at least 1. `scratch`: waveScratch(rowBytes)
 * bytes that lie behind `raw`.
 */
export function unfilter(raw: usize, out: usize, rowBytes: usize, rows: i32, bpp: usize, scratch: usize): i32 {
  for (let y = 0; y < rows; ) {
    const group = min(16, rows - y);
    let serial: u32 = 0;
    for (let k = 0; k < group; k++) {
      const filter = load<u8>(raw + k * (rowBytes + 1));
      if (filter > 4) return y + k;
      serial += u32(isSerial(filter, bpp));
    }
    if (serial >= WAVE_FROM) unfilterRows(raw, out, y == 0 ? 0 : out - rowBytes, rowBytes, group, bpp, scratch);
    else {
      for (let k = 0; k < group; k++) {
        const from = raw + k * (rowBytes + 1);
        unfilterRow(from + 1, out + k * rowBytes, load<u8>(from), y + k == 0, rowBytes, bpp);
      }
    }
    y += group;
    raw += group * (rowBytes + 1);
    out += group * rowBytes;
  }
  return -1;
}

function unfilterRow(from: usize, to: usize, filter: u32, first: bool, n: usize, bpp: usize): void {
  const up = to - n;
  if (filter == 1 || (first && filter == 4)) {
    if (bpp == 1) subRow1(from, to, n);
    else subRow(from, to, n, bpp);
  } else if (first && filter == 3) averageFirst(from, to, n, bpp);
  else if (first || filter == 0) copyRow(from, to, n);
  else if (filter == 2) upRow(from, to, up, n);
  else if (filter == 3) averageRow(from, to, up, n, bpp);
  else if (bpp == 1) paethRow1(from, to, up, n);
  else paethRow(from, to, up, n, bpp);
}
