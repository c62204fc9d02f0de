import type { Random } from '../random.js';

/** Specks by their pixels, as offsets; each is one piece. */
const SHAPES: readonly (readonly [number, number])[][] = [
  [[0, 0]],
  [
    [0, 0],
    [1, 0],
    [0, 1],
  ],
  [
    [0, 0],
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ],
];

/**
 * Draws specks of 1, 3 and 5 pixels into a mask, in place, inside `within` and apart from all else, and cuts a hole of
 * 4 pixels (of 1 where the mask is too thin). Returns the sizes that found room; hole 0 where none did.
 */
export function addSpecks(
  random: Random,
  mask: Uint8Array,
  within: Uint8Array,
  size: number,
): { specks: number[]; hole: number } {
  const hole = cutHole(random, mask, size, 2) || cutHole(random, mask, size, 1);
  const specks: number[] = [];
  for (const shape of SHAPES) {
    const centre = findPlace(random, size, 3, (i) => mask[i] === 0 && within[i] !== 0);
    if (centre === null) continue;
    for (const [x, y] of shape) mask[centre + y * size + x] = 255;
    specks.push(shape.length);
  }
  return { specks, hole };
}

/** A square hole with two rows of mask around it. */
function cutHole(random: Random, mask: Uint8Array, size: number, side: number): number {
  const corner = findPlace(random, size, side + 1, (i) => mask[i] === 255);
  if (corner === null) return 0;
  for (let y = 0; y < side; y++) mask.fill(0, corner + y * size, corner + y * size + side);
  return side * side;
}

/**
 * A pixel all of whose neighbours within `reach` are accepted: random tries first, then the first in order; null where
 * there is none.
 */
function findPlace(random: Random, size: number, reach: number, accepts: (i: number) => boolean): number | null {
  const fits = (x: number, y: number) => {
    if (x < reach || y < reach || x >= size - reach || y >= size - reach) return false;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) if (!accepts((y + dy) * size + x + dx)) return false;
    }
    return true;
  };
  for (let attempt = 0; attempt < 500; attempt++) {
    const [x, y] = [random.integer(0, size), random.integer(0, size)];
    if (fits(x, y)) return y * size + x;
  }
  for (let i = 0; i < size * size; i++) if (fits(i % size, Math.floor(i / size))) return i;
  return null;
}
