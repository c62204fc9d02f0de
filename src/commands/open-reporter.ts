import type { RecordWatch } from '../pipeline/events.js';
import type { AuditRequest } from '../pipeline/requests.js';
import { isCi } from '../ui/colours.js';
import { chooseReporter, type Format, type Reporter } from '../ui/reporter.js';
import { shownPath } from '../ui/summary-text.js';
import type { TrainSubject } from '../ui/training/screen/train-model.js';
import type { TrainReporter } from '../ui/training/train-reporter.js';
import type { Io } from './command.js';
import { ruleTitles } from './result-facts.js';
import { listenForSignals } from './signals.js';
import { listenForSuspension, type Sleeper } from './suspension.js';

/** What a screen shows. */
export interface Shown {
  request: Pick<AuditRequest, 'root' | 'model' | 'predictions' | 'out'> & { command: string };
  /** A finished run that is looked at: nothing is said of it when the screen is left. */
  of?: string;
}

interface Wishes {
  ui: boolean | null;
  format: Format;
  quiet: boolean;
}

/** Why there is no screen, null where there is one. Nobody asks for one in a pipe, a log or a script. */
export function noScreen({ ui, format, quiet }: Wishes, { stdin, stdout, env }: Io): string | null {
  if (ui === false) return '--no-ui';
  if (format !== 'text') return `--format ${format} prints what scripts read`;
  if (stdout.isTTY !== true) return 'stdout is no terminal';
  if (env.TERM === 'dumb') return 'TERM=dumb: this terminal has no cursor';
  if (ui !== true && quiet) return '--quiet';
  if (ui !== true && isCi(env)) return 'this is CI';
  // Asked last: opening a standard input is not free.
  return stdin.isTTY === true ? null : 'stdin is no terminal, so no key would arrive';
}

/** The reporter that fits the streams and the wishes, joined to Ctrl-C. */
export async function openReporter(
  wishes: Wishes,
  { io, stop, scores, shown }: { io: Io; stop: AbortController; scores: boolean; shown: Shown | null },
): Promise<Reporter & { watch?: RecordWatch; unlisten(): void }> {
  const { stdout, stderr, env } = io;
  const { format, quiet, ui } = wishes;
  const plain = { format, quiet, scores, stdout, stderr, env, pipeClosed: () => stop.abort() };
  const why = shown === null ? 'this command has no screen' : noScreen(wishes, io);
  if (why !== null || shown === null) {
    const reporter = chooseReporter(plain);
    if (ui) reporter.event({ type: 'note', message: `--ui: ${why}; plain lines instead` });
    const { unlisten } = listenForSignals(io, stop, (message) => reporter.event({ type: 'note', message }));
    return { ...reporter, unlisten };
  }
  const { signalled, unlisten } = listenForSignals(io, stop, () => {});
  const { screenReporter } = await import('../ui/screen/screen-reporter.js');
  const { command, root, model, predictions, out } = shown.request;
  const near = (file: string) => shownPath(file, io.cwd);
  const reporter = screenReporter(plain, {
    stdin: io.stdin,
    stdout,
    subject: {
      command,
      dataset: near(shown.of ?? root),
      work: predictions !== null ? `masks of ${near(predictions)}` : model !== null ? near(model) : 'annotations alone',
      scores,
      titles: await ruleTitles(),
      titlesOfImages: await ruleTitles(true),
    },
    closing: shown.of === undefined,
    interrupt: signalled,
    suspend: () => sleep.suspend(),
    signal: stop.signal,
    images: async (header, discovery) => {
      const { openImageSource } = await import('../pipeline/viewing/image-source.js');
      return openImageSource(out, header, discovery);
    },
  });
  const sleep = joinTerminal(io, reporter);
  return {
    ...reporter,
    unlisten() {
      sleep.unlisten();
      unlisten();
    },
  };
}

/** Joins a screen to job control and to every sudden end of the process. */
function joinTerminal(io: Io, screen: Sleeper & { abandon(): void }): ReturnType<typeof listenForSuspension> {
  const sleep = listenForSuspension(io, screen);
  const stay = io.beforeLeaving(screen.abandon);
  return {
    suspend: sleep.suspend,
    unlisten() {
      sleep.unlisten();
      stay();
    },
  };
}

/** What a screen of a training shows. */
export interface ShownTraining {
  subject: TrainSubject;
  /** Whether anything is said of it when the screen is left: not of one that was only looked at. */
  closing: boolean;
}

/** The reporter of a training that fits the streams and the wishes, joined to Ctrl-C. */
export async function openTrainReporter(
  wishes: Wishes,
  { io, stop, shown }: { io: Io; stop: AbortController; shown: ShownTraining },
): Promise<TrainReporter & { unlisten(): void }> {
  const { stdout, stderr, env } = io;
  const { format, quiet, ui } = wishes;
  const plain = { format, quiet, stdout, stderr, env, pipeClosed: () => stop.abort() };
  const why = noScreen(wishes, io);
  if (why !== null) {
    const { trainReporter } = await import('../ui/training/train-reporter.js');
    const reporter = trainReporter(plain);
    if (ui) reporter.event({ type: 'note', message: `--ui: ${why}; plain lines instead` });
    const { unlisten } = listenForSignals(io, stop, (message) => reporter.event({ type: 'note', message }));
    return { ...reporter, unlisten };
  }
  const { signalled, unlisten } = listenForSignals(io, stop, () => {});
  const { trainScreenReporter } = await import('../ui/training/screen/train-screen-reporter.js');
  const reporter = trainScreenReporter(plain, {
    ...shown,
    ...{ stdin: io.stdin, stdout, signal: stop.signal, interrupt: signalled, suspend: () => sleep.suspend() },
  });
  const sleep = joinTerminal(io, reporter);
  return {
    ...reporter,
    unlisten() {
      sleep.unlisten();
      unlisten();
    },
  };
}
