import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { resumeCommand } from '../ui/command-line.js';
import { type Call, type Command, EXIT } from './command.js';
import { inRunFolder } from './session.js';
import { listenForSignals } from './signals.js';
import { TRAIN_OPTIONS } from './train-options.js';
import { trainRequest } from './train-request.js';

/** `maskaudit train [dataset]`. */
export const train: Command<typeof TRAIN_OPTIONS> = {
  name: 'train',
  group: 'Engines and models',
  summary: 'trains a segmentation model on a dataset that it audits first',
  positional: { name: 'dataset', required: false, many: false, describe: 'the dataset folder' },
  options: TRAIN_OPTIONS,
  configured: true,
  examples: [
    ['DATASET --architecture small-unet --size 64 --epochs 5', 'a small model, on any machine'],
    [
      'DATASET --encoder-weights imagenet --freeze encoder --class-weights median-frequency',
      'a ResNet50 that knows ImageNet',
    ],
    ['DATASET --out RUN --resume', 'go on with an interrupted training'],
  ],
  run: (call) => inRunFolder(call, 'train', (out) => trainInto(call, out)),
};

async function trainInto(call: Call<typeof TRAIN_OPTIONS>, out: string): Promise<number> {
  const { options, argv, io } = call;
  const request = trainRequest(call, { cwd: io.cwd, out });
  const { failsOn } = await import('../pipeline/checks/select.js');
  const { trainReporter } = await import('../ui/training/train-reporter.js');
  const named = failsOn(options.failOn);
  const stop = new AbortController();
  const { stdout, stderr, env } = io;
  const { format, quiet } = options;
  const reporter = trainReporter({ format, quiet, stdout, stderr, env, pipeClosed: () => stop.abort() });
  if (options.ui) reporter.event({ type: 'note', message: '--ui: this command has no screen; plain lines instead' });
  const { unlisten } = listenForSignals(io, stop, (message) => reporter.event({ type: 'note', message }));
  const goOn = () => resumeCommand('train', argv, path.relative(io.cwd, out) || '.');
  try {
    const { trainInProcess } = await import('../pipeline/training/process.js');
    const result = await trainInProcess(request, { signal: stop.signal, emit: reporter.event });
    if (result === null) {
      await reporter.close();
      stderr.write(`maskaudit: interrupted before the first step; go on with: ${goOn()}\n`);
      return EXIT.interrupted;
    }
    const { RULE_PAGES } = await import('../pipeline/checks/registry.js');
    const titles = Object.fromEntries([...RULE_PAGES].map(([code, { title }]) => [code, title]));
    const trainingJson = await readFile(path.join(out, 'training.json'), 'utf8');
    reporter.result(result, { root: request.root, argv, titles, cwd: io.cwd, trainingJson });
    await reporter.close();
    const found = result.counts.some((count) => count.findings > 0 && named(count));
    if (result.end !== 'interrupted') return found ? EXIT.found : EXIT.done;
    if (format !== 'text' || quiet) stderr.write(`maskaudit: interrupted; go on with: ${goOn()}\n`);
    return EXIT.interrupted;
  } catch (error) {
    await reporter.close().catch(() => undefined);
    throw error;
  } finally {
    unlisten();
  }
}
