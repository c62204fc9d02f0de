/** A loss is the better the smaller, a score the larger. */
export type Goal = 'min' | 'max';

/** How far a figure has come, epoch by epoch. */
export interface Standing {
  /** Place of the first of the best; null where the figure was never defined. */
  best: number | null;
  /** Epochs since then, or since the beginning. */
  sinceBest: number;
}

/**
 * An undefined figure (null) is no better than any other.
 * @param least what counts as better has to be so by more than this
 */
export function standing(values: readonly (number | null)[], goal: Goal, least = 0): Standing {
  let best: number | null = null;
  let bestValue = 0;
  values.forEach((value, i) => {
    if (value === null) return;
    const gain = goal === 'min' ? bestValue - value : value - bestValue;
    if (best !== null && !(gain > least)) return;
    best = i;
    bestValue = value;
  });
  return { best, sinceBest: best === null ? values.length : values.length - 1 - best };
}
