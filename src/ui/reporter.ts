import type { EngineInfo } from '../pipeline/engines/engine.js';
import type { RunEvent } from '../pipeline/events.js';
import type { RunResult } from '../pipeline/requests.js';
import { visibleJson } from '../pipeline/words/visible-text.js';
import { type Env, isCi, wantsColour } from './colours.js';
import { liveProgress } from './live-progress.js';
import { milestoneProgress } from './milestone-progress.js';
import { type ProgressView, SILENT } from './progress-view.js';
import { remarks } from './remarks.js';
import { type SummaryOptions, summaryText } from './summary-text.js';
import { hasUnicode } from './terminal-traits.js';
import { type OutputStream, textOutput } from './text-output.js';

export type Format = 'text' | 'json' | 'ndjson';

/** What the text of a finished run says beside its figures; the rest a reporter has heard or knows of its terminal. */
export type ResultFacts = Omit<SummaryOptions, 'engine' | 'total' | 'elapsedMs' | 'columns' | 'colour'> & {
  /** The text of summary.json, what `--format json` prints. */
  summaryJson: string;
};

/** Consumes a run: what it says on the way, and what came of it. A terminal screen is another one of these. */
export interface Reporter {
  event(event: RunEvent): void;
  /** What came of the run, on stdout in the form that was asked for. Call it at most once, before `close`. */
  result(result: RunResult, facts: ResultFacts): void;
  /**
   * Takes the live line away and waits until everything is handed over; call it whatever happened, also before an error is
   * printed. Throws WorkError where stdout could not be written; a closed pipe is no error.
   */
  close(): Promise<void>;
}

export interface ReporterOptions {
  format: Format;
  /** Nothing but errors: no progress, no text summary. `json` and `ndjson` still print what was asked for by name. */
  quiet: boolean;
  /** False where there is nothing to score: then no image is spoken of as unscored. */
  scores?: boolean;
  stdout: OutputStream;
  stderr: OutputStream;
  env: Env;
  /** Milliseconds of any origin. */
  now?: () => number;
  /** The reader of stdout has gone (`| head`). */
  pipeClosed?: () => void;
}

/** The reporter for what is at the other end of the streams and what the user asked for. */
export function chooseReporter(options: ReporterOptions): Reporter {
  const { format, quiet, scores = true, stdout, stderr, env, now = () => performance.now() } = options;
  const out = textOutput(stdout, 'stdout', options.pipeClosed);
  const chatter = textOutput(stderr, 'stderr');
  const live = stderr.isTTY === true && env.TERM !== 'dumb' && !isCi(env);
  const view: ProgressView = quiet
    ? SILENT
    : live
      ? liveProgress(chatter, stderr, { now, unicode: hasUnicode(env) })
      : milestoneProgress(chatter, { now });
  let engine: EngineInfo | null = null;
  let total: number | null = null;
  let elapsedMs: number | null = null;

  return {
    event(event) {
      if (event.type === 'discovered') total = event.images;
      if (event.type === 'engine') engine = event.info;
      if (event.type === 'progress') elapsedMs = event.progress.elapsedMs;
      if (format === 'ndjson') out.write(`${visibleJson(JSON.stringify(event))}\n`);
      if (event.type === 'progress') view.progress(scores ? event.progress : { ...event.progress, unscored: 0 });
      else if (event.type === 'finishing') view.finish();
      else for (const line of remarks(event)) view.say(line);
    },
    result(result, facts) {
      view.finish();
      if (format === 'json') {
        const json = stdout.isTTY ? visibleJson(facts.summaryJson) : facts.summaryJson;
        out.write(json.endsWith('\n') ? json : `${json}\n`);
      } else if (format === 'text' && !quiet) {
        const columns = stdout.isTTY && stdout.columns ? Math.min(stdout.columns, 100) : 80;
        const colour = wantsColour(stdout, env);
        const lines = summaryText(result, { ...facts, engine, total, elapsedMs, columns, colour });
        out.write(`${lines.join('\n')}\n`);
      }
    },
    async close() {
      view.finish();
      await chatter.close().catch(() => undefined);
      await out.close();
    },
  };
}
