/** Thresholds that positive and that negative images each may bring into a table. */
const MOST_EACH = 16;

/**
 * Thresholds at which a table of them says something new: 0, where everything goes on, the one in force, 1, and between them the
 * probabilities at which one more image is kept back, thinned evenly over the positive images and over the negative ones.
 * Each is the shortest decimal that parts the same images.
 */
export function thresholdGrid(positives: readonly number[], negatives: readonly number[], inForce: number): number[] {
  const all = distinct([...positives, ...negatives]);
  const chosen = [...thinned(distinct(positives)), ...thinned(distinct(negatives))];
  const grid = chosen.map((p) => {
    const at = all.indexOf(p);
    return shortestWithin(at === 0 ? -1 : all[at - 1], p);
  });
  return distinct([0, ...grid, inForce, 1]);
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** At most MOST_EACH of sorted values, evenly by rank, the first and the last among them. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= MOST_EACH) return [...values];
  const step = (values.length - 1) / (MOST_EACH - 1);
  return Array.from({ length: MOST_EACH }, (_, i) => values[Math.round(i * step)]);
}

/** The number with the fewest decimals that is above `low` and not above `high`. */
export function shortestWithin(low: number, high: number): number {
  for (let decimals = 0; decimals <= 15; decimals++) {
    const value = Number((Math.floor(high * 10 ** decimals) / 10 ** decimals).toFixed(decimals));
    if (value > low && value <= high) return value;
  }
  return high;
}
