import type { Io } from './command.js';

/** What has the terminal and can do without it for a while. */
export interface Sleeper {
  pause(): void;
  resume(): void;
}

/** Where no shell could wake it the system refuses to stop a process; then it goes on after this time. */
const REFUSED_MS = 50;

/**
 * Joins a screen to job control: it gives the terminal back before the process is stopped (Ctrl-Z, or SIGTSTP from outside) and
 * takes it again when it goes on, also after a SIGSTOP that it could not see coming.
 * @returns `suspend`, for a Ctrl-Z that arrives as a key, and what takes the listeners away.
 */
export function listenForSuspension({ signals, stop }: Io, sleeper: Sleeper): { suspend(): void; unlisten(): void } {
  let asleep = false;
  const suspend = (): void => {
    asleep = true;
    sleeper.pause();
    // Without a listener the signal does what it does by itself: it stops the process, here.
    signals.off('SIGTSTP', suspend);
    stop();
    // After a SIGCONT that is waiting to be heard.
    setTimeout(() => setImmediate(() => asleep && resume()), REFUSED_MS);
  };
  const resume = (): void => {
    asleep = false;
    signals.off('SIGTSTP', suspend);
    signals.on('SIGTSTP', suspend);
    sleeper.resume();
  };
  signals.on('SIGTSTP', suspend);
  signals.on('SIGCONT', resume);
  return {
    suspend,
    unlisten() {
      asleep = false;
      signals.off('SIGTSTP', suspend);
      signals.off('SIGCONT', resume);
    },
  };
}
