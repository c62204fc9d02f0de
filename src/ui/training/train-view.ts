import type { TrainProgress } from '../../pipeline/training/train-events.js';
import { truncate } from '../display-width.js';
import { liveLine } from '../live-line.js';
import { rateWindow } from '../rate-window.js';
import type { OutputStream, TextOutput } from '../text-output.js';
import { progressWords } from './train-lines.js';

/** How the steps of a training look on stderr: a live line, a line now and then, or nothing. */
export interface TrainView {
  progress(progress: TrainProgress, epochs: number): void;
  /** A line that stays. */
  say(text: string): void;
  /** Takes away what should not stay. */
  finish(): void;
}

export const SILENT: TrainView = { progress() {}, say() {}, finish() {} };

/** A log wants a sign of life, no more. */
const SAY_MS = 15_000;
/** Steps differ, and validation is faster than training: a longer look is steadier. */
export const WINDOW_MS = 60_000;

/** A line that is drawn over and over on a terminal. */
export function liveView(
  output: TextOutput,
  stream: Pick<OutputStream, 'columns'>,
  { now }: { now: () => number },
): TrainView {
  const pace = startPace();
  const live = liveLine(output, now, (line) => truncate(line, Math.max(0, (stream.columns || 80) - 1)));
  return {
    progress(progress, epochs) {
      const current = pace(progress);
      if (live.due()) live.show(progressWords(progress, epochs, current));
    },
    say: live.say,
    finish: live.finish,
  };
}

/** A line for logs and pipes: the first step at once, then one each 15 s. */
export function lineView(output: TextOutput, { now }: { now: () => number }): TrainView {
  const pace = startPace();
  let said = Number.NEGATIVE_INFINITY;
  return {
    progress(progress, epochs) {
      const current = pace(progress);
      if (now() - said < SAY_MS) return;
      said = now();
      output.write(`${progressWords(progress, epochs, current)}\n`);
    },
    say(text) {
      output.write(`${text}\n`);
    },
    finish() {},
  };
}

function startPace() {
  const pace = rateWindow(WINDOW_MS);
  return ({ work }: TrainProgress) => pace(work);
}
