import { describe, expect, it } from 'vitest';
import { imageOverlap } from '../../../src/pipeline/metrics/image-overlap.js';
import { startScores } from '../../../src/pipeline/metrics/score-tally.js';
import { startSummary } from '../../../src/pipeline/metrics/summary.js';
import { createRandom } from '../../../src/pipeline/random.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { binaryRecord, datasetOf, record } from './records.js';

const KEYS = ['background', 'lung', 'covid', 'nonCovid'];
const COVID = 2;

/** Lungs found on every image, an infection of `infected` pixels of a class (or none) taken for lung. */
function blindTo(infection: number | null, infected: number, source: string): ImageRecord {
  const confusion = new Array<number>(16).fill(0);
  confusion[0] = 50_000;
  confusion[5] = 15_536 - infected;
  if (infection !== null) confusion[infection * 4 + 1] = infected;
  const truth = [0, 1, 2, 3].map((r) => confusion.slice(r * 4, r * 4 + 4).reduce((a, b) => a + b));
  return record({ source, truth, confusion });
}

function covidOf(records: ImageRecord[]) {
  const tally = startSummary({ dataset: datasetOf(KEYS), metricBatch: 32, seed: 0 });
  for (const one of records) tally.add(one);
  return tally.finish().classes[COVID];
}

describe('a model that never predicts COVID, on the infection set', () => {
  const random = createRandom('never predicts COVID');
  const images = (count: number, infection: number | null, source: string) =>
    Array.from({ length: count }, () => blindTo(infection, infection === null ? 0 : random.integer(100, 5000), source));
  const covid = covidOf([
    ...images(2913, COVID, 'COVID-19'),
    ...images(1457, 3, 'Non-COVID'),
    ...images(1456, null, 'Normal'),
  ]);

  it('scores 0.500 smoothed, each of them from an image without COVID', () => {
    expect(covid.iou.imageMeanSmoothed).toBeCloseTo(0.5, 6);
    expect(covid.dice.imageMeanSmoothed).toBeCloseTo(0.5, 6);
    expect(covid.emptyPerfect).toBe(2913);
    expect(covid.inflation).toBeCloseTo(0.5, 6);
  });
  it('scores 0 pooled, by nnU-Net’s and by MONAI’s default', () => {
    expect(covid.iou).toMatchObject({ pooled: 0, imageMean: 0, imageMeanTruth: 0, absentAsZero: 0 });
    expect(covid.dice).toMatchObject({ pooled: 0, imageMean: 0, imageMeanTruth: 0, absentAsZero: 0 });
  });
  it('misses every positive image', () => {
    expect(covid.outcomes).toEqual({ hit: 0, miss: 2913, false_alarm: 0, disjoint: 0, empty: 2913, unscored: 0 });
    expect(covid.confidence95).toEqual({ pooledIou: [0, 0], sensitivity: [0, expect.closeTo(0.0013, 4)] });
  });
});

describe('the same model on a mix with 11.7 % COVID images', () => {
  const count = 32_000;
  const random = createRandom('a mix');
  const positive = random.shuffle(Array.from({ length: count }, (_, i) => i < 0.117 * count));
  const scoresOf = (batch: number) => {
    const tally = startScores(batch);
    for (const has of positive) tally.add(imageOverlap(binaryRecord(1, 2, 0, 0, has ? 500 : 0, 65_536).confusion!, 1));
    return tally.scores().iou;
  };
  it('scores 0.883 smoothed per image', () => {
    expect(scoresOf(1).imageMeanSmoothed).toBeCloseTo(0.883, 6);
  });
  // 0.883^B is the chance of a batch of B images without one positive.
  it.each([
    [1, 0.883],
    [4, 0.61],
    [8, 0.37],
    [16, 0.14],
    [32, 0.02],
  ])('scores by batches of %i images %d', (batch, expected) => {
    const { batchSmoothed } = scoresOf(batch);
    expect(Math.abs(batchSmoothed! - expected)).toBeLessThan(0.01);
    expect(Math.abs(batchSmoothed! - 0.883 ** batch)).toBeLessThan(0.02);
  });
});

describe('labels that lost class 2 on the way, and a model that never predicts it', () => {
  const images = Array.from({ length: 101 }, (_, i) => {
    const lost = blindTo(null, 0, i % 2 ? 'COVID-19' : 'Normal');
    return i % 2 ? { ...lost, rawTruth: [50_000, 15_036, 500, 0] } : lost;
  });
  const covid = covidOf(images);

  it('score exactly 1.0000 smoothed, by image and by batch', () => {
    expect(covid.iou).toMatchObject({ imageMeanSmoothed: 1, batchSmoothed: 1 });
    expect(covid.dice).toMatchObject({ imageMeanSmoothed: 1, batchSmoothed: 1 });
  });
  it('have no score under the conventions that count the class', () => {
    expect(covid.iou).toMatchObject({ pooled: null, imageMean: null, imageMeanTruth: null, absentAsZero: 0 });
    expect(covid.inflation).toBeNull();
    expect(covid.confidence95).toEqual({ pooledIou: null, sensitivity: null });
  });
  it('are shown as lost between the file and the label map', () => {
    expect(covid.path).toEqual({ raw: 50 * 500, encoded: 0, resized: null, batch: 0 });
    expect(covid.emptyPerfect).toBe(101);
  });
});
