import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import { DEFAULT_THRESHOLDS } from '../../../src/pipeline/dataset/dataset.js';
import type { Finding, ImageRecord } from '../../../src/pipeline/record.js';
import type { JournalHeader } from '../../../src/pipeline/sinks/journal.js';

export const CLASSES = [
  { index: 0, key: 'background', name: 'Background', aliases: [] },
  { index: 1, key: 'lung', name: 'Healthy lung', aliases: [] },
  { index: 2, key: 'covid', name: 'COVID-19', aliases: [] },
];

export function madeHeader(given: Partial<JournalHeader> = {}): JournalHeader {
  const dataset: DatasetSpec = {
    layout: 'covid-qu-ex',
    subset: 'infection',
    classes: CLASSES,
    ignoreIndex: null,
    nonCovid: 'lung',
    maskEncoding: 'auto',
    patient: null,
    thresholds: DEFAULT_THRESHOLDS,
  };
  return {
    journal: 1,
    command: 'audit',
    root: '/data/set',
    dataset,
    splits: null,
    classes: ['lung', 'covid'],
    limit: null,
    shard: null,
    images: 4,
    model: null,
    card: {},
    predictions: '/data/masks',
    rules: [],
    severity: {},
    metricBatch: 32,
    seed: 0,
    layoutFindings: [],
    ...given,
  };
}

/** A scored image of 100 pixels; `covid`: pixels in both masks, only predicted, only true. The rest is background. */
export function madeRecord(
  image: string,
  [tp, fp, fn]: readonly [number, number, number],
  given: Partial<ImageRecord> = {},
) {
  const record: ImageRecord = {
    index: 0,
    image,
    split: 'test',
    source: 'COVID-19',
    status: 'scored',
    width: 10,
    height: 10,
    imagePath: `${image}.png`,
    truthPath: `${image}.mask.png`,
    predictionPath: `${image}.png`,
    truth: [100 - tp - fn, 0, tp + fn],
    confusion: [100 - tp - fp - fn, 0, fp, 0, 0, 0, fn, 0, tp],
    maxProbability: null,
    ...given,
  };
  return record;
}

export function madeFinding(given: Partial<Finding> = {}): Finding {
  return {
    rule: 'P001',
    severity: 'error',
    class: 'covid',
    value: null,
    message: '12 pixels of covid, none predicted',
    path: '',
    relatedPath: '',
    image: 'test/b',
    split: 'test',
    source: 'COVID-19',
    ...given,
  };
}

/** Four images: IoU of covid 6 / 10, a miss, an empty one, and a false alarm. */
export const RECORDS = [
  madeRecord('test/a', [6, 2, 2]),
  madeRecord('test/b', [0, 0, 12], { findings: [madeFinding()] }),
  madeRecord('train/c', [0, 0, 0], { split: 'train', source: 'Normal' }),
  madeRecord('train/d', [0, 5, 0], { split: 'train', source: 'Normal', maxProbability: [1, 0, 0.75] }),
];
