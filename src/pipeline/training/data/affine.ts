/**
 * Where a pixel of an example lies in its picture. Both sides are in shares of the width and height, from -0.5 to 0.5 with the
 * centre at 0, so that one map serves an image and a mask of another size: x = a u + b v + tx, y = c u + d v + ty.
 */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  tx: number;
  ty: number;
}

export const IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0 };

export function isIdentity({ a, b, c, d, tx, ty }: Affine): boolean {
  return a === 1 && b === 0 && c === 0 && d === 1 && tx === 0 && ty === 0;
}

/** Where the map takes a place of the example. */
export function apply({ a, b, c, d, tx, ty }: Affine, u: number, v: number): [x: number, y: number] {
  return [a * u + b * v + tx, c * u + d * v + ty];
}

/** Which place of the example is taken there. */
export function invert({ a, b, c, d, tx, ty }: Affine, x: number, y: number): [u: number, v: number] {
  const determinant = a * d - b * c;
  return [(d * (x - tx) - b * (y - ty)) / determinant, (a * (y - ty) - c * (x - tx)) / determinant];
}
