import type { Progress } from '../pipeline/events.js';
import { liveLine } from './live-line.js';
import { progressLine } from './progress-line.js';
import type { ProgressView } from './progress-view.js';
import { rateWindow } from './rate-window.js';
import type { OutputStream, TextOutput } from './text-output.js';

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
  const live = liveLine(output, now);
  return {
    progress(progress: Progress) {
      const current = pace(progress);
      if (!live.due() && progress.done < progress.total) return;
      live.show(progressLine(progress, current, { columns: stream.columns || 80, unicode }));
    },
    say: live.say,
    finish: live.finish,
  };
}
