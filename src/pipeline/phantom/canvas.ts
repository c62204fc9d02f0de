import { createLattice, GRID, type Lattice } from './field.js';

/**
 * Working memory of a picture, which the next picture of the size uses again: fresh arrays of this size come as
 * untouched pages, and touching them took longer than the painting.
 */
export interface Canvas {
  size: number;
  lattice: Lattice;
  /** Grays that vessels and bones add, size x size. */
  vessels: Float32Array;
  bones: Float32Array;
  /** How much lung a pixel is, 0..1. */
  lungs: Float32Array;
  /** Sums of `softenMask`. */
  sums: Int32Array;
  /** A row of pixels before it is developed, and one of each field at the grid's columns. */
  row: Float32Array;
  blends: readonly Float32Array[];
}

let latest: Canvas | null = null;

/** A canvas with vessels and bones at 0. Nothing may be kept in it past the picture. */
export function cleanCanvas(size: number): Canvas {
  if (latest?.size !== size) {
    const area = size * size;
    latest = {
      size,
      lattice: createLattice(size),
      vessels: new Float32Array(area),
      bones: new Float32Array(area),
      lungs: new Float32Array(area),
      sums: new Int32Array(area),
      row: new Float32Array(size),
      blends: Array.from({ length: 5 }, () => new Float32Array(GRID)),
    };
  }
  latest.vessels.fill(0);
  latest.bones.fill(0);
  return latest;
}
