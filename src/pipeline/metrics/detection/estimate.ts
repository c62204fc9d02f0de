import type { Interval } from '../bootstrap.js';

/** A figure and what it may be with another sample of as many images; null where undefined. */
export interface Estimate {
  value: number | null;
  confidence95: Interval | null;
}

export const UNDEFINED: Estimate = { value: null, confidence95: null };
