import path from 'node:path';
import { visible } from '../pipeline/words/visible-text.js';
import { shownPath } from '../ui/summary-text.js';
import { type Command, EXIT } from './command.js';
import { OPTIONS } from './options.js';
import { writer } from './output.js';

const { out, beside, config, debug } = OPTIONS;
const options = {
  beside,
  out: { ...out, describe: 'the folder that report.html is written to', fallbackText: 'the run folder' },
  config,
  debug,
} as const;

/** `maskaudit report <run>`. */
export const report: Command<typeof options> = {
  name: 'report',
  group: 'Work with runs',
  summary: 'the HTML report of a run: one page with its figures, plots and worst cases',
  positional: { name: 'run', required: true, many: false, describe: 'the run folder' },
  options,
  configured: true,
  examples: [
    ['RUN', 'writes RUN/report.html and prints its path'],
    ['RUN --out DIR', 'writes it elsewhere'],
    ['RUN --beside CLASSIFIER_RUN', 'with how both tell the images with a class'],
  ],
  async run({ io, words, options: { out: folder, beside } }) {
    const { runReport } = await import('../pipeline/run-report.js');
    const file = await runReport({ run: path.resolve(io.cwd, words[0]), out: folder, beside });
    await writer(io.stdout)(`${visible(shownPath(file, io.cwd))}\n`);
    return EXIT.done;
  },
};
