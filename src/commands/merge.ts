import path from 'node:path';
import type { Command } from './command.js';
import { OPTIONS, pick } from './options.js';
import { inRunFolder, runAndReport } from './session.js';

const options = pick(OPTIONS, ['failOn', 'out', 'csv', 'format', 'ui', 'quiet', 'config', 'debug']);

/** `maskaudit merge <runs..>`. */
export const merge: Command<typeof options> = {
  name: 'merge',
  group: 'Work with runs',
  summary: 'one run from the shards of a dataset (--shard I/N), equal to an unsharded one',
  positional: { name: 'runs', required: true, many: true, describe: 'the run folders of the shards' },
  options,
  configured: true,
  examples: [['runs/a runs/b --out runs/whole', 'two halves']],
  run: (call) =>
    inRunFolder(call, 'merge', async (out) => {
      const { io, words, argv, options: chosen } = call;
      const runs = words.map((word) => path.resolve(io.cwd, word));
      const request = { runs, out, csv: chosen.csv, argv };
      const { readJournal } = await import('../pipeline/sinks/journal.js');
      const { model, predictions } = readJournal(runs[0]).header;
      const { runMerge } = await import('../pipeline/run-merge.js');
      return runAndReport(call, {
        resumes: null,
        scores: model !== null || predictions !== null,
        csv: request.csv,
        work: (context) => runMerge(request, context),
      });
    }),
};
