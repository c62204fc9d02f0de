/** A reporter of plain lines, which follows a screen or takes its place. */
interface PlainReporter<Event, Result, Facts> {
  event(event: Event): void;
  result(result: Result, facts: Facts): void;
  close(): Promise<void>;
}

/** As much of a screen as is needed to leave it. */
interface LeftScreen<Event> {
  event(event: Event): void;
  verdict(text: string): void;
  readonly quit: Promise<Error | null>;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface HeldOptions<Event, Result, Facts> {
  screen: LeftScreen<Event>;
  plain: PlainReporter<Event, Result, Facts>;
  /** What of an event is said when the screen is left: nothing, itself, or itself in place of one before that was like it. */
  keeps(event: Event): 'nothing' | 'each' | 'last';
  note(message: string): Event;
  verdictOf(result: Result, facts: Facts): string;
  /** Whether anything is printed when the screen is left. */
  closing: boolean;
  /** Aborted: nobody waits for the user to leave. */
  signal: AbortSignal;
}

export interface HeldReporter<Event, Result, Facts> extends PlainReporter<Event, Result, Facts> {
  pause(): void;
  resume(): void;
  /** Gives the terminal back without a word more: the process ends. */
  abandon(): void;
}

/**
 * A run on a screen. What the plain reporter would have said on the way is said once the terminal is given back, then the
 * summary, so that both stay in the scrollback. Where the screen fails, plain lines go on in its place.
 */
export function heldReporter<Event, Result, Facts>(
  options: HeldOptions<Event, Result, Facts>,
): HeldReporter<Event, Result, Facts> {
  const { screen, plain, closing } = options;
  const held: { event: Event; last: boolean }[] = [];
  let shown = true;
  let outcome: { result: Result; facts: Facts } | null = null;

  function giveBack(error: Error | null): void {
    if (!shown) return;
    shown = false;
    screen.close();
    if (closing) for (const { event } of held) plain.event(event);
    if (error) plain.event(options.note(`the screen failed (${error.message}); plain lines go on`));
  }
  screen.quit.then((error) => {
    if (error) giveBack(error);
  });

  return {
    pause: screen.pause,
    resume: screen.resume,
    abandon() {
      shown = false;
      screen.close();
    },
    event(event) {
      if (!shown) return plain.event(event);
      screen.event(event);
      const kept = options.keeps(event);
      if (kept === 'nothing') return;
      if (kept === 'last' && held.at(-1)?.last) held.pop();
      held.push({ event, last: kept === 'last' });
    },
    result(result, facts) {
      outcome = { result, facts };
      if (shown) screen.verdict(options.verdictOf(result, facts));
    },
    async close() {
      giveBack(shown && outcome && !options.signal.aborted ? await screen.quit : null);
      if (outcome && closing) plain.result(outcome.result, outcome.facts);
      await plain.close();
    },
  };
}
