/** Label maps from masks. */
import { sumBytes } from './count';
import { Info, put } from './layout';

const LANE_BLOCK: usize = 255 * 16;

/** See `composeLabels` of the Kernels interface; `infection` 0: there is none. */
export function composeLabels(
  lung: usize,
  infection: usize,
  lungLabel: u32,
  infectionLabel: u32,
  n: usize,
  out: usize,
): void {
  if (infection == 0) composeLung(lung, lungLabel, n, out);
  else composeBoth(lung, infection, lungLabel, infectionLabel, n, out);
}

function answer(n: usize, lung: u32, infection: u32, outside: u32): void {
  put(Info.counts, <u32>n - lung - infection);
  put(Info.counts + 4, lung);
  put(Info.counts + 8, infection);
  put(Info.counts + 12, outside);
}

function composeLung(lung: usize, lungLabel: u32, n: usize, out: usize): void {
  let lungs: u32 = 0;
  const full = i8x16.splat(-1);
  const label = i8x16.splat(<i8>lungLabel);
  const vectors = lung + (n & ~15);
  const end = lung + n;
  while (lung < vectors) {
    const stop = min(lung + LANE_BLOCK, vectors);
    let sum = i64x2.splat(0);
    for (; lung < stop; lung += 16, out += 16) {
      const on = i8x16.eq(v128.load(lung), full);
      sum = i8x16.sub(sum, on);
      v128.store(out, v128.and(on, label));
    }
    lungs += sumBytes(sum);
  }
  for (; lung < end; lung++, out++) {
    const on = load<u8>(lung) == 255;
    lungs += u32(on);
    store<u8>(out, on ? lungLabel : 0);
  }
  answer(n, lungs, 0, 0);
}

function composeBoth(
  lung: usize,
  infection: usize,
  lungLabel: u32,
  infectionLabel: u32,
  n: usize,
  out: usize,
): void {
  let lungs: u32 = 0;
  let infected: u32 = 0;
  let outside: u32 = 0;
  const none = i64x2.splat(0);
  const full = i8x16.splat(-1);
  const lungs16 = i8x16.splat(<i8>lungLabel);
  const infected16 = i8x16.splat(<i8>infectionLabel);
  const vectors = lung + (n & ~15);
  const end = lung + n;
  while (lung < vectors) {
    const stop = min(lung + LANE_BLOCK, vectors);
    let lungSum = none;
    let infectedSum = none;
    let outsideSum = none;
    for (; lung < stop; lung += 16, infection += 16, out += 16) {
      const l = i8x16.eq(v128.load(lung), full);
      const i = i8x16.eq(v128.load(infection), full);
      const healthy = v128.andnot(l, i);
      lungSum = i8x16.sub(lungSum, healthy);
      infectedSum = i8x16.sub(infectedSum, i);
      outsideSum = i8x16.sub(outsideSum, v128.andnot(i, l));
      v128.store(out, v128.or(v128.and(healthy, lungs16), v128.and(i, infected16)));
    }
    lungs += sumBytes(lungSum);
    infected += sumBytes(infectedSum);
    outside += sumBytes(outsideSum);
  }
  for (; lung < end; lung++, infection++, out++) {
    const l = load<u8>(lung) == 255;
    const i = load<u8>(infection) == 255;
    lungs += u32(l && !i);
    infected += u32(i);
    outside += u32(i && !l);
    store<u8>(out, i ? infectionLabel : l ? lungLabel : 0);
  }
  answer(n, lungs, infected, outside);
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
