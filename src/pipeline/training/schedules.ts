import { type Goal, standing } from './standing.js';

/** How the learning rate goes; every rate is a function of the step, the epoch and the finished epochs. */
export interface Schedule {
  kind: 'constant' | 'cosine' | 'step' | 'plateau';
  /** The highest rate. */
  rate: number;
  /** Steps in which it rises to that from nearly 0, linearly. */
  warmUp: number;
  /** step: epochs between two falls; plateau: epochs without a better monitored figure before one. */
  every: number;
  /** What it is multiplied by at a fall. */
  factor: number;
}

/** Where a training is. */
export interface Place {
  /** Steps done since the beginning. */
  step: number;
  /** The epoch that it belongs to, from 0. */
  epoch: number;
  /** Steps of the whole training. */
  total: number;
}

/** The rate of the next step. Cosine: Loshchilov and Hutter 2017, one half wave to 0, without restarts. */
export function learningRate(
  { kind, rate, warmUp, every, factor }: Schedule,
  { step, epoch, total }: Place,
  falls: number,
): number {
  if (step < warmUp) return (rate * (step + 1)) / (warmUp + 1);
  switch (kind) {
    case 'constant':
      return rate;
    case 'cosine':
      return (rate / 2) * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, total - warmUp)));
    case 'step':
      return rate * factor ** Math.floor(epoch / every);
    case 'plateau':
      return rate * factor ** falls;
  }
}

/**
 * How often the rate fell by the `plateau` schedule: each time when the epochs since the best, or since the last fall, came to
 * `every`.
 * @param values the monitored figure of each finished epoch
 */
export function plateauFalls({ kind, every }: Schedule, values: readonly (number | null)[], goal: Goal): number {
  if (kind !== 'plateau') return 0;
  let falls = 0;
  let waited = 0;
  for (let n = 1; n <= values.length; n++) {
    waited = standing(values.slice(0, n), goal).sinceBest === 0 ? 0 : waited + 1;
    if (waited < every) continue;
    falls++;
    waited = 0;
  }
  return falls;
}
