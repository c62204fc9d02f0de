import path from 'node:path';
import { visibleJson } from '../pipeline/words/visible-text.js';
import { colours, wantsColour } from '../ui/colours.js';
import { conventionsText } from '../ui/conventions-text.js';
import { shownPath } from '../ui/summary-text.js';
import { type Command, EXIT } from './command.js';
import { list } from './option.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';

/** Columns of text that is easy to read, on a terminal and elsewhere. */
const WIDEST = 110;
const PLAIN = 80;

const options = {
  reported: list('KEY.MEASURE=VALUE', [], {
    group: 'What is compared',
    describe:
      'a figure that somebody reports, e.g. covid.iou=0.83, mean.dice=88.21% or accuracy=0.97, with the digits that it has; repeatable or with commas',
  }),
  beside: OPTIONS.beside,
  format: { ...OPTIONS.format, describe: 'tables, one JSON object, or that in one line' },
  ...pick(OPTIONS, ['debug']),
};

/** `maskaudit conventions <run>`. */
export const conventions: Command<typeof options> = {
  name: 'conventions',
  group: 'Work with runs',
  summary: 'every metric convention side by side; which of them give a reported figure',
  positional: { name: 'run', required: true, many: false, describe: 'the folder of an audit with predictions' },
  options,
  configured: false,
  examples: [
    ['RUN', 'IoU and Dice by every convention, and what is told of whole images from presence alone'],
    ['RUN --reported covid.iou=1.0000', 'what gives that figure; exit code 1 where nothing does'],
    ['RUN --beside CLASSIFIER_RUN', 'both on the images that they have in common'],
  ],
  async run({ io, words: [run], options: { reported, beside, format } }) {
    const { runConventions } = await import('../pipeline/run-conventions.js');
    const result = runConventions({ run: path.resolve(io.cwd, run), reported, beside });
    const { stdout, env } = io;
    const columns = stdout.isTTY && stdout.columns ? Math.min(stdout.columns, WIDEST) : PLAIN;
    const look = {
      columns,
      colours: colours(wantsColour(stdout, env)),
      run,
      beside: beside && shownPath(beside, io.cwd),
    };
    const text =
      format === 'text'
        ? conventionsText(result, look).join('\n')
        : visibleJson(JSON.stringify(result, null, format === 'json' ? 2 : 0));
    await writer(stdout)(`${text}\n`);
    return result.reported.every(({ matches }) => matches.length > 0) ? EXIT.done : EXIT.found;
  },
};
