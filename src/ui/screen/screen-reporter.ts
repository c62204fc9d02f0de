import type { RecordWatch, RunEvent } from '../../pipeline/events.js';
import type { RunResult } from '../../pipeline/requests.js';
import { remarks } from '../remarks.js';
import { chooseReporter, type ReporterOptions, type ResultFacts } from '../reporter.js';
import { closingVerdict } from '../summary-text.js';
import { type HeldReporter, heldReporter } from './held-reporter.js';
import { openScreen, type ScreenOptions } from './screen.js';

/** A run on the screen. */
export function screenReporter(
  plain: ReporterOptions,
  options: Omit<ScreenOptions, 'env' | 'now' | 'closed'> & {
    /** Whether the summary is printed when the screen is left. */
    closing: boolean;
  },
): HeldReporter<RunEvent, RunResult, ResultFacts> & { watch: RecordWatch } {
  const { env, now = () => performance.now() } = plain;
  const screen = openScreen({ ...options, env, now, closed: () => plain.pipeClosed?.() });
  const held = heldReporter<RunEvent, RunResult, ResultFacts>({
    screen,
    plain: chooseReporter(plain),
    keeps(event) {
      // Progress lines would come again and again after the screen; the last one is remembered for the closing words.
      if (event.type === 'progress') return 'last';
      const remembered = event.type === 'discovered' || event.type === 'engine';
      return remembered || remarks(event).length > 0 ? 'each' : 'nothing';
    },
    note: (message) => ({ type: 'note', message }),
    verdictOf: (result, facts) => closingVerdict(result, facts).text,
    closing: options.closing,
    signal: options.signal,
  });
  return { ...held, watch: screen.watch };
}
