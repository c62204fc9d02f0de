import type { Random } from '../random.js';

/**
 * Everything smooth in a phantom is computed on a coarse grid and expanded bilinearly: GRID x GRID nodes, row-major,
 * the first and the last on the image's edges. Coordinates are fractions of the image's width (u) and height (v), so
 * that a picture looks the same at every size.
 */
export const GRID = 48;
export type Field = Float32Array;

const LAST = GRID - 1;

/** Smooth value noise of about -1..1 with `cells` random values along each side. */
export function noiseField(random: Random, cells: number): Field {
  const side = cells + 2;
  const lattice = new Float32Array(side * side);
  for (let i = 0; i < lattice.length; i++) lattice[i] = random.uniform() * 2 - 1;
  // Cells begin anywhere: the noise of no two pictures has its ridges in the same places.
  const [shiftX, shiftY] = [random.uniform(), random.uniform()];
  const field = new Float32Array(GRID * GRID);
  for (let j = 0, i = 0; j < GRID; j++) {
    const y = (j / LAST) * cells + shiftY;
    const row = Math.floor(y);
    const fy = smooth(y - row);
    for (let k = 0; k < GRID; k++, i++) {
      const x = (k / LAST) * cells + shiftX;
      const column = Math.floor(x);
      const fx = smooth(x - column);
      const at = row * side + column;
      const top = lattice[at] + (lattice[at + 1] - lattice[at]) * fx;
      const bottom = lattice[at + side] + (lattice[at + side + 1] - lattice[at + side]) * fx;
      field[i] = top + (bottom - top) * fy;
    }
  }
  return field;
}

/**
 * How the grid lies under the pixels of an image of `size` x `size`: pixel x lies `fractions[x]` of the way from node
 * `nodes[x]` to the next.
 */
export interface Lattice {
  nodes: Int32Array;
  fractions: Float32Array;
}

export function createLattice(size: number): Lattice {
  const nodes = new Int32Array(size);
  const fractions = new Float32Array(size);
  for (let x = 0; x < size; x++) {
    const at = ((x + 0.5) / size) * LAST;
    nodes[x] = Math.floor(at);
    fractions[x] = at - nodes[x];
  }
  return { nodes, fractions };
}

/** The field along the image's row `y`, at the grid's columns. */
export function blendRow(field: Field, { nodes, fractions }: Lattice, y: number, out: Float32Array): void {
  const top = nodes[y] * GRID;
  const fraction = fractions[y];
  for (let k = 0; k < GRID; k++) out[k] = field[top + k] + (field[top + GRID + k] - field[top + k]) * fraction;
}

/** 0 below `low`, 1 above `high`, a smooth cubic between. */
export function smoothstep(low: number, high: number, value: number): number {
  return smooth(Math.min(1, Math.max(0, (value - low) / (high - low))));
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
