import type { Progress, RunEvent } from '../../src/pipeline/events.js';

export function madeProgress(given: Partial<Progress> = {}): Progress {
  return {
    done: 0,
    total: 1000,
    scored: given.done ?? 0,
    unscored: 0,
    unreadable: 0,
    findings: { error: 0, warning: 0, info: 0 },
    elapsedMs: 0,
    measured: given.done ?? 0,
    ...given,
  };
}

export const progressEvent = (given: Partial<Progress>): RunEvent => ({
  type: 'progress',
  progress: madeProgress(given),
  classes: [],
});
