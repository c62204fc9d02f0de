/**
 * 256-bit difference hash: means of 17 x 16 blocks, a bit where the left of two neighbours is brighter by more than 2. Block i
 * of 17 spans the columns floor(i w / 17) to floor((i + 1) w / 17), at least one; rows alike. Bits row by row, first one highest.
 */
import { Info, INFO } from './layout';

const COLUMNS: u32 = 17;
const ROWS: u32 = 16;

/** Scratch: a word for each column. */
export function differenceHash(at: usize, width: u32, height: u32, scratch: usize): void {
  memory.fill(INFO + Info.counts, 0, 32);
  for (let row: u32 = 0; row < ROWS; row++) {
    const top = <u32>((<u64>row * height) / ROWS);
    const bottom = max(top + 1, <u32>((<u64>(row + 1) * height) / ROWS));
    sumColumns(at + <usize>top * width, width, bottom - top, scratch);
    let leftSum: u64 = 0;
    let leftWidth: u64 = 0;
    for (let column: u32 = 0; column < COLUMNS; column++) {
      const left = <u32>((<u64>column * width) / COLUMNS);
      const right = max(left + 1, <u32>((<u64>(column + 1) * width) / COLUMNS));
      let sum: u64 = 0;
      for (let x = left; x < right; x++) sum += load<u32>(scratch + (<usize>x << 2));
      const span: u64 = right - left;
      // leftSum / (leftWidth h) > sum / (span h) + 2, without division.
      if (column > 0 && leftSum * span > sum * leftWidth + 2 * leftWidth * span * (bottom - top)) {
        const bit = row * 16 + column - 1;
        const slot = INFO + Info.counts + (bit >> 3);
        store<u8>(slot, load<u8>(slot) | <u8>(<u32>0x80 >> (bit & 7)));
      }
      leftSum = sum;
      leftWidth = span;
    }
  }
}

function sumColumns(at: usize, width: usize, rows: usize, sums: usize): void {
  for (let x: usize = 0; x < width; x += 16) {
    let a = i64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let from = at + x;
    for (let left = rows; left > 0; ) {
      // 257 bytes still fit 16 bits.
      const n = min<usize>(left, 257);
      let low = i64x2.splat(0);
      let high = low;
      for (let y: usize = 0; y < n; y++, from += width) {
        const v = v128.load(from);
        low = i16x8.add(low, i16x8.extend_low_i8x16_u(v));
        high = i16x8.add(high, i16x8.extend_high_i8x16_u(v));
      }
      a = i32x4.add(a, i32x4.extend_low_i16x8_u(low));
      b = i32x4.add(b, i32x4.extend_high_i16x8_u(low));
      c = i32x4.add(c, i32x4.extend_low_i16x8_u(high));
      d = i32x4.add(d, i32x4.extend_high_i16x8_u(high));
      left -= n;
    }
    const to = sums + (x << 2);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
}
