import path from 'node:path';
import { UsageError } from '../pipeline/errors.js';
import type { RunContext } from '../pipeline/events.js';
import type { RunResult } from '../pipeline/requests.js';
import type { TrainingRun } from '../pipeline/viewing/training-run.js';
import { shownPath } from '../ui/summary-text.js';
import { type Call, type Command, EXIT } from './command.js';
import { openReporter, openTrainReporter } from './open-reporter.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';
import { resultFacts, ruleTitles } from './result-facts.js';

const options = {
  ...pick(OPTIONS, ['ui', 'quiet', 'config', 'debug']),
  format: { ...OPTIONS.format, describe: 'what stdout carries without a screen: a summary, or summary.json' },
};
type ShowCall = Call<typeof options>;

/** Columns of an image that is printed: three pictures side by side need no more. */
const WIDEST = 132;
const PLAIN = 80;

/** `maskaudit show <run> [image]`. */
export const show: Command<typeof options> = {
  name: 'show',
  group: 'Work with runs',
  summary: 'the screen on a finished run or training, or one image of a run printed',
  positional: { name: 'run', required: true, many: true, describe: 'the run folder, and an image of it' },
  options,
  configured: true,
  examples: [
    ['RUN', 'the screen'],
    ['RUN Test/COVID-19/images/covid_12', 'one image, its figures and findings'],
  ],
  async run(call) {
    if (call.words.length > 2) {
      throw new UsageError(
        `show takes a run and one image, not ${call.words.length - 1}: ${call.words.slice(1).join(', ')}`,
      );
    }
    const folder = path.resolve(call.io.cwd, call.words[0]);
    const { openTrainingRun } = await import('../pipeline/viewing/training-run.js');
    const training = openTrainingRun(folder);
    if (training === null) return call.words.length === 2 ? printImage(call) : showRun(call);
    if (call.words.length === 1) return showTraining(call, folder, training);
    throw new UsageError(
      `${call.words[0]} is a training, which keeps no image; its model can be audited, and that run shown: maskaudit audit ` +
        'DATASET --model RUN/model.onnx',
    );
  },
};

/** The curves of a training that is over, or its closing words. */
async function showTraining(
  { io, argv, options: chosen }: ShowCall,
  folder: string,
  run: TrainingRun,
): Promise<number> {
  const stop = new AbortController();
  const subject = { command: 'show', dataset: shownPath(folder, io.cwd) };
  const reporter = await openTrainReporter(chosen, { io, stop, shown: { subject, closing: false } });
  try {
    const { runShowTraining } = await import('../pipeline/run-show-training.js');
    const { trainingText } = await import('../pipeline/training/train-files.js');
    const result = runShowTraining(folder, run, reporter.event);
    const root = run.facts.inputs.dataset as string;
    const titles = await ruleTitles();
    reporter.result(result, { root, argv, titles, cwd: io.cwd, trainingJson: trainingText(run.training) });
    return EXIT.done;
  } finally {
    await reporter.close();
    reporter.unlisten();
  }
}

async function showRun(call: ShowCall): Promise<number> {
  const { io, words, argv, options: chosen } = call;
  const folder = path.resolve(io.cwd, words[0]);
  const { readJournal } = await import('../pipeline/sinks/journal.js');
  const { root, model, predictions } = readJournal(folder).header;
  const scores = model !== null || predictions !== null;
  const stop = new AbortController();
  const shown = { request: { command: 'show', root, model, predictions, out: folder }, of: folder };
  const reporter = await openReporter(chosen, { io, stop, scores, shown });
  try {
    const { runShow } = await import('../pipeline/run-show.js');
    const context: RunContext = { signal: stop.signal, emit: reporter.event, watch: reporter.watch };
    const result: RunResult = await runShow(folder, context);
    const { summaryText } = await import('../pipeline/sinks/summary-file.js');
    const summaryJson = chosen.format === 'json' ? summaryText(result.summary) : '';
    const facts = await resultFacts(result, { csv: null, argv }, io.cwd);
    reporter.result(result, { ...facts, summaryJson, full: true });
    return EXIT.done;
  } finally {
    await reporter.close();
    reporter.unlisten();
  }
}

async function printImage({ io, words, options: { format } }: ShowCall): Promise<number> {
  const { showImage } = await import('../pipeline/run-show.js');
  const { printedImage } = await import('../ui/screen/printed-image.js');
  const shown = await showImage(path.resolve(io.cwd, words[0]), words[1]);
  const { stdout, env } = io;
  const columns = stdout.isTTY && stdout.columns ? Math.min(stdout.columns, WIDEST) : PLAIN;
  const { view, findings } = shown;
  const text =
    format === 'text'
      ? printedImage(shown, columns, stdout, env).join('\n')
      : JSON.stringify({ ...view.record, findings, faults: view.faults }, null, format === 'json' ? 2 : 0);
  await writer(stdout)(`${text}\n`);
  return EXIT.done;
}
