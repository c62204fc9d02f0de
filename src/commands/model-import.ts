import path from 'node:path';
import type { ImportResult } from '../pipeline/run-model-import.js';
import { count } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';
import { commandLine } from '../ui/command-line.js';
import { shownPath } from '../ui/summary-text.js';
import { type Command, EXIT } from './command.js';
import { file, toggle } from './option.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';
import { listenForSignals } from './signals.js';

const options = {
  out: file('DIR', {
    group: 'Output',
    describe: 'the folder of the SavedModel',
    fallbackText: 'NAME.savedmodel beside the file',
  }),
  overwrite: toggle({ group: 'Output', describe: 'replace what is there' }),
  ...pick(OPTIONS, ['quiet', 'debug']),
} as const;

/** `maskaudit model import <file>`. */
export const modelImport: Command<typeof options> = {
  name: 'model import',
  group: 'Engines and models',
  summary: 'a .keras or .h5 file to a SavedModel, which the other commands take',
  positional: { name: 'file', required: true, many: false, describe: 'the .keras or .h5 file' },
  options,
  configured: false,
  examples: [['unet.keras', 'makes unet.savedmodel, its card, and unet.onnx where tf2onnx is at hand']],
  async run({ io, words, options: { out, overwrite, quiet } }) {
    const { runModelImport } = await import('../pipeline/run-model-import.js');
    const stop = new AbortController();
    const say = (text: string) => void (quiet || io.stderr.write(`maskaudit: ${text}\n`));
    const { unlisten } = listenForSignals(io, stop, () => say('stopping: what is there is removed'));
    try {
      const request = { file: path.resolve(io.cwd, words[0]), out, overwrite };
      const result = await runModelImport(request, { signal: stop.signal, onStep: say });
      if (!quiet) await writer(io.stdout)(`${importText(result, io.cwd)}\n`);
      return EXIT.done;
    } catch (error) {
      if (!stop.signal.aborted || (error as Error).name !== 'AbortError') throw error;
      io.stderr.write('maskaudit: interrupted: nothing was made\n');
      return EXIT.interrupted;
    } finally {
      unlisten();
    }
  },
};

function importText({ savedModel, onnx, noOnnx, card, known, parameters, keras }: ImportResult, cwd: string): string {
  const near = (to: string) => shownPath(to, cwd);
  const facts = Object.entries(known).map(([key, value]) => `${key} ${[value].flat().join('x')}`);
  return [
    `${visible(near(savedModel))}: a SavedModel of ${count(parameters)} parameters, by Keras ${keras}`,
    `${visible(near(card))}: ${facts.join(', ') || 'nothing is known of its input and output'}`,
    onnx === null ? `No ONNX: ${noOnnx}` : `${visible(near(onnx))}: the same as ONNX`,
    `Next:  ${commandLine(['maskaudit', 'audit', 'DATASET', '--model', near(savedModel)])}`,
  ].join('\n');
}
