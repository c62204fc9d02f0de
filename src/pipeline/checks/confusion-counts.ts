/** Pixels of class `c` in the truth: sum of row c of a row-major C x C matrix, rows truth. */
export function truthPixels(confusion: ArrayLike<number>, classes: number, c: number): number {
  let sum = 0;
  for (let k = c * classes, end = k + classes; k < end; k++) sum += confusion[k];
  return sum;
}

/** Pixels that were predicted as class `c`: sum of column c. */
export function predictedPixels(confusion: ArrayLike<number>, classes: number, c: number): number {
  let sum = 0;
  for (let k = c; k < classes * classes; k += classes) sum += confusion[k];
  return sum;
}
