/**
 * Connected components of bit rows (bits.ts) by runs, a row at a time: 8-connected foreground and 4-connected background together,
 * since the runs of a row alternate. Only components that reach the last row are kept, so memory grows with the width and time
 * with the runs.
 */
import { rowBytes } from './bits';
import { Info, put } from './layout';

const BORDER: u32 = 1;
const FOREGROUND: u32 = 2;

let components: u32 = 0;
let specks: u32 = 0;
let speckPixels: u32 = 0;
let holes: u32 = 0;
let holePixels: u32 = 0;
let smallest: u32 = 0;
/** Whether a component that goes on is small still. */
let smallLive: bool = false;

/** Nodes: first the components that reach the row above, then the runs of this row. Words. */
let parents: usize = 0;
let areas: usize = 0;
let traits: usize = 0;
/** Number of a root among the components that reach this row, or -1. */
let numbers: usize = 0;
let newAreas: usize = 0;
let newTraits: usize = 0;

// @ts-ignore: decorator
@inline
function get(array: usize, index: u32): u32 {
  return load<u32>(array + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
function set(array: usize, index: u32, value: u32): void {
  store<u32>(array + (<usize>index << 2), value);
}

function find(node: u32): u32 {
  let parent = get(parents, node);
  while (parent != node) {
    const above = get(parents, parent);
    set(parents, node, above);
    node = above;
    parent = get(parents, node);
  }
  return node;
}

function unite(a: u32, b: u32): void {
  a = find(a);
  b = find(b);
  if (a == b) return;
  if (b < a) {
    const c = a;
    a = b;
    b = c;
  }
  set(parents, b, a);
  set(areas, a, get(areas, a) + get(areas, b));
  set(traits, a, get(traits, a) | get(traits, b));
}

function finish(area: u32, trait: u32): void {
  if (trait & FOREGROUND) {
    components++;
    if (area <= smallest) {
      specks++;
      speckPixels += area;
    }
  } else if ((trait & BORDER) == 0 && area <= smallest) {
    holes++;
    holePixels += area;
  }
}

/** Writes where each run starts, then the width; returns the number of runs. The first run's kind is that of bit 0. */
function readRuns(bits: usize, width: usize, starts: usize): u32 {
  let runs: u32 = 1;
  set(starts, 0, 0);
  let carry = load<u64>(bits) & 1;
  for (let x: usize = 0; x < width; x += 64) {
    const word = load<u64>(bits + (x >> 3));
    let edges = word ^ ((word << 1) | carry);
    carry = word >> 63;
    for (; edges; edges &= edges - 1) {
      const place = x + <usize>ctz(edges);
      if (place >= width) break;
      set(starts, runs++, <u32>place);
    }
  }
  set(starts, runs, <u32>width);
  return runs;
}

function sameRow(a: usize, b: usize, bytes: usize): bool {
  for (let i: usize = 0; i < bytes; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return true;
}

/** Unites the runs of one kind with the components above that they touch; `reach` 1 counts diagonal neighbours. */
function touch(
  starts: usize,
  runs: u32,
  first: u32,
  above: usize,
  aboveRuns: u32,
  aboveFirst: u32,
  owners: usize,
  base: u32,
  reach: u32,
): void {
  let j = aboveFirst;
  for (let i = first; i < runs; i += 2) {
    const start = get(starts, i);
    const end = get(starts, i + 1) + reach;
    while (j < aboveRuns && get(above, j + 1) + reach <= start) j += 2;
    for (let k = j; k < aboveRuns && get(above, k) < end; k += 2) unite(base + i, get(owners, k));
  }
}

/**
 * Whether each run lies under its fellow of the row above and under no other: then nothing begins, ends, splits or joins, as in most
 * rows of most masks. Overlap of every pair is enough: run i + 1 of the one kind parts runs i and i + 2 of the other, so where it
 * overlaps its fellow those two can't touch each other's, not even at a corner.
 */
function continues(starts: usize, above: usize, runs: u32): bool {
  for (let i: u32 = 0; i < runs; i++) {
    if (get(starts, i) >= get(above, i + 1) || get(above, i) >= get(starts, i + 1)) return false;
  }
  return true;
}

/**
 * Adds the row's runs, each to the component of its fellow above. Where every component is larger than a speck already, its size
 * doesn't matter any more.
 */
function extend(starts: usize, runs: u32, owners: usize): void {
  if (!smallLive) return;
  for (let i: u32 = 0; i < runs; i++) {
    const owner = get(owners, i);
    set(areas, owner, get(areas, owner) + get(starts, i + 1) - get(starts, i));
  }
}

/** Scratch bytes that `labelComponents` needs. */
export function componentsScratch(width: usize): usize {
  const words = width + 4;
  return words * 4 * (4 + 4 * 2 + 2) + 64;
}

/** Of the bit rows at `bits`; see `components` of the Kernels interface. */
export function labelComponents(bits: usize, width: usize, height: usize, smallPixels: u32, scratch: usize): void {
  components = specks = speckPixels = holes = holePixels = 0;
  smallest = smallPixels;
  smallLive = false;
  const row = (width + 4) << 2;
  let starts = scratch;
  let above = starts + row;
  let owners = above + row;
  let aboveOwners = owners + row;
  parents = aboveOwners + row;
  areas = parents + 2 * row;
  traits = areas + 2 * row;
  numbers = traits + 2 * row;
  newAreas = numbers + 2 * row;
  newTraits = newAreas + row;
  const bytes = rowBytes(width);

  let live: u32 = 0;
  let aboveRuns: u32 = 0;
  let aboveFirst: u32 = 0;
  for (let y: usize = 0; y < height; y++, bits += bytes) {
    const edge = y == 0 || y == height - 1;
    if (!edge && sameRow(bits, bits - bytes, bytes)) {
      extend(above, aboveRuns, aboveOwners);
      continue;
    }
    const runs = readRuns(bits, width, starts);
    // Runs 0, 2, ... are foreground where bit 0 is set.
    const firstOn = 1 - <u32>(load<u64>(bits) & 1);
    if (!edge && runs == aboveRuns && firstOn == aboveFirst && continues(starts, above, runs)) {
      extend(starts, runs, aboveOwners);
      const swap = starts;
      starts = above;
      above = swap;
      continue;
    }
    for (let j: u32 = 0; j < live; j++) {
      set(parents, j, j);
      set(numbers, j, -1);
    }
    for (let i: u32 = 0; i < runs; i++) {
      const node = live + i;
      set(parents, node, node);
      set(numbers, node, -1);
      set(areas, node, get(starts, i + 1) - get(starts, i));
      const kind = (i & 1) == firstOn ? FOREGROUND : 0;
      set(traits, node, edge || i == 0 || i == runs - 1 ? kind | BORDER : kind);
    }
    if (y > 0) {
      const aboveOn = aboveFirst;
      touch(starts, runs, firstOn, above, aboveRuns, aboveOn, aboveOwners, live, 1);
      touch(starts, runs, firstOn ^ 1, above, aboveRuns, aboveOn ^ 1, aboveOwners, live, 0);
    }
    let kept: u32 = 0;
    for (let i: u32 = 0; i < runs; i++) {
      const root = find(live + i);
      let number = get(numbers, root);
      if (number == -1) {
        number = kept++;
        set(numbers, root, number);
        set(newAreas, number, get(areas, root));
        set(newTraits, number, get(traits, root));
      }
      set(owners, i, number);
    }
    for (let j: u32 = 0; j < live; j++) {
      if (get(parents, j) == j && get(numbers, j) == -1) finish(get(areas, j), get(traits, j));
    }
    memory.copy(areas, newAreas, <usize>kept << 2);
    memory.copy(traits, newTraits, <usize>kept << 2);
    smallLive = false;
    for (let j: u32 = 0; j < kept; j++) smallLive = smallLive || get(areas, j) <= smallest;
    live = kept;
    aboveRuns = runs;
    aboveFirst = firstOn;
    let swap = starts;
    starts = above;
    above = swap;
    swap = owners;
    owners = aboveOwners;
    aboveOwners = swap;
  }
  for (let j: u32 = 0; j < live; j++) finish(get(areas, j), get(traits, j));
  put(Info.counts, components);
  put(Info.counts + 4, specks);
  put(Info.counts + 8, speckPixels);
  put(Info.counts + 12, holes);
  put(Info.counts + 16, holePixels);
}
