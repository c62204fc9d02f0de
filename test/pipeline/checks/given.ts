import type { Report, SetRule } from '../../../src/pipeline/checks/rule.js';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import {
  type ClassSpec,
  type DatasetSpec,
  DEFAULT_THRESHOLDS,
  type Role,
  type Sample,
} from '../../../src/pipeline/dataset/dataset.js';
import { readEncoding } from '../../../src/pipeline/dataset/encoding.js';
import type { FileFacts, ImageFacts, LungFacts, PredictionFacts } from '../../../src/pipeline/facts.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import type { ClassSummary, Outcome, Scores, Summary } from '../../../src/pipeline/summary.js';

/** A covid-qu-ex dataset as it is by default. */
export function xrays(changes: Partial<DatasetSpec> = {}): DatasetSpec {
  return {
    layout: 'covid-qu-ex',
    subset: 'infection',
    classes: COVID_QU_EX_CLASSES.infection,
    ignoreIndex: null,
    nonCovid: 'lung',
    maskEncoding: 'auto',
    patient: null,
    thresholds: DEFAULT_THRESHOLDS,
    ...changes,
  };
}

/** A `masks` dataset with the classes background and those named. */
export function labels(keys: readonly string[], changes: Partial<DatasetSpec> = {}): DatasetSpec {
  const classes: ClassSpec[] = ['background', ...keys].map((key, index) => ({ index, key, name: key, aliases: [] }));
  return xrays({ layout: 'masks', classes, ...changes });
}

export function limits(changes: Partial<DatasetSpec['thresholds']>): DatasetSpec['thresholds'] {
  return { ...DEFAULT_THRESHOLDS, ...changes };
}

/** Counts of 256 values from those that occur. */
export function histogram(counts: Record<number, number>): Uint32Array {
  const values = new Uint32Array(256);
  for (const [value, count] of Object.entries(counts)) values[Number(value)] = count;
  return values;
}

/** A clean 8-bit gray PNG of 100 x 100; with counts, a mask that was read. */
export function file(role: Role, changes: Partial<FileFacts> = {}): FileFacts {
  return {
    role,
    path: `${role}.png`,
    state: role === 'image' ? 'header' : 'read',
    fault: null,
    width: 100,
    height: 100,
    format: 'png',
    bitDepth: 8,
    channels: 1,
    palette: false,
    alpha: false,
    interlaced: false,
    lossless: true,
    alphaOnly: 0,
    mask: null,
    ...changes,
  };
}

/** A mask file of 100 x 100 with these counts (the rest is 0), read as the dataset states. */
export function mask(
  role: 'lung' | 'infection' | 'label',
  counts: Record<number, number>,
  dataset = xrays(),
): FileFacts {
  const values = histogram(counts);
  values[0] += 10_000 - values.reduce((sum, count) => sum + count, 0);
  if (role === 'label') {
    const labelled = 10_000 - values[0];
    return file(role, {
      mask: { histogram: values, stated: 'auto', applied: 'index', rawOn: labelled, encodedOn: labelled },
    });
  }
  const { applied, rawOn, encodedOn } = readEncoding(values, dataset.maskEncoding);
  return file(role, { mask: { histogram: values, stated: dataset.maskEncoding, applied, rawOn, encodedOn } });
}

export function sample(changes: Partial<Sample> = {}): Sample {
  return {
    index: 0,
    image: 'a',
    split: 'test',
    source: 'COVID-19',
    imagePath: 'image.png',
    lungPath: 'lung.png',
    infectionPath: 'infection.png',
    labelPath: null,
    missing: [],
    unlabelled: false,
    ...changes,
  };
}

/** Two lungs of 1,500 pixels each in 100 x 100. */
export function lungs(changes: Partial<LungFacts> = {}): LungFacts {
  return {
    path: 'lung.png',
    pixels: 3000,
    width: 100,
    height: 100,
    left: 1500,
    right: 1500,
    border: 0,
    borderPixels: 396,
    ...changes,
  };
}

export function prediction(changes: Partial<PredictionFacts> = {}): PredictionFacts {
  return {
    state: 'read',
    path: 'a.png',
    fault: null,
    resizedFrom: null,
    constant: false,
    nonFinite: false,
    sumError: null,
    ...changes,
  };
}

/** A clean COVID-19 image of 100 x 100: 3,000 pixels of lung, 500 of them infected, predicted perfectly. */
export function facts(changes: Partial<ImageFacts> = {}): ImageFacts {
  const dataset = changes.dataset ?? xrays();
  return {
    dataset,
    sample: sample(),
    files: {
      image: file('image'),
      lung: mask('lung', { 255: 3000 }, dataset),
      infection: mask('infection', { 255: 500 }, dataset),
    },
    truth: [7000, 2500, 500, 0],
    confusion: diagonal([7000, 2500, 500, 0]),
    maxProbability: null,
    lung: lungs(),
    structures: [],
    truthOutside: [0, 0, 0, 0],
    predictedOutside: [0, 0, 0, 0],
    gate: null,
    infectionPixels: 500,
    prediction: prediction(),
    heatInLungs: null,
    lungShare: null,
    ...changes,
  };
}

/** Row-major confusion of a perfect prediction. */
export function diagonal(pixels: readonly number[]): number[] {
  return pixels.flatMap((count, c) => pixels.map((_, k) => (k === c ? count : 0)));
}

export function record(changes: Partial<ImageRecord> = {}): ImageRecord {
  return {
    index: 0,
    image: 'a',
    split: 'train',
    source: 'COVID-19',
    status: 'unscored',
    width: 100,
    height: 100,
    imagePath: `${changes.image ?? 'a'}.png`,
    truthPath: 'infection.png',
    predictionPath: '',
    truth: [7000, 2500, 500, 0],
    confusion: null,
    maxProbability: null,
    ...changes,
  };
}

/** What a rule about the set reports on these records, in their order. */
export function judged(rule: SetRule, records: readonly ImageRecord[], dataset = xrays()): Report[] {
  const accumulator = rule.start(dataset);
  for (const item of records) accumulator.add(item);
  return [...accumulator.finish()];
}

export function scores(value: number | null, changes: Partial<Scores> = {}): Scores {
  return {
    pooled: value,
    imageMean: value,
    imageMeanTruth: value,
    imageMeanSmoothed: value,
    batchSmoothed: value,
    absentAsZero: value,
    ...changes,
  };
}

type ClassChanges = Partial<Omit<ClassSummary, 'outcomes'>> & { outcomes?: Partial<Record<Outcome, number>> };

/** A summary of scored images with this confusion; classes score 0.9 by every convention unless told otherwise by key. */
export function summary(
  confusion: number[][],
  classes: Record<string, ClassChanges> = {},
  changes: Partial<Summary> = {},
  dataset = xrays(),
): Summary {
  const total = confusion.flat().reduce((sum, pixels) => sum + pixels, 0);
  const right = confusion.reduce((sum, row, c) => sum + row[c], 0);
  const means = { ...scores(0.9), classes: { ...scores(3) } } as Summary['meanIou']['all'];
  return {
    schema: 1,
    complete: true,
    images: 100,
    scored: 100,
    unscored: 0,
    unreadable: 0,
    resized: 0,
    confusion,
    accuracy: right / total,
    backgroundAccuracy: null,
    meanIou: { all: means, foreground: means },
    meanDice: { all: means, foreground: means },
    detection: null,
    pixelThresholds: null,
    splits: {},
    sources: {},
    findings: {},
    classes: dataset.classes.map(({ index, key, name }) => {
      const truth = confusion[index].reduce((sum, pixels) => sum + pixels, 0);
      const predicted = confusion.reduce((sum, row) => sum + row[index], 0);
      const presence = { pixelShare: null, images: 50, imageShare: 0.5 };
      const { outcomes, ...rest } = classes[key] ?? {};
      return {
        index,
        key,
        name,
        truth: { pixels: truth, ...presence },
        predicted: { pixels: predicted, ...presence },
        outcomes: { hit: 50, miss: 0, false_alarm: 0, disjoint: 0, empty: 50, unscored: 0, ...outcomes },
        iou: scores(0.9),
        dice: scores(0.9),
        confidence95: { pooledIou: null, sensitivity: null },
        emptyPerfect: outcomes?.empty ?? 50,
        inflation: null,
        weights: { inverseFrequency: null, medianFrequency: null, effectiveNumber: null, enetLog: null },
        lossShare: { none: null, inverseFrequency: null, medianFrequency: null, effectiveNumber: null, enetLog: null },
        path: { raw: truth, encoded: truth, resized: null, batch: truth },
        ...rest,
      };
    }),
    ...changes,
  };
}
