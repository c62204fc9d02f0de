import { AUDIT_OPTIONS, auditRequest } from './audit-request.js';
import type { Command } from './command.js';
import { inRunFolder, runAndReport } from './session.js';

/** `maskaudit audit [dataset]`. */
export const audit: Command<typeof AUDIT_OPTIONS> = {
  name: 'audit',
  group: 'Look',
  summary: 'checks a dataset and, with --model or --predictions, what was predicted for it',
  positional: { name: 'dataset', required: false, many: false, describe: 'the dataset folder' },
  options: AUDIT_OPTIONS,
  configured: true,
  examples: [
    ['DATASET', 'the dataset alone'],
    ['DATASET --model unet.onnx', 'and a model'],
    ['DATASET --predictions DIR --class covid --fail-on P001 --csv misses.csv', 'a gate in a script'],
  ],
  run: (call) =>
    inRunFolder(call, 'audit', async (out) => {
      const request = auditRequest(call.options, call.origins, { ...call, cwd: call.io.cwd, out });
      return runAndReport(call, {
        resumes: 'audit',
        scores: request.model !== null || request.predictions !== null,
        csv: request.csv,
        shown: { request },
        // Loaded behind the first lines of a screen.
        work: async (context) => (await import('../pipeline/run-audit.js')).runAudit(request, context),
      });
    }),
};
