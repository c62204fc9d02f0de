/**
 * Quantile of ascending values by linear interpolation between order statistics (numpy's and R's default, type 7 of
 * Hyndman and Fan). `share` is in 0..1; null where there are no values.
 */
export function quantile(ascending: ArrayLike<number>, share: number): number | null {
  if (ascending.length === 0) return null;
  const position = (ascending.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (ascending[above] - ascending[below]) * (position - below);
}
