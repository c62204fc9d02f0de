import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { resumeCommand } from '../ui/command-line.js';
import { shownPath } from '../ui/summary-text.js';
import { type Call, type Command, EXIT } from './command.js';
import { openTrainReporter } from './open-reporter.js';
import { ruleTitles } from './result-facts.js';
import { inRunFolder } from './session.js';
import { TRAIN_OPTIONS } from './train-options.js';
import { trainRequest } from './train-request.js';

/** `maskaudit train [dataset]`. */
export const train: Command<typeof TRAIN_OPTIONS> = {
  name: 'train',
  group: 'Engines and models',
  summary: 'trains a segmentation model or a classifier on a dataset that it audits first',
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
  const named = failsOn(options.failOn);
  const stop = new AbortController();
  const { stderr } = io;
  const { format, quiet } = options;
  const subject = { command: 'train', dataset: shownPath(request.root, io.cwd) };
  const reporter = await openTrainReporter(options, { io, stop, shown: { subject, closing: true } });
  const goOn = () => resumeCommand('train', argv, path.relative(io.cwd, out) || '.');
  try {
    const { trainInProcess } = await import('../pipeline/training/process.js');
    const result = await trainInProcess(request, { signal: stop.signal, emit: reporter.event });
    if (result === null) {
      await reporter.close();
      stderr.write(`maskaudit: interrupted before the first step; go on with: ${goOn()}\n`);
      return EXIT.interrupted;
    }
    const titles = await ruleTitles(options.task === 'classification');
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
    reporter.unlisten();
  }
}
