import { rate } from '../pipeline/words/figures.js';
import type { Io } from './command.js';

export interface InstallProgress {
  /** Something begins. */
  step(text: string): void;
  /** Bytes that have come, of those that are known to come. */
  bytes(done: number, total: number): void;
  end(): void;
}

/** A log that is silent for minutes looks like a hang. */
const SAY_MS = 10_000;
const DRAW_MS = 200;
const MB = 1e6;

/** Steps as lines on stderr; while something is downloaded a line that is drawn over on a terminal, and one now and then elsewhere. */
export function installProgress({ stderr, env }: Io, quiet: boolean): InstallProgress {
  const live = stderr.isTTY === true && env.TERM !== 'dumb';
  const started = performance.now();
  let drawn = live ? Number.NEGATIVE_INFINITY : started;
  let isDrawn = false;
  const erase = () => {
    if (isDrawn) stderr.write('\r\u001b[K');
    isDrawn = false;
  };
  return {
    step(text) {
      erase();
      if (!quiet) stderr.write(`maskaudit: ${text}\n`);
    },
    bytes(done, total) {
      const now = performance.now();
      if (done >= total) erase();
      if (quiet || done >= total || now - drawn < (live ? DRAW_MS : SAY_MS)) return;
      drawn = now;
      const perSecond = (done / MB / (now - started)) * 1000;
      const line = `${Math.round(done / MB)} of ${Math.round(total / MB)} MB, ${rate(perSecond)} MB/s`;
      stderr.write(live ? `\r${line}\u001b[K` : `maskaudit: ${line}\n`);
      isDrawn = live;
    },
    end: erase,
  };
}
