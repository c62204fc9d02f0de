import { count } from '../pipeline/words/figures.js';
import { severityCounts } from './finding-lines.js';
import { paceWords, percent, stateCounts } from './progress-line.js';
import type { ProgressView } from './progress-view.js';
import { rateWindow } from './rate-window.js';
import type { TextOutput } from './text-output.js';

const STEP_PERCENT = 10;
const LEAST_MS = 2000;
/** A log that is silent for minutes looks like a hang, and some CI systems end it. */
const SILENCE_MS = 30_000;

/** A line now and then for logs and pipes: the first result at once, then each 10 % but not within 2 s, and the last. */
export function milestoneProgress(output: TextOutput, { now }: { now: () => number }): ProgressView {
  const pace = rateWindow(60_000);
  let said = Number.NEGATIVE_INFINITY;
  let step = -1;
  return {
    progress(progress) {
      const current = pace(progress);
      if (progress.done === 0) return;
      const at = Math.floor(percent(progress) / STEP_PERCENT);
      const since = now() - said;
      const last = progress.done >= progress.total;
      const due = (at > step && (since >= LEAST_MS || last)) || since >= SILENCE_MS;
      if (!due) return;
      said = now();
      step = at;
      const words = [
        `${count(progress.done)}/${count(progress.total)} images (${percent(progress)} %)`,
        ...paceWords(current, 'images/s'),
        stateCounts(progress),
        severityCounts(progress.findings),
      ];
      output.write(`${words.filter((word) => word !== '').join(', ')}\n`);
    },
    say(text) {
      output.write(`${text}\n`);
    },
    finish() {},
  };
}
