import path from 'node:path';
import { UsageError } from '../pipeline/errors.js';
import { visible } from '../pipeline/words/visible-text.js';
import { shownPath } from '../ui/summary-text.js';
import { type Command, EXIT } from './command.js';
import { OPTIONS } from './options.js';
import { writer } from './output.js';

const { class: classes, iouBelow, out, csv, quiet, config, debug } = OPTIONS;
const options = {
  class: { ...classes, describe: 'classes whose rows are wanted: index, name or alias; repeatable or with commas' },
  all: { ...quiet, group: 'Findings', describe: 'every row, not the failures alone' },
  iouBelow,
  out: { ...out, describe: 'a folder for one <class>.csv each', fallbackText: '' },
  csv: { ...csv, describe: 'one file for all rows', fallbackText: 'stdout' },
  quiet,
  config,
  debug,
} as const;

/** `maskaudit export <run>`. */
export const exportCommand: Command<typeof options> = {
  name: 'export',
  group: 'Work with runs',
  summary: "a run's failures as CSV: misses, disjoint, false alarms, hits below --iou-below",
  positional: { name: 'run', required: true, many: false, describe: 'the run folder' },
  options,
  configured: true,
  examples: [
    ['RUN --class covid', 'to stdout'],
    ['RUN --all --out DIR', 'every row of every class, a file each'],
  ],
  async run({ io, words, options: { class: chosen, all, iouBelow: below, out: folder, csv: one, quiet: silent } }) {
    if (folder !== null && one !== null) {
      throw new UsageError('--out and --csv exclude each other: a folder with a file for each class, or one file');
    }
    const request = {
      run: path.resolve(io.cwd, words[0]),
      classes: chosen,
      all,
      iouBelow: below,
      out: folder,
      csv: one,
    };
    const { runExport } = await import('../pipeline/run-export.js');
    const { rows, files } = await runExport(request, writer(io.stdout));
    if (!silent && files.length > 0) {
      const names = files.map((file) => visible(shownPath(file, io.cwd))).join(', ');
      io.stderr.write(`maskaudit: ${rows} ${rows === 1 ? 'row' : 'rows'} in ${names}\n`);
    }
    return EXIT.done;
  },
};
