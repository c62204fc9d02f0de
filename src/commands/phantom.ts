import path from 'node:path';
import { UsageError } from '../pipeline/errors.js';
import type { PhantomContext, PhantomManifest } from '../pipeline/run-phantom.js';
import { count, counted } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';
import { commandLine } from '../ui/command-line.js';
import { shownPath } from '../ui/summary-text.js';
import { type Call, type Command, EXIT, type Io } from './command.js';
import { flagName } from './options.js';
import { writer } from './output.js';
import { PHANTOM_OPTIONS, RATES } from './phantom-options.js';
import { listenForSignals } from './signals.js';

/** At most ten draws a second. */
const DRAW_MS = 100;

type PhantomCall = Call<typeof PHANTOM_OPTIONS>;

/** `maskaudit phantom <dir>`. */
export const phantom: Command<typeof PHANTOM_OPTIONS> = {
  name: 'phantom',
  group: 'Learn and try',
  summary: 'a synthetic chest X-ray set in COVID-QU-Ex layout, with planted faults',
  positional: { name: 'dir', required: true, many: false, describe: 'the folder to make: new or empty' },
  options: PHANTOM_OPTIONS,
  configured: false,
  examples: [
    ['demo --images 200', 'a small set to try things on'],
    ['demo --images 200 --faults L003,D007', 'with faults for the audit to find'],
    ['demo --predictions out --miss-rate 0.2', 'with predictions that miss a fifth of the infections'],
  ],
  async run(call) {
    const { io, options } = call;
    const request = phantomOptions(call);
    const { runPhantom } = await import('../pipeline/run-phantom.js');
    const stop = new AbortController();
    const progress = options.quiet ? SILENT : liveCount(io);
    const { unlisten } = listenForSignals(io, stop, progress.say);
    try {
      const manifest = await runPhantom(request, { signal: stop.signal, onProgress: progress.show });
      progress.end();
      const json = options.format === 'json';
      const text = json ? JSON.stringify(manifest, null, 2) : phantomText(manifest, request, io.cwd);
      if (json || !options.quiet) await writer(io.stdout)(`${text}\n`);
      return EXIT.done;
    } catch (error) {
      progress.end();
      if (!stop.signal.aborted || (error as Error).name !== 'AbortError') throw error;
      io.stderr.write('maskaudit: interrupted: the set is not whole; the same call with --overwrite makes it anew\n');
      return EXIT.interrupted;
    } finally {
      unlisten();
    }
  },
};

/** @throws UsageError where rates are given and no predictions are asked for. */
function phantomOptions({ io, words, options, origins }: PhantomCall) {
  const idle = Object.keys(RATES).find((key) => origins[key as keyof typeof RATES] === 'flag');
  if (options.predictions === null && idle !== undefined) {
    throw new UsageError(`--${flagName(idle)} needs --predictions DIR: it says how they err`);
  }
  const { images, seed, size, prevalence, split, faults, faultCount, nonCovidMasks, overwrite, jobs } = options;
  const { predictions, missRate, falseAlarmRate, swapRate, disjointRate, noise, neverPredict } = options;
  return {
    dir: path.resolve(io.cwd, words[0]),
    ...{ images, seed, size, prevalence, faultCount, nonCovidMasks, overwrite, jobs, predictions },
    ...{ missRate, falseAlarmRate, swapRate, disjointRate, noise, neverPredict },
    splits: split ?? undefined,
    faults: faults.map((fault) => fault.toUpperCase()),
  };
}

/** What was made: the images by split and source, the faults that lie in it, and the command that finds them. */
function phantomText(manifest: PhantomManifest, request: ReturnType<typeof phantomOptions>, cwd: string): string {
  const { images, size, counts, planted } = manifest;
  const shown = (file: string): string => shownPath(file, cwd);
  const splits = Object.entries(counts).map(([split, sources]) => {
    const parts = Object.entries(sources).map(([source, n]) => `${count(n)} ${source}`);
    return `  ${split}: ${parts.join(', ')}`;
  });
  const faults = planted.map(({ rule, image, path: file, how }) => {
    const where = file || image;
    return `  ${rule}  ${how}${where === '' ? '' : `: ${visible(where)}`}`;
  });
  const to = request.predictions === null ? [] : ['--predictions', shown(request.predictions)];
  return [
    `${counted(images, 'image')} of ${size}x${size} in ${visible(shown(request.dir))}`,
    ...splits,
    ...(faults.length > 0 ? [`${counted(faults.length, 'planted fault')}:`, ...faults] : []),
    `Next:  ${commandLine(['maskaudit', 'audit', shown(request.dir), ...to])}`,
  ].join('\n');
}

interface CountView {
  show: NonNullable<PhantomContext['onProgress']>;
  say(message: string): void;
  end(): void;
}

const SILENT: CountView = { show() {}, say() {}, end() {} };

/** A line on a terminal that counts the images and is gone at the end; elsewhere nothing but what is said. */
function liveCount({ stderr, env }: Io): CountView {
  const live = stderr.isTTY === true && env.TERM !== 'dumb';
  let drawn = Number.NEGATIVE_INFINITY;
  const erase = (): void => {
    if (live) stderr.write('\r\u001b[K');
  };
  return {
    show({ done, total }) {
      const now = performance.now();
      if (!live || now - drawn < DRAW_MS) return;
      drawn = now;
      stderr.write(`\r${count(done)} of ${counted(total, 'image')}\u001b[K`);
    },
    say(message) {
      erase();
      stderr.write(`maskaudit: ${message}\n`);
    },
    end: erase,
  };
}
