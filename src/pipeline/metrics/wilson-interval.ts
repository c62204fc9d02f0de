/** Two-sided 95 % quantile of the standard normal. */
export const Z95 = 1.959963984540054;

/**
 * Wilson's score interval of a proportion at 95 %, within [0, 1]; null where there was no trial. Unlike p +- z
 * sqrt(pq/n) it keeps its coverage for few trials and for proportions of 0 and 1, which are the usual ones for a rare
 * class. Wilson 1927; Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286.
 */
export function wilsonInterval(successes: number, trials: number): [number, number] | null {
  if (trials === 0) return null;
  const p = successes / trials;
  const z2 = Z95 * Z95;
  const scale = 1 + z2 / trials;
  const centre = (p + z2 / (2 * trials)) / scale;
  const half = (Z95 * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials))) / scale;
  // At the ends the formula gives 0 and 1 exactly; in floating point it misses them by a last digit.
  return [successes === 0 ? 0 : centre - half, successes === trials ? 1 : centre + half];
}
