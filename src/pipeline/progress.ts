import type { ClassProgress, Progress, RunEvent } from './events.js';
import type { Severity } from './record.js';

/** Draws and logs want no more than this. */
const EVERY_MS = 100;

export interface Peek {
  findings: Record<Severity, number>;
  status: Record<'scored' | 'unscored' | 'unreadable', number>;
  classes: ClassProgress[];
}

/** Emits progress events: the first result at once, then some ten a second, and the last. */
export function createProgress(total: number, resumed: number, peek: () => Peek, emit: (event: RunEvent) => void) {
  const started = performance.now();
  let last = Number.NEGATIVE_INFINITY;
  const send = (done: number, now: number) => {
    last = now;
    const { findings, status, classes } = peek();
    const progress: Progress = { done, total, ...status, findings, elapsedMs: now - started, measured: done - resumed };
    emit({ type: 'progress', progress, classes });
  };
  return {
    show(done: number): void {
      const now = performance.now();
      if (now - last >= EVERY_MS) send(done, now);
    },
    end: (done: number) => send(done, performance.now()),
  };
}
