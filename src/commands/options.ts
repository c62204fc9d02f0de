import { availableParallelism } from 'node:os';
import type { MaskEncoding } from '../pipeline/dataset/dataset.js';
import { isMaskEncoding } from '../pipeline/dataset/encoding.js';
import { LEVELS } from '../pipeline/dataset/level.js';
import { choice, file, list, number, type Option, pairs, toggle, truth, ValueFault } from './option.js';

/** Decoding threads beyond this many wait for the disk and for the one thread that judges. */
const MOST_JOBS = 16;
const ANY = Number.MAX_SAFE_INTEGER;

/** A run's share of the images: `index` of `count`, counted from 1. */
export interface Shard {
  index: number;
  count: number;
}

const shard: Option<Shard | null> = {
  group: 'Selection',
  placeholder: 'I/N',
  describe: 'every N-th image, starting with the I-th; `maskaudit merge` makes one run of the N',
  kind: 'value',
  parse([text]) {
    const found = /^(\d+)\/(\d+)$/.exec(text.trim());
    const index = Number(found?.[1]);
    const count = Number(found?.[2]);
    if (!found || index < 1 || index > count) throw new ValueFault('expected I/N with I from 1 to N, e.g. 1/4');
    return { index, count };
  },
  fallback: null,
  fallbackText: '',
};

const maskEncoding: Option<MaskEncoding> = {
  group: 'Reading masks',
  placeholder: 'ENCODING',
  describe: 'how 0/255 masks are read: auto, 0-255, 0-1, nonzero, threshold:N or equals:N',
  kind: 'value',
  parse([text]) {
    const encoding = text.trim().toLowerCase();
    if (!isMaskEncoding(encoding)) {
      throw new ValueFault('expected auto, 0-255, 0-1, nonzero, threshold:N or equals:N with N from 0 to 255');
    }
    return encoding;
  },
  fallback: 'auto',
  fallbackText: 'auto',
};

const ui: Option<boolean | null> = {
  group: 'Output',
  placeholder: '',
  describe: 'the full screen, or plain lines',
  kind: 'switch',
  negatable: true,
  parse: ([text]) => truth(text),
  fallback: null,
  fallbackText: '',
};

/**
 * Every option that commands share; a command names those that it takes. The key is the flag's name in camel case.
 * What is said here about a default is the default of `audit`; a command may say otherwise.
 */
export const OPTIONS = {
  class: list('NAME', null, {
    group: 'Selection',
    describe: 'classes of the findings, CSVs and exit code: index, name or alias; repeatable or with commas',
    fallbackText: 'all but background',
  }),
  split: list('NAME', null, {
    group: 'Selection',
    describe: 'splits, e.g. train,val,test; repeatable or with commas',
    fallbackText: 'all',
  }),
  layout: choice(['auto', 'covid-qu-ex', 'masks'], 'auto', {
    group: 'Selection',
    describe: 'how the folders are laid out',
  }),
  subset: choice(['infection', 'lung'], null, {
    group: 'Selection',
    describe: 'covid-qu-ex: which of the two sets, where both are there',
  }),
  level: choice(LEVELS, 'auto', {
    group: 'Selection',
    describe: 'what has the classes: pixels, or images as a whole; auto: pixels, unless the model is a classifier',
  }),
  labelClass: list('NAME', null, {
    group: 'Selection',
    describe: 'masks layout: the classes that images as a whole are of; repeatable or with commas',
    fallbackText: 'all but background',
  }),
  limit: number({ min: 1, max: ANY }, null, { group: 'Selection', describe: 'no more than this many images' }),
  shard,

  model: file('FILE', {
    group: 'Model and predictions',
    describe: 'the model to audit: .onnx, a TensorFlow.js model.json, or a SavedModel folder',
  }),
  predictions: file('DIR', {
    group: 'Model and predictions',
    describe: 'the folder of predicted label masks to audit, in place of a model',
  }),
  card: pairs({
    group: 'Model and predictions',
    describe: 'a setting of the model card, over what the card beside the model says; repeatable',
  }),
  segmentAll: toggle({
    group: 'Model and predictions',
    describe:
      'hybrids: the segmenters look at every image, so that the costs of each threshold are known; predictions stay',
  }),
  engine: choice(['auto', 'tensorflow', 'onnx', 'webgpu', 'wasm'], 'auto', {
    group: 'Model and predictions',
    describe: 'what runs the model',
  }),
  device: choice(['auto', 'gpu', 'cpu'], 'auto', { group: 'Model and predictions', describe: 'where it runs' }),
  batch: number({ min: 1, max: 4096 }, null, {
    group: 'Model and predictions',
    describe: 'images in one call of the model',
    fallbackText: "the engine's choice",
  }),
  metricBatch: number({ min: 1, max: ANY }, 32, {
    group: 'Model and predictions',
    describe: 'images in a batch of the batchSmoothed convention',
  }),
  probe: choice(['lungs'], null, {
    group: 'Model and predictions',
    describe: 'ask the model twice more, with the lungs blacked out and with all but the lungs: does it look at them?',
  }),
  savePredictions: toggle({ group: 'Model and predictions', describe: 'write what the model predicts as label masks' }),

  maskEncoding,
  nonCovid: choice(['lung', 'mask', 'none'], 'lung', {
    group: 'Reading masks',
    describe: 'what labels a Non-COVID image whose infection mask is empty',
  }),

  select: list('RULE', null, {
    group: 'Findings',
    describe: 'only these rules: codes or their beginnings, e.g. P,L003; repeatable or with commas',
    fallbackText: 'all',
  }),
  ignore: list('RULE', [], { group: 'Findings', describe: 'not these rules; repeatable or with commas' }),
  failOn: list('RULE|SEVERITY', ['error'], {
    group: 'Findings',
    describe: 'exit with 1 where these were found: rules, error, warning or none; repeatable or with commas',
    fallbackText: 'error',
  }),
  iouBelow: number({ min: 0, max: 1, whole: false }, 0.5, {
    group: 'Findings',
    describe: 'a hit with an IoU below this is a failure',
  }),

  out: file('DIR', {
    group: 'Output',
    describe: 'the run folder',
    fallbackText: 'runs/<command>-<time>',
  }),
  beside: file('RUN', {
    group: 'What is compared',
    describe: "another run of the same images, a classifier's for one: how both tell the images with a class",
  }),
  csv: file('FILE', { group: 'Output', describe: 'write the failure rows alone to this file' }),
  overlays: choice(['none', 'failures', 'all'], 'none', {
    group: 'Output',
    describe: 'pictures of truth and prediction',
  }),
  format: choice(['text', 'json', 'ndjson'], 'text', {
    group: 'Output',
    describe: 'what stdout carries: a summary, summary.json, or a line of JSON for each event',
  }),
  ui,
  quiet: toggle({
    group: 'Output',
    describe: 'no progress, and no summary in words: the exit code, the files and what --format asks for',
  }),

  jobs: number({ min: 1, max: 256 }, Math.min(MOST_JOBS, availableParallelism()), {
    group: 'Running',
    describe: 'threads that decode and infer',
    fallbackText: `the CPU's threads, at most ${MOST_JOBS}`,
  }),
  seed: number({ min: 0, max: 2 ** 32 - 1 }, 0, { group: 'Running', describe: 'of everything that draws lots' }),
  resume: toggle({ group: 'Running', describe: 'go on in the run folder that --out names' }),
  config: file('FILE', { group: 'Running', describe: 'configuration, in place of the one that is searched for' }),
  debug: toggle({ group: 'Running', describe: 'show the stack of an error' }),
};

/** Options by the camel-case name of their flag. */
export type OptionSet = Record<string, Option<unknown>>;

/** The values of a set of options. */
export type Values<S> = { [K in keyof S]: S[K] extends Option<infer T> ? T : never };

/** Some keys of an object, with what stands there. */
export function pick<S extends object, K extends keyof S>(options: S, keys: readonly K[]): Pick<S, K> {
  return Object.fromEntries(keys.map((key) => [key, options[key]])) as Pick<S, K>;
}

/** `iouBelow` to `iou-below`. */
export const flagName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `iouBelow` to `MASKAUDIT_IOU_BELOW`. */
export const variableName = (key: string): string => `MASKAUDIT_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
