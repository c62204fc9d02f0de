import type { RecordWatch, RunEvent } from '../../pipeline/events.js';
import type { RunResult } from '../../pipeline/requests.js';
import { remarks } from '../remarks.js';
import { chooseReporter, type Reporter, type ReporterOptions, type ResultFacts } from '../reporter.js';
import { closingVerdict } from '../summary-text.js';
import { openScreen, type ScreenOptions } from './screen.js';

/**
 * A run on the screen. What the plain reporter would have said on the way is said once the terminal is given back, then the
 * summary, so that both stay in the scrollback. Where the screen fails, plain lines go on in its place.
 */
export function screenReporter(
  plain: ReporterOptions,
  options: Omit<ScreenOptions, 'env' | 'now' | 'closed'> & {
    /** Whether the summary is printed when the screen is left. */
    closing: boolean;
  },
): Reporter & { watch: RecordWatch; abandon(): void; pause(): void; resume(): void } {
  const { stdout, env, now = () => performance.now() } = plain;
  const closed = () => plain.pipeClosed?.();
  const screen = openScreen({ ...options, env, now, closed });
  // Progress lines would come again and again after the screen.
  const text = chooseReporter({ ...plain, stdout, quiet: plain.quiet });
  const held: RunEvent[] = [];
  let shown = true;
  let outcome: { result: RunResult; facts: ResultFacts } | null = null;

  function giveBack(error: Error | null): void {
    if (!shown) return;
    shown = false;
    screen.close();
    if (options.closing) for (const event of held) text.event(event);
    if (error) text.event({ type: 'note', message: `the screen failed (${error.message}); plain lines go on` });
  }
  screen.quit.then((error) => {
    if (error) giveBack(error);
  });

  return {
    watch: screen.watch,
    pause: screen.pause,
    resume: screen.resume,
    /** Gives the terminal back without a word more: the process ends. */
    abandon() {
      shown = false;
      screen.close();
    },
    event(event) {
      if (!shown) return text.event(event);
      screen.event(event);
      // Those that a reporter remembers for its closing words, and those that it says; the last progress is enough.
      if (event.type === 'progress') {
        const last = held.at(-1);
        if (last?.type === 'progress') held.pop();
        held.push(event);
      } else if (event.type === 'discovered' || event.type === 'engine' || remarks(event).length > 0) held.push(event);
    },
    result(result, facts) {
      outcome = { result, facts };
      if (shown) screen.verdict(closingVerdict(result, facts).text);
    },
    async close() {
      if (shown && outcome && !options.signal.aborted) giveBack(await screen.quit);
      else giveBack(null);
      if (outcome && options.closing) text.result(outcome.result, outcome.facts);
      await text.close();
    },
  };
}
