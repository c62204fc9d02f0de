import { EXIT, type Io } from './command.js';

/** A second signal within this time is the same key press: a terminal and npm both deliver it. */
const SAME_PRESS_MS = 100;
const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * The first signal aborts `stop`, so that what is in flight is finished, and says so; a later one leaves the process at once.
 * @returns `signalled`, for a Ctrl-C that arrives as a key, and what takes the listeners away.
 */
export function listenForSignals(
  io: Io,
  stop: AbortController,
  say: (message: string) => void,
): { signalled(): void; unlisten(): void } {
  let first: number | null = null;
  const signalled = (): void => {
    const now = performance.now();
    if (first === null) {
      first = now;
      say('stopping: what is in flight is finished and written; again to leave at once');
      stop.abort();
    } else if (now - first > SAME_PRESS_MS) {
      io.leave(EXIT.interrupted);
    }
  };
  for (const name of NAMES) io.signals.on(name, signalled);
  return {
    signalled,
    unlisten() {
      for (const name of NAMES) io.signals.off(name, signalled);
    },
  };
}
