import path from 'node:path';
import { UsageError } from '../pipeline/errors.js';
import type { HybridRequest, HybridResult } from '../pipeline/run-model-hybrid.js';
import { visible } from '../pipeline/words/visible-text.js';
import { commandLine } from '../ui/command-line.js';
import { shownPath } from '../ui/summary-text.js';
import { type Command, EXIT } from './command.js';
import { file, type Option, pairs, toggle, ValueFault } from './option.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';

const segmenter: Option<Record<string, string>> = {
  ...pairs({
    group: 'Model and predictions',
    describe: 'the model that marks a class; repeatable, several classes may name one file',
  }),
  placeholder: 'CLASS=FILE',
  parse(texts, folder) {
    const given = texts.map((text) => {
      const [key, name] = text.split(/=(.*)/s).map((word) => word.trim());
      if (!key || !name) throw new ValueFault('expected CLASS=FILE, e.g. covid=unet.onnx');
      return [key, path.resolve(folder, name)] as const;
    });
    const twice = given.find(([key], i) => given.findIndex(([other]) => other === key) < i);
    if (twice) throw new ValueFault(`${twice[0]} is given twice`);
    return Object.fromEntries(given);
  },
};

const threshold: Option<HybridRequest['threshold']> = {
  group: 'Model and predictions',
  placeholder: 'N|CLASS=N',
  describe:
    'least probability of a class that sends an image on; for all classes, or for one; repeatable or with commas',
  kind: 'list',
  parse(texts) {
    const of: HybridRequest['threshold'] = { all: null, classes: {} };
    for (const word of texts.flatMap((text) => text.split(',')).map((text) => text.trim())) {
      const [, key, text] = /^(?:(.+)=)?([^=]+)$/.exec(word) ?? [];
      const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
      if (!(value >= 0 && value <= 1)) throw new ValueFault('expected a number from 0 to 1, or CLASS=NUMBER');
      const earlier = key === undefined ? of.all : (of.classes[key] ?? null);
      if (earlier !== null) throw new ValueFault(`${key ?? 'the one for all classes'} is given twice`);
      if (key === undefined) of.all = value;
      else of.classes[key] = value;
    }
    return of;
  },
  fallback: { all: null, classes: {} },
  fallbackText: 'what the gate’s card decides by, else 0.5',
};

const options = {
  gate: file('FILE', { group: 'Model and predictions', describe: 'the classifier that sees every image' }),
  segmenter,
  threshold,
  out: file('FILE', { group: 'Output', describe: 'the .json file to be written' }),
  force: toggle({ group: 'Output', describe: 'replace the file that is there' }),
  ...pick(OPTIONS, ['quiet', 'debug']),
} as const;

/** `maskaudit model hybrid`. */
export const modelHybrid: Command<typeof options> = {
  name: 'model hybrid',
  group: 'Engines and models',
  summary: 'joins a classifier and segmenters, which see only what it lets through',
  positional: null,
  options,
  configured: false,
  examples: [
    ['--gate gate.onnx --segmenter covid=unet.onnx --out hybrid.json', 'a model that audit takes'],
    [
      '--gate gate.onnx --segmenter covid=a.onnx --segmenter non-covid=b.onnx --threshold covid=0.3 --out h.json',
      'a segmenter and a threshold of its own for each class',
    ],
  ],
  async run({ io, options: { gate, segmenter: segmenters, threshold: thresholds, out, force, quiet } }) {
    if (gate === null) throw new UsageError('--gate FILE is missing: the classifier that sees every image');
    if (out === null) throw new UsageError('--out FILE is missing: the .json file to be written');
    const { runModelHybrid } = await import('../pipeline/run-model-hybrid.js');
    const result = await runModelHybrid({ gate, segmenter: segmenters, threshold: thresholds, out, force });
    if (!quiet) await writer(io.stdout)(`${hybridText(result, io.cwd)}\n`);
    return EXIT.done;
  },
};

function hybridText({ file: made, thresholds, unchecked }: HybridResult, cwd: string): string {
  const near = shownPath(made, cwd);
  return [
    ...thresholds.map(
      ({ key, threshold: least, from }) => `${visible(near)}: ${visible(key)} goes on from ${least} (${visible(from)})`,
    ),
    ...unchecked.map(
      (model) => `Not checked: which classes ${visible(model)} knows, since no card beside it has its "classes"`,
    ),
    `Next:  ${commandLine(['maskaudit', 'audit', 'DATASET', '--model', near])}`,
  ].join('\n');
}
