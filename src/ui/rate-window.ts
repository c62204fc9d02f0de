import type { Progress } from '../pipeline/events.js';

export interface Pace {
  /** Images per second of late, null while it is not known. */
  perSecond: number | null;
  /** Milliseconds to the last image at that rate. */
  leftMs: number | null;
}

/** Below this much time a rate is noise: the first images pay for what starts with them. */
const LEAST_MS = 500;

/**
 * The rate of the last `windowMs` of a run, so that a slow start or a pause doesn't colour the time left for ever. Keeps the
 * samples of the window, one each 100 ms at most.
 */
export function rateWindow(
  windowMs = 5000,
): (progress: Pick<Progress, 'elapsedMs' | 'measured' | 'done' | 'total'>) => Pace {
  // A run's clock starts when its first image goes in.
  const samples = [{ ms: 0, images: 0 }];
  return ({ elapsedMs, measured, done, total }) => {
    if (elapsedMs - samples[samples.length - 1].ms >= 100) samples.push({ ms: elapsedMs, images: measured });
    while (samples.length > 2 && samples[1].ms <= elapsedMs - windowMs) samples.shift();
    const first = samples[0];
    const ms = elapsedMs - first.ms;
    const images = measured - first.images;
    if (ms < LEAST_MS || images <= 0) return { perSecond: null, leftMs: null };
    const perSecond = (images / ms) * 1000;
    return { perSecond, leftMs: (Math.max(0, total - done) / perSecond) * 1000 };
  };
}
