/** Poisson variates from 32 random bits. */
export interface PoissonTable {
  /** 2^32 P(X <= k), ascending; the last is 2^32. */
  bounds: Float64Array;
  /** Smallest k that bits with these 12 leading ones can mean. */
  guide: Uint16Array;
}

/**
 * Inversion of the cumulative distribution with a guide table (Chen and Asau 1974): start at `guide[bits >>> 20]` and
 * go up while `bits >>> 0 >= bounds[k]`. Probabilities are exact to 2^-32. `mean` is 0..40.
 */
export function poissonTable(mean: number): PoissonTable {
  const bounds: number[] = [];
  let probability = Math.exp(-mean);
  let cumulative = probability;
  for (let k = 1; cumulative < 1 - 2 ** -33 && k < 200; k++) {
    bounds.push(Math.round(cumulative * 2 ** 32));
    probability *= mean / k;
    cumulative += probability;
  }
  bounds.push(2 ** 32);
  const guide = new Uint16Array(4096);
  for (let i = 0, k = 0; i < guide.length; i++) {
    while (i * 2 ** 20 >= bounds[k]) k++;
    guide[i] = k;
  }
  return { bounds: Float64Array.from(bounds), guide };
}
