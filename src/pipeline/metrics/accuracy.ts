/** Share of the pixels that are labelled right, from a row-major C x C confusion; null where there is no pixel. */
export function accuracy(confusion: ArrayLike<number>): number | null {
  const diagonal = Math.sqrt(confusion.length) + 1;
  let right = 0;
  let all = 0;
  for (let i = 0; i < confusion.length; i++) {
    all += confusion[i];
    if (i % diagonal === 0) right += confusion[i];
  }
  return all === 0 ? null : right / all;
}

/**
 * Accuracy of answering background everywhere: background's share of the annotated pixels (length C); null without
 * any.
 */
export function backgroundAccuracy(truth: ArrayLike<number>): number | null {
  let all = 0;
  for (let c = 0; c < truth.length; c++) all += truth[c];
  return all === 0 ? null : truth[0] / all;
}
