import type { TrainEvent } from '../../pipeline/training/train-events.js';
import type { TrainResult } from '../../pipeline/training/train-request.js';
import { visibleJson } from '../../pipeline/words/visible-text.js';
import { colours, isCi, wantsColour } from '../colours.js';
import { liveProgress } from '../live-progress.js';
import { milestoneProgress } from '../milestone-progress.js';
import { SILENT as NO_PROGRESS } from '../progress-view.js';
import type { ReporterOptions } from '../reporter.js';
import { hasUnicode } from '../terminal-traits.js';
import { textOutput } from '../text-output.js';
import { trainRemarks } from './train-lines.js';
import { type TrainFacts, trainSummary } from './train-summary.js';
import { lineView, liveView, SILENT } from './train-view.js';

export type TrainResultFacts = Omit<TrainFacts, 'columns' | 'colours' | 'testSplit' | 'epochs'> & {
  /** The text of training.json, what `--format json` prints. */
  trainingJson: string;
};

/** Consumes a training. A terminal screen is another one of these. */
export interface TrainReporter {
  event(event: TrainEvent): void;
  /** What came of it, on stdout. Call it at most once, before `close`. */
  result(result: TrainResult, facts: TrainResultFacts): void;
  /** Takes the live line away and waits until everything is handed over. @throws WorkError where stdout could not be written */
  close(): Promise<void>;
}

/** Plain lines on stderr; on stdout the closing words, training.json, or an event a line. */
export function trainReporter(options: Omit<ReporterOptions, 'scores'>): TrainReporter {
  const { format, quiet, stdout, stderr, env, now = () => performance.now() } = options;
  const out = textOutput(stdout, 'stdout', options.pipeClosed);
  const chatter = textOutput(stderr, 'stderr');
  const live = stderr.isTTY === true && env.TERM !== 'dumb' && !isCi(env);
  const view = quiet ? SILENT : live ? liveView(chatter, stderr, { now }) : lineView(chatter, { now });
  const audit = quiet
    ? NO_PROGRESS
    : live
      ? liveProgress(chatter, stderr, { now, unicode: hasUnicode(env) })
      : milestoneProgress(chatter, { now });
  let epochs = 0;
  let testSplit: string | null = null;

  return {
    event(event) {
      if (event.type === 'plan') epochs = event.plan.epochs;
      if (event.type === 'audit' && event.event.type === 'discovered' && event.event.splits.test > 0)
        testSplit = 'test';
      if (format === 'ndjson') out.write(`${visibleJson(JSON.stringify(event))}\n`);
      if (event.type === 'audit' && event.event.type === 'progress') {
        audit.progress({ ...event.event.progress, unscored: 0 });
        return;
      }
      // What comes next ends the audit's live line.
      audit.finish();
      if (event.type === 'progress') view.progress(event.progress, epochs);
      else if (event.type === 'finishing') view.finish();
      else for (const line of trainRemarks(event)) view.say(line);
    },
    result(result, { trainingJson, ...facts }) {
      view.finish();
      if (format === 'json') out.write(stdout.isTTY ? visibleJson(trainingJson) : trainingJson);
      if (format !== 'text' || quiet) return;
      const columns = stdout.isTTY && stdout.columns ? Math.min(stdout.columns, 100) : 80;
      // What was split anew knows no published test split.
      const untouched = facts.argv.includes('--resplit') ? null : testSplit;
      const paint = colours(wantsColour(stdout, env));
      const lines = trainSummary(result, { ...facts, testSplit: untouched, epochs, columns, colours: paint });
      out.write(`${lines.join('\n')}\n`);
    },
    async close() {
      audit.finish();
      view.finish();
      await chatter.close().catch(() => undefined);
      await out.close();
    },
  };
}
