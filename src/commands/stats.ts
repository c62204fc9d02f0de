import { STATS_OPTIONS, statsRequest } from './audit-request.js';
import type { Command } from './command.js';
import { inRunFolder, runAndReport } from './session.js';

const options = {
  ...STATS_OPTIONS,
  failOn: { ...STATS_OPTIONS.failOn, fallback: ['none'], fallbackText: 'none' },
};

/** `maskaudit stats [dataset]`. */
export const stats: Command<typeof options> = {
  name: 'stats',
  group: 'Look',
  summary: 'annotations alone: balance per class, split and source, proposed class weights',
  positional: { name: 'dataset', required: false, many: false, describe: 'the dataset folder' },
  options,
  configured: true,
  examples: [['DATASET --format json', 'the figures for a script']],
  run: (call) =>
    inRunFolder(call, 'stats', async (out) => {
      const request = statsRequest(call.options, call.origins, { ...call, cwd: call.io.cwd, out });
      return runAndReport(call, {
        resumes: 'stats',
        scores: false,
        csv: request.csv,
        shown: { request },
        // Loaded behind the first lines of a screen.
        work: async (context) => (await import('../pipeline/run-audit.js')).runAudit(request, context),
      });
    }),
};
