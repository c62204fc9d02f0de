/**
 * Removes what no annotator draws: 8-connected components of less than `minArea` pixels, and 4-connected holes of less
 * than `minArea` pixels, in place. Values are 0 and 255. Works on runs, so that its time follows the outlines and not
 * the area. Returns the number of components that are left.
 */
export function tidyMask(mask: Uint8Array, size: number, minArea: number): number {
  const holes = labelRuns(mask, size, 0, 0);
  for (let r = 0; r < holes.count; r++) {
    const root = find(holes.parents, r);
    if (!holes.border[root] && holes.areas[root] < minArea) mask.fill(255, holes.starts[r], holes.ends[r]);
  }
  const parts = labelRuns(mask, size, 255, 1);
  let left = 0;
  for (let r = 0; r < parts.count; r++) {
    const root = find(parts.parents, r);
    if (parts.areas[root] < minArea) mask.fill(0, parts.starts[r], parts.ends[r]);
    else if (root === r) left++;
  }
  return left;
}

interface Runs {
  count: number;
  /** First pixel, and the one after the last, as positions in the mask; runs end with their row. */
  starts: number[];
  ends: number[];
  parents: number[];
  /** By root: pixels, and whether it touches the image's border. */
  areas: number[];
  border: boolean[];
}

/** Runs of `value` joined with those of the row above; `reach` 1 joins diagonal neighbours too. */
function labelRuns(mask: Uint8Array, size: number, value: number, reach: 0 | 1): Runs {
  const runs: Runs = { count: 0, starts: [], ends: [], parents: [], areas: [], border: [] };
  const last = mask.length - size;
  for (let i = mask.indexOf(value); i !== -1; ) {
    const other = mask.indexOf(255 - value, i);
    const stop = other === -1 ? mask.length : other;
    while (i < stop) {
      const end = Math.min(stop, i - (i % size) + size);
      runs.starts.push(i);
      runs.ends.push(end);
      runs.parents.push(runs.count++);
      runs.areas.push(end - i);
      runs.border.push(i < size || i >= last || i % size === 0 || end % size === 0);
      i = end;
    }
    i = other === -1 ? -1 : mask.indexOf(value, other);
  }
  joinRows(runs, size, reach);
  return runs;
}

/** `over` walks through the runs one row above those of `id`. */
function joinRows(runs: Runs, size: number, reach: 0 | 1): void {
  const { starts, ends } = runs;
  for (let id = 0, over = 0; id < runs.count; id++) {
    const from = starts[id] - size;
    const to = ends[id] - size;
    const row = from - (from % size);
    if (from < 0) continue;
    while (ends[over] <= row || ends[over] + reach <= from) over++;
    for (let o = over; o < id && starts[o] < Math.min(to + reach, row + size); o++) join(runs, o, id);
  }
}

function join(runs: Runs, a: number, b: number): void {
  const from = find(runs.parents, b);
  const to = find(runs.parents, a);
  if (from === to) return;
  runs.parents[from] = to;
  runs.areas[to] += runs.areas[from];
  runs.border[to] ||= runs.border[from];
}

function find(parents: number[], id: number): number {
  while (parents[id] !== id) {
    parents[id] = parents[parents[id]];
    id = parents[id];
  }
  return id;
}
