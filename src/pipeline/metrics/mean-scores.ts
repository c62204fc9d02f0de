import { CONVENTIONS, type Convention, type MeanScores, type Scores } from '../summary.js';

/**
 * Mean over the classes for which a score is defined, convention by convention, and how many those are; null over
 * none.
 */
export function meanScores(classes: readonly Scores[]): MeanScores {
  const means = {} as MeanScores;
  const counts = {} as Record<Convention, number>;
  for (const convention of CONVENTIONS) {
    const defined = classes.map((scores) => scores[convention]).filter((score) => score !== null);
    counts[convention] = defined.length;
    means[convention] = defined.length === 0 ? null : defined.reduce((sum, x) => sum + x, 0) / defined.length;
  }
  return Object.assign(means, { classes: counts });
}
