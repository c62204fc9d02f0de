import { createRandom, type Random } from '../random.js';
import { type PoissonTable, poissonTable } from './poisson-table.js';
import { quantile } from './quantile.js';

export type Interval = [low: number, high: number];

/**
 * Counts of images, and the cell that each is in. A cell is a set of images that every group has whole or not at all.
 */
export interface BootstrapImages {
  length: number;
  classCount: number;
  /** Number of each image's cell, from 0. */
  cells: ArrayLike<number>;
  /**
   * Image-major: tp and union (tp + fp + fn) of class 0, of class 1, ... in pixels, 2 x classCount numbers an image.
   */
  counts: ArrayLike<number>;
}

export interface BootstrapOptions {
  seed: number | string;
  /** 1,000 unless told. */
  resamples?: number;
}

/** Classes that one pass takes at once: their 8 sums stay in registers. A pass with fewer is padded with zeros. */
const LANES = 4;
const WIDTH = 2 * LANES;
/** Images of a block, a power of two: two draws from it are one byte. */
const BLOCK = 16;
/** How many standard deviations the shared draws of the whole set stay below its size. */
const MARGIN = 5;

/**
 * 95 % percentile intervals of pooled IoU by bootstrap over images, for every group (a list of cell numbers) and
 * class; null where a class is in no mask of a group. Resamples in which a class is in no mask have no IoU and are
 * left out of its percentiles.
 *
 * A resample of a group of n images is n draws with replacement: Multinomial(n; 1/n, ..., 1/n) copies of its images.
 * It is made in two steps, each image's draws being shared by all the groups that it is in:
 *
 * 1. Every image is drawn Poisson(L) times, L a little below 1. Independent Poisson counts of equal mean, given their
 *    sum m, are Multinomial(m; 1/n, ...), in any union of cells: each group has m exact draws. Images are taken in
 *    blocks of 16: the number of a block's draws is Poisson(16 L), and each draw is one of 16 with equal chance,
 *    which is 4 random bits. Two draws are one byte, so a table of 256 sums of two images' counts, made once for all
 *    resamples, halves the additions.
 * 2. Where m <= n, n - m single draws are added, and the two multinomials sum to Multinomial(n). Where m > n, the
 *    draws are thrown away for n single ones. Either branch has the distribution wanted whatever m is, so the mixture
 *    has it too.
 *
 * Nothing is approximated but the 32 bits of the random numbers. Groups share draws, which leaves each group's own
 * interval as it is.
 */
export function bootstrapPooledIou(
  images: BootstrapImages,
  groups: readonly (readonly number[])[],
  { seed, resamples = 1000 }: BootstrapOptions,
): (Interval | null)[][] {
  const members = membersOfCells(images);
  const intervals: (Interval | null)[][] = groups.map(() => []);
  for (let first = 0; first < images.classCount; first += LANES) {
    const random = createRandom(seed, 'bootstrap', first);
    const lanes = Math.min(LANES, images.classCount - first);
    const rows = lanesOf(images, first, lanes);
    const sums = sharedDraws(rows, members, groups, resamples, random);
    groups.forEach((cells, g) => {
      const group = concatenate(cells.map((cell) => members[cell] ?? new Uint32Array(0)));
      completeDraws(rows, group, sums[g], random);
      for (let lane = 0; lane < lanes; lane++) intervals[g].push(percentiles(sums[g].counts, lane));
    });
  }
  return intervals;
}

/** Sums over a group's draws: `drawn` a resample, and `counts` WIDTH a resample. */
interface Sums {
  drawn: Int32Array;
  counts: Float64Array;
}

/** Step 1 of bootstrapPooledIou. */
function sharedDraws(
  rows: Float64Array,
  members: readonly Uint32Array[],
  groups: readonly (readonly number[])[],
  resamples: number,
  random: Random,
): Sums[] {
  const images = rows.length / WIDTH;
  const mean = Math.max(0, 1 - MARGIN / Math.sqrt(images));
  const tables = new Map<number, PoissonTable>();
  for (let size = BLOCK; size >= 1; size /= 2) tables.set(size, poissonTable(mean * size));
  const start = (): Sums => ({ drawn: new Int32Array(resamples), counts: new Float64Array(resamples * WIDTH) });
  const sums = groups.map(start);
  const table = new Float64Array((BLOCK + BLOCK * BLOCK) * WIDTH);
  const picks = new Uint32Array(tables.get(BLOCK)!.bounds.length);
  members.forEach((cell, number) => {
    const ofCell = start();
    for (let from = 0, size = BLOCK; from < cell.length; from += size) {
      // The rest is taken in powers of two, each image filling as many of the 16 places as any other.
      while (size > cell.length - from) size /= 2;
      fillTable(table, rows, cell, from, size);
      drawBlock(table, tables.get(size)!, ofCell, picks, random);
    }
    groups.forEach((cells, g) => {
      if (!cells.includes(number)) return;
      for (let r = 0; r < resamples; r++) sums[g].drawn[r] += ofCell.drawn[r];
      for (let i = 0; i < ofCell.counts.length; i++) sums[g].counts[i] += ofCell.counts[i];
    });
  });
  return sums;
}

/** 16 rows of single images, then 256 of two images' sums, row i + 16 j being images i and j. */
function fillTable(table: Float64Array, rows: Float64Array, cell: Uint32Array, from: number, size: number): void {
  for (let i = 0; i < BLOCK; i++) {
    const row = cell[from + (i % size)] * WIDTH;
    for (let k = 0; k < WIDTH; k++) table[i * WIDTH + k] = rows[row + k];
  }
  for (let pair = 0; pair < BLOCK * BLOCK; pair++) {
    const to = (BLOCK + pair) * WIDTH;
    const i = (pair % BLOCK) * WIDTH;
    const j = Math.floor(pair / BLOCK) * WIDTH;
    for (let k = 0; k < WIDTH; k++) table[to + k] = table[i + k] + table[j + k];
  }
}

/** Adds one block's draws to every resample. */
function drawBlock(
  table: Float64Array,
  { bounds, guide }: PoissonTable,
  sums: Sums,
  picks: Uint32Array,
  random: Random,
): void {
  for (let r = 0; r < sums.drawn.length; r++) {
    let bits = random.bits();
    let draws = guide[bits >>> 20];
    while (bits >>> 0 >= bounds[draws]) draws++;
    sums.drawn[r] += draws;
    // Eight draws of 4 bits from each 32; an odd draw at the end is a single image.
    let picked = 0;
    for (let d = 1; d < draws; d += 2) {
      bits = (d & 7) === 1 ? random.bits() : bits >>> 8;
      picks[picked++] = BLOCK + (bits & (BLOCK * BLOCK - 1));
    }
    if (draws & 1) picks[picked++] = random.bits() & (BLOCK - 1);
    addRows(sums.counts, r, table, picks, picked);
  }
}

/** Step 2 of bootstrapPooledIou, for one group. */
function completeDraws(rows: Float64Array, group: Uint32Array, { drawn, counts }: Sums, random: Random): void {
  const picks = new Uint32Array(group.length);
  const perBit = group.length / 2 ** 32;
  for (let r = 0; r < drawn.length; r++) {
    let missing = group.length - drawn[r];
    if (missing < 0) {
      counts.fill(0, r * WIDTH, (r + 1) * WIDTH);
      missing = group.length;
    }
    for (let d = 0; d < missing; d++) picks[d] = group[Math.floor((random.bits() >>> 0) * perBit)];
    addRows(counts, r, rows, picks, missing);
  }
}

/** Adds the picked rows to a resample's sums: nearly all of the time is spent here. */
function addRows(counts: Float64Array, resample: number, rows: Float64Array, picks: Uint32Array, picked: number): void {
  const to = resample * WIDTH;
  let s0 = counts[to];
  let s1 = counts[to + 1];
  let s2 = counts[to + 2];
  let s3 = counts[to + 3];
  let s4 = counts[to + 4];
  let s5 = counts[to + 5];
  let s6 = counts[to + 6];
  let s7 = counts[to + 7];
  for (let i = 0; i < picked; i++) {
    const row = picks[i] * WIDTH;
    s0 += rows[row];
    s1 += rows[row + 1];
    s2 += rows[row + 2];
    s3 += rows[row + 3];
    s4 += rows[row + 4];
    s5 += rows[row + 5];
    s6 += rows[row + 6];
    s7 += rows[row + 7];
  }
  counts[to] = s0;
  counts[to + 1] = s1;
  counts[to + 2] = s2;
  counts[to + 3] = s3;
  counts[to + 4] = s4;
  counts[to + 5] = s5;
  counts[to + 6] = s6;
  counts[to + 7] = s7;
}

/** 2.5th and 97.5th percentile of a lane's pooled IoU over the resamples. */
function percentiles(counts: Float64Array, lane: number): Interval | null {
  const pooled = new Float64Array(counts.length / WIDTH);
  let defined = 0;
  for (let i = 2 * lane; i < counts.length; i += WIDTH) {
    if (counts[i + 1] > 0) pooled[defined++] = counts[i] / counts[i + 1];
  }
  const ascending = pooled.subarray(0, defined).sort();
  const low = quantile(ascending, 0.025);
  const high = quantile(ascending, 0.975);
  return low === null || high === null ? null : [low, high];
}

/** Image numbers of each cell, ascending. */
function membersOfCells({ length, cells }: BootstrapImages): Uint32Array[] {
  const members: number[][] = [];
  for (let i = 0; i < length; i++) {
    members[cells[i]] ??= [];
    members[cells[i]].push(i);
  }
  return Array.from(members, (list) => Uint32Array.from(list ?? []));
}

/** WIDTH counts an image: those of up to LANES classes from `first` on, then zeros. */
function lanesOf({ length, classCount, counts }: BootstrapImages, first: number, lanes: number): Float64Array {
  const rows = new Float64Array(length * WIDTH);
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < 2 * lanes; k++) rows[i * WIDTH + k] = counts[2 * (i * classCount + first) + k];
  }
  return rows;
}

function concatenate(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
