/** Label maps from masks. */

/** See `composeLabels` of the Kernels interface; `infection` 0: there is none. */
export function composeLabels(
  lung: usize,
  infection: usize,
  lungLabel: u32,
  infectionLabel: u32,
  n: usize,
  out: usize,
): void {
  const full = i8x16.splat(-1);
  const lungs16 = i8x16.splat(<i8>lungLabel);
  const infected16 = i8x16.splat(<i8>infectionLabel);
  const none = i64x2.splat(0);
  const end = lung + n;
  for (; lung + 16 <= end; lung += 16, out += 16) {
    const l = i8x16.eq(v128.load(lung), full);
    let i = none;
    if (infection != 0) {
      i = i8x16.eq(v128.load(infection), full);
      infection += 16;
    }
    v128.store(out, v128.bitselect(infected16, v128.and(l, lungs16), i));
  }
  for (; lung < end; lung++, out++) {
    const i = infection != 0 && load<u8>(infection++) == 255;
    store<u8>(out, i ? infectionLabel : load<u8>(lung) == 255 ? lungLabel : 0);
  }
}

/** `value` where the mask is 255. */
export function paint(mask: usize, value: u32, n: usize, out: usize): void {
  const full = i8x16.splat(-1);
  const paint16 = i8x16.splat(<i8>value);
  const vectors = mask + (n & ~15);
  const end = mask + n;
  for (; mask < vectors; mask += 16, out += 16) {
    const on = i8x16.eq(v128.load(mask), full);
    v128.store(out, v128.bitselect(paint16, v128.load(out), on));
  }
  for (; mask < end; mask++, out++) {
    if (load<u8>(mask) == 255) store<u8>(out, value);
  }
}

/** out[i] = table[at[i]]. */
export function applyTable(at: usize, n: usize, table: usize, out: usize): void {
  const end = at + n;
  for (; at + 16 <= end; at += 16, out += 16) {
    const v = v128.load(at);
    const first = i8x16.extract_lane_u(v, 0);
    if (i8x16.all_true(i8x16.eq(v, i8x16.splat(<i8>first)))) {
      v128.store(out, i8x16.splat(load<i8>(table + first)));
      continue;
    }
    for (let i: usize = 0; i < 16; i++) store<u8>(out + i, load<u8>(table + load<u8>(at + i)));
  }
  for (; at < end; at++, out++) store<u8>(out, load<u8>(table + load<u8>(at)));
}
