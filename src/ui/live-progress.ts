import type { Progress } from '../pipeline/events.js';
import { progressLine } from './progress-line.js';
import type { ProgressView } from './progress-view.js';
import { rateWindow } from './rate-window.js';
import type { OutputStream, TextOutput } from './text-output.js';

/** At most ten draws a second: calm to look at, and cheap over a slow connection. */
const DRAW_MS = 100;
const ERASE = '\r\u001b[K';

/**
 * A line that is drawn over and over and leaves nothing behind. The width is asked for at each draw, so that a resized
 * window is respected.
 */
export function liveProgress(
  output: TextOutput,
  stream: Pick<OutputStream, 'columns'>,
  { now, unicode }: { now: () => number; unicode: boolean },
): ProgressView {
  const pace = rateWindow();
  let line = '';
  let drawn = Number.NEGATIVE_INFINITY;
  const draw = () => output.write(`\r${line}\u001b[K`);
  return {
    progress(progress: Progress) {
      const current = pace(progress);
      if (now() - drawn < DRAW_MS && progress.done < progress.total) return;
      drawn = now();
      line = progressLine(progress, current, { columns: stream.columns || 80, unicode });
      draw();
    },
    say(text) {
      output.write(`${line === '' ? '' : ERASE}${text}\n`);
      if (line !== '') draw();
    },
    finish() {
      if (line !== '') output.write(ERASE);
      line = '';
    },
  };
}
