/** Of an image-level record, whose confusion (row-major C x C, rows truth) has a single 1: the class that it is of and the one it is told to be of. */
export function imageAnswer(confusion: ArrayLike<number>): { label: number; predicted: number } {
  const classCount = Math.sqrt(confusion.length);
  let cell = 0;
  while (confusion[cell] === 0) cell++;
  return { label: Math.floor(cell / classCount), predicted: cell % classCount };
}
