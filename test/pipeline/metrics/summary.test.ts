import { describe, expect, it } from 'vitest';
import { startSummary } from '../../../src/pipeline/metrics/summary.js';
import { createRandom } from '../../../src/pipeline/random.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { CONVENTIONS, type GroupSummary, WEIGHT_FORMULAS } from '../../../src/pipeline/summary.js';
import {
  agrees,
  type OracleImage,
  oracleConfusion,
  oracleOutcomes,
  oraclePresence,
  oracleScores,
  oracleWeights,
} from './oracle.js';
import { binaryRecord, datasetOf, KEYS, record, recordOf } from './records.js';

const C = KEYS.length;
const BATCH = 4;

/**
 * Small label maps of several sizes with empty classes, and images that are unscored or unreadable. Class 4 is in
 * none.
 */
function randomImages(seed: number, count: number): OracleImage[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const source = random.pick(['COVID-19', 'Non-COVID', 'Normal']);
    const infection = { 'COVID-19': 2, 'Non-COVID': 3, Normal: 1 }[source]!;
    const size = random.integer(4, 40);
    const truth = Array.from({ length: size }, () => random.pick([0, 0, 1, random.chance(0.7) ? infection : 0]));
    const blind = random.chance(0.3);
    const predicted = truth
      .map((label) => (random.chance(0.3) ? random.integer(0, 4) : label))
      .map((label) => (blind ? Math.min(label, 1) : label));
    const readable = !random.chance(0.1);
    return {
      split: random.pick(['train', 'val', 'test']),
      source,
      truth: readable ? truth : null,
      predicted: readable && !random.chance(0.15) ? predicted : null,
    };
  });
}

function figuresOf(records: ImageRecord[], keys = KEYS, metricBatch = BATCH) {
  const tally = startSummary({ dataset: datasetOf(keys), metricBatch, seed: 7 });
  for (const one of records) tally.add(one);
  return tally.finish();
}

/** Every number of a group against the pixels. */
function compare(group: GroupSummary, images: OracleImage[]) {
  const readable = images.map(({ truth }) => truth).filter((truth) => truth !== null);
  const predictions = images.map(({ predicted }) => predicted).filter((predicted) => predicted !== null);
  const confusion = oracleConfusion(images, C);
  expect(group).toMatchObject({
    images: images.length,
    scored: predictions.length,
    unscored: images.length - predictions.length,
    unreadable: images.length - readable.length,
    confusion,
  });
  const cells = confusion.flat().reduce((sum, n) => sum + n, 0);
  const diagonal = confusion.reduce((sum, row, c) => sum + row[c], 0);
  expect(agrees(group.accuracy, diagonal / cells)).toBe(true);
  expect(agrees(group.backgroundAccuracy, oraclePresence(readable, 0).pixelShare)).toBe(true);

  const weights = oracleWeights(readable, C);
  group.classes.forEach((of, c) => {
    expect(of.outcomes).toEqual(oracleOutcomes(images, c));
    expect(of.emptyPerfect).toBe(of.outcomes.empty);
    for (const [actual, expected] of [
      [of.truth, oraclePresence(readable, c)],
      [of.predicted, oraclePresence(predictions, c)],
    ] as const) {
      expect(actual).toMatchObject({ pixels: expected.pixels, images: expected.images });
      expect(agrees(actual.pixelShare, expected.pixelShare)).toBe(true);
      expect(agrees(actual.imageShare, expected.imageShare)).toBe(true);
    }
    for (const formula of WEIGHT_FORMULAS) expect(agrees(of.weights[formula], weights[c][formula])).toBe(true);
    expect(of.path).toEqual({
      raw: of.truth.pixels,
      encoded: of.truth.pixels,
      resized: null,
      batch: confusion[c].reduce((sum, n) => sum + n, 0),
    });
  });

  for (const measure of ['iou', 'dice'] as const) {
    const scores = group.classes.map((_, c) => oracleScores(images, c, measure, BATCH));
    const means = measure === 'iou' ? group.meanIou : group.meanDice;
    for (const convention of CONVENTIONS) {
      group.classes.forEach((of, c) => {
        const message = `${measure} ${convention} of ${of.key}: ${of[measure][convention]}, not ${scores[c][convention]}`;
        expect(agrees(of[measure][convention], scores[c][convention]), message).toBe(true);
      });
      for (const [part, from] of [
        ['all', 0],
        ['foreground', 1],
      ] as const) {
        const defined = scores.slice(from).map((of) => of[convention]);
        const kept = defined.filter((x) => !Number.isNaN(x));
        expect(means[part].classes[convention]).toBe(kept.length);
        expect(agrees(means[part][convention], kept.reduce((a, b) => a + b, 0) / kept.length)).toBe(true);
      }
    }
  }
  group.classes.forEach((of, c) => {
    const scores = oracleScores(images, c, 'iou', BATCH);
    expect(agrees(of.inflation, scores.imageMeanSmoothed - scores.pooled)).toBe(true);
  });
}

describe('startSummary', () => {
  for (const seed of [1, 2, 3]) {
    it(`gives what a count of the pixels gives, as a whole and for each split and source (set ${seed})`, () => {
      const images = randomImages(seed, 150);
      const figures = figuresOf(images.map((image) => recordOf(image, C)));
      compare(figures, images);
      expect(Object.keys(figures.splits).sort()).toEqual(['test', 'train', 'val']);
      for (const [split, group] of Object.entries(figures.splits)) {
        compare(
          group,
          images.filter((image) => image.split === split),
        );
      }
      expect(Object.keys(figures.sources).sort()).toEqual(['COVID-19', 'Non-COVID', 'Normal']);
      for (const [source, group] of Object.entries(figures.sources)) {
        compare(
          group,
          images.filter((image) => image.source === source),
        );
      }
    });
  }

  it('gives the same bytes for the same records, however often it is asked', () => {
    const records = randomImages(4, 60).map((image) => recordOf(image, C));
    const tally = startSummary({ dataset: datasetOf(KEYS), metricBatch: BATCH, seed: 7 });
    for (const one of records) tally.add(one);
    const first = JSON.stringify(tally.finish());
    expect(JSON.stringify(tally.finish())).toBe(first);
    expect(JSON.stringify(figuresOf(records))).toBe(first);
  });

  it('is null, never NaN, with no image at all', () => {
    const figures = figuresOf([]);
    expect(figures).toMatchObject({ images: 0, scored: 0, unscored: 0, accuracy: null, backgroundAccuracy: null });
    expect(figures.splits).toEqual({});
    expect(figures).toMatchObject({ detection: null, pixelThresholds: null });
    for (const of of figures.classes) {
      expect(Object.values(of.iou)).toEqual(CONVENTIONS.map(() => null));
      expect(of.truth).toEqual({ pixels: 0, pixelShare: null, images: 0, imageShare: null });
      expect(of.confidence95).toEqual({ pooledIou: null, sensitivity: null });
      expect(Object.values(of.lossShare)).toEqual([null, null, null, null, null]);
    }
    expect(figures.meanIou.all).toMatchObject({ pooled: null, classes: { pooled: 0 } });
    expectFinite(figures);
  });

  it('counts truth and weights, and scores nothing, where every image is unscored', () => {
    const figures = figuresOf([record({ truth: [90, 10, 0, 0, 0] }), record({ truth: [100, 0, 0, 0, 0] }), record({})]);
    expect(figures).toMatchObject({ images: 3, scored: 0, unscored: 3, unreadable: 1, accuracy: null });
    expect(figures.backgroundAccuracy).toBe(0.95);
    const lung = figures.classes[1];
    expect(lung.truth).toEqual({ pixels: 10, pixelShare: 0.05, images: 1, imageShare: 0.5 });
    expect(lung.predicted).toEqual({ pixels: 0, pixelShare: null, images: 0, imageShare: null });
    expect(lung.outcomes.unscored).toBe(3);
    expect(lung.weights.inverseFrequency).toBe(200 / (5 * 10));
    expect(lung.path).toEqual({ raw: 10, encoded: 10, resized: null, batch: 0 });
    expect(lung.iou.imageMeanSmoothed).toBeNull();
    expectFinite(figures);
  });

  it('scores a lung subset of two classes', () => {
    const figures = figuresOf([binaryRecord(1, 2, 30, 10, 10, 100)], ['background', 'lung']);
    expect(figures.classes.map((of) => of.iou.pooled)).toEqual([50 / 70, 30 / 50]);
    expect(figures.meanIou.foreground.pooled).toBe(0.6);
    expect(figures.classes[1].confidence95.pooledIou).toEqual([0.6, 0.6]);
    expectFinite(figures);
  });

  it('follows a class’s pixels from the file to the batch', () => {
    const confusion = [70, 0, 0, 30];
    const { classes } = figuresOf(
      [
        record({ truth: [70, 30], rawTruth: [60, 40], modelTruth: [18, 7], confusion }),
        record({ truth: [95, 5], modelTruth: [24, 1], confusion: null }),
        // Already of the model's size: nothing was resized.
        record({ truth: [90, 10], confusion: [90, 0, 0, 10], resized: true }),
      ],
      ['background', 'lung'],
    );
    expect(classes[1].path).toEqual({ raw: 55, encoded: 45, resized: 18, batch: 17 });
  });

  it('counts predictions that were brought to the size of the annotation', () => {
    const resized = { ...binaryRecord(1, 2, 1, 0, 0, 4), resized: true };
    expect(figuresOf([resized, binaryRecord(1, 2, 1, 0, 0, 4)], ['background', 'lung']).resized).toBe(1);
  });

  it('forms batches of scored images within each split, the last one short', () => {
    const empty = () => binaryRecord(1, 2, 0, 0, 0, 10);
    const missed = () => binaryRecord(1, 2, 0, 0, 5, 10);
    const unscored = () => record({ truth: [10, 0], split: 'test' });
    const train = (one: ImageRecord) => ({ ...one, split: 'train' });
    const figures = figuresOf(
      [empty(), train(missed()), unscored(), empty(), train(empty()), missed()],
      ['background', 'lung'],
      2,
    );
    const batched = (group: GroupSummary) => group.classes[1].iou.batchSmoothed;
    expect(batched(figures)).toBeCloseTo(1 / 3, 4); // (empty missed) (empty empty) (missed)
    expect(batched(figures.splits.test)).toBeCloseTo(1 / 2, 4); // (empty empty) (missed)
    expect(batched(figures.splits.train)).toBeCloseTo(0, 4); // (missed empty)
  });

  it('leaves out the one nameless split and source of a dataset that has none', () => {
    const nameless = { ...binaryRecord(1, 2, 1, 0, 0, 4), split: '', source: '' };
    expect(figuresOf([nameless], ['background', 'lung'])).toMatchObject({ splits: {}, sources: {} });
    const mixed = figuresOf([nameless, binaryRecord(1, 2, 1, 0, 0, 4)], ['background', 'lung']);
    expect(Object.keys(mixed.splits)).toEqual(['', 'test']);
  });

  it('takes any folder’s name for a split', () => {
    const odd = { ...binaryRecord(1, 2, 1, 0, 0, 4), split: '__proto__' };
    expect(Object.keys(figuresOf([odd], ['background', 'lung']).splits)).toEqual(['__proto__']);
  });

  it('gives a split that is the whole the interval of the whole', () => {
    const random = createRandom(5);
    const records = Array.from({ length: 50 }, () => binaryRecord(1, 2, random.integer(0, 9), 3, 2, 100));
    const figures = figuresOf(records, ['background', 'lung']);
    const [low, high] = figures.classes[1].confidence95.pooledIou!;
    expect(figures.splits.test.classes[1].confidence95.pooledIou).toEqual([low, high]);
    expect(low).toBeLessThan(figures.classes[1].iou.pooled!);
    expect(high).toBeGreaterThan(figures.classes[1].iou.pooled!);
  });

  it('takes sensitivity of the scored images with the class in the truth', () => {
    const hit = binaryRecord(1, 2, 3, 0, 0, 10);
    const records = [
      hit,
      binaryRecord(1, 2, 0, 0, 5, 10),
      binaryRecord(1, 2, 0, 2, 2, 10),
      binaryRecord(1, 2, 0, 4, 0, 10),
    ];
    const figures = figuresOf([...records, record({ truth: [5, 5] })], ['background', 'lung']);
    // scipy 1.17.1: binomtest(1, 3).proportion_ci(method='wilson')
    const [low, high] = figures.classes[1].confidence95.sensitivity!;
    expect(low).toBeCloseTo(0.06149194472039618, 12);
    expect(high).toBeCloseTo(0.7923403991979523, 12);
  });

  it('shows live figures that agree with the final ones', () => {
    const records = randomImages(6, 80).map((image) => recordOf(image, C));
    const tally = startSummary({ dataset: datasetOf(KEYS), metricBatch: BATCH, seed: 7 });
    for (const one of records) tally.add(one);
    const { classes } = tally.finish();
    expect(tally.peek()).toEqual(
      classes.map((of) => ({
        key: of.key,
        truthPixels: of.truth.pixels,
        truthImages: of.truth.images,
        outcomes: of.outcomes,
        pooledIou: of.iou.pooled,
        smoothedIou: of.iou.imageMeanSmoothed,
      })),
    );
  });

  it('refuses a batch that is no whole number of images', () => {
    expect(() => figuresOf([], KEYS, 0)).toThrow('at least 1, got 0');
    expect(() => figuresOf([], KEYS, 1.5)).toThrow('at least 1, got 1.5');
  });
});

/** JSON turns NaN and infinities into null in silence, so they are looked for before. */
function expectFinite(value: unknown): void {
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  else if (value !== null && typeof value === 'object') Object.values(value).forEach(expectFinite);
}
