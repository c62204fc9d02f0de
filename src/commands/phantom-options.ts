import type { ErrorRates } from '../pipeline/phantom/predict.js';
import { choice, list, number, toggle } from './option.js';
import { OPTIONS, pick } from './options.js';

const share = { min: 0, max: 1, whole: false };
const group = 'Simulated predictions';
const rate = (describe: string, fallback = 0) => number(share, fallback, { group, describe });

/** Options that say nothing unless predictions are simulated, in the order of the help. */
export const RATES = {
  missRate: rate('share of the images with a class of which nothing is predicted'),
  falseAlarmRate: rate('share of the images without COVID-19 where some is predicted'),
  swapRate: rate('share of the other COVID-19 images that are predicted as non-COVID'),
  disjointRate: rate("share of the rest that is predicted where it isn't"),
  noise: rate('how far outlines are off, 0 to 1', 0.4),
  neverPredict: choice(['covid', 'non-covid'], null, { group, describe: 'a class that is never predicted' }),
} satisfies Record<keyof ErrorRates, unknown>;

export const PHANTOM_OPTIONS = {
  images: number({ min: 1, max: 10_000_000 }, 5826, { group: 'The set', describe: 'how many' }),
  seed: { ...OPTIONS.seed, group: 'The set', describe: 'the same seed and options give the same files' },
  size: number({ min: 64, max: 1024 }, 256, { group: 'The set', describe: 'width and height in pixels' }),
  prevalence: number(share, null, {
    group: 'The set',
    describe: 'share of COVID-19 images; the others are half Non-COVID, half Normal',
    fallbackText: 'as in COVID-QU-Ex, 0.5',
  }),
  split: list('NAME', null, { group: 'The set', describe: 'only these of train, val, test', fallbackText: 'all' }),
  nonCovidMasks: toggle({
    group: 'The set',
    describe: 'infection masks of Non-COVID images too: empty in the real set',
  }),
  faults: list('RULE', [], {
    group: 'The set',
    describe: 'plant faults that these rules should find, e.g. L003,D007; repeatable or with commas',
  }),
  faultCount: number({ min: 1, max: 1_000_000 }, 1, { group: 'The set', describe: 'how many of each' }),

  predictions: {
    ...OPTIONS.predictions,
    group: 'Simulated predictions',
    describe: 'write the label masks that a model with the errors below would have predicted',
  },
  ...RATES,

  overwrite: toggle({ group: 'Output', describe: 'replace a phantom that lies in the folder' }),
  format: choice(['text', 'json'], 'text', {
    group: 'Output',
    describe: 'what stdout carries: words, or phantom.json',
  }),
  jobs: { ...OPTIONS.jobs, describe: 'threads that draw' },
  ...pick(OPTIONS, ['quiet', 'debug']),
} as const;
