import type { ClassSummary, GroupSummary } from '../summary.js';

/** Foreground classes of a summary. */
export function foreground({ classes }: GroupSummary): ClassSummary[] {
  return classes.filter(({ index }) => index > 0);
}

/** Pixels of class `c` in the truth of the scored images. */
export function scoredTruth({ confusion }: GroupSummary, c: number): number {
  return confusion[c].reduce((sum, pixels) => sum + pixels, 0);
}

/** Scored images that have the class in the truth. */
export function scoredPositives({ outcomes }: ClassSummary): number {
  return outcomes.hit + outcomes.miss + outcomes.disjoint;
}
