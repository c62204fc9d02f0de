import { describe, expect, it } from 'vitest';
import { parseCsv, plainCell } from './csv.js';
import { decodePng, encodePng, type Raster } from './png.js';
import { seeded } from './random.js';
import { conventions, countClass, outcomeOf, summaryOf, weightsOf, wilson } from './scores.js';
import { coarsen, patch, texture } from './shapes.js';

/** The judge is judged first: by figures computed by hand. */
const map = (...values: number[]) => Uint8Array.from(values);
const CLASSES = ['background', 'lung', 'covid'].map((key, index) => ({ index, key, name: key }));

describe('counts and outcomes', () => {
  it('counts tp, fp, fn and leaves ignored pixels out', () => {
    const pair = { truth: map(0, 1, 1, 2, 255, 255), predicted: map(1, 1, 0, 2, 1, 2) };
    expect(countClass(pair, 1, 255)).toEqual({ truth: 2, predicted: 2, tp: 1, fp: 1, fn: 1 });
    expect(countClass(pair, 2, 255)).toEqual({ truth: 1, predicted: 1, tp: 1, fp: 0, fn: 0 });
    expect(countClass({ truth: map(1, 1), predicted: null }, 1, null).truth).toBe(2);
  });

  it('names the six outcomes', () => {
    const outcome = (truth: Uint8Array | null, predicted: Uint8Array | null) =>
      outcomeOf(countClass({ truth, predicted }, 2, null));
    expect(outcome(map(2, 2), map(2, 0))).toBe('hit');
    expect(outcome(map(2, 2), map(0, 1))).toBe('miss');
    expect(outcome(map(0, 1), map(2, 0))).toBe('false_alarm');
    expect(outcome(map(0, 2), map(2, 0))).toBe('disjoint');
    expect(outcome(map(0, 1), map(1, 0))).toBe('empty');
    expect(outcome(map(0, 2), null)).toBe('unscored');
    expect(outcome(null, null)).toBe('unscored');
  });
});

describe('conventions', () => {
  it('agrees with a table worked out by hand', () => {
    // Image by image: half right; empty; missed (3 px); false alarm (1 px). Unscored images count nowhere.
    const counts = [
      { truth: 2, predicted: 2, tp: 1, fp: 1, fn: 1 },
      { truth: 0, predicted: 0, tp: 0, fp: 0, fn: 0 },
      { truth: 3, predicted: 0, tp: 0, fp: 0, fn: 3 },
      { truth: 7, predicted: null, tp: null, fp: null, fn: null },
      { truth: 0, predicted: 1, tp: 0, fp: 1, fn: 0 },
    ];
    const s = 1e-5;
    const iou = conventions(counts, 1, 3);
    expect(iou.pooled).toBeCloseTo(1 / 7, 12);
    expect(iou.imageMean).toBeCloseTo((1 / 3 + 0 + 0) / 3, 12);
    expect(iou.imageMeanTruth).toBeCloseTo(1 / 6, 12);
    expect(iou.imageMeanSmoothed).toBeCloseTo(((1 + s) / (3 + s) + 1 + s / (3 + s) + s / (1 + s)) / 4, 12);
    expect(iou.batchSmoothed).toBeCloseTo(((1 + s) / (6 + s) + s / (1 + s)) / 2, 12);
    expect(iou.absentAsZero).toBeCloseTo(1 / 12, 12);
    const dice = conventions(counts, 2, 2);
    expect(dice.pooled).toBeCloseTo(2 / 8, 12);
    expect(dice.imageMean).toBeCloseTo(0.5 / 3, 12);
    expect(dice.batchSmoothed).toBeCloseTo(((2 + s) / (4 + s) + s / (4 + s)) / 2, 12);
  });

  it('is null where nothing is defined, and 1 where smoothing makes it so', () => {
    const empty = { truth: 0, predicted: 0, tp: 0, fp: 0, fn: 0 };
    const scores = conventions([empty, empty], 1, 32);
    expect(scores).toEqual({
      ...{ pooled: null, imageMean: null, imageMeanTruth: null },
      ...{ imageMeanSmoothed: 1, batchSmoothed: 1, absentAsZero: 0 },
    });
    expect(Object.values(conventions([], 2, 32))).toEqual([null, null, null, null, null, null]);
  });

  it('tells the story of the model that never predicts COVID: 0.5 smoothed, 0 pooled', () => {
    const missed = { truth: 9, predicted: 0, tp: 0, fp: 0, fn: 9 };
    const empty = { truth: 0, predicted: 0, tp: 0, fp: 0, fn: 0 };
    const scores = conventions([missed, empty, missed, empty], 1, 32);
    expect(scores.pooled).toBe(0);
    expect(scores.imageMeanSmoothed).toBeCloseTo(0.5, 5);
  });
});

describe('weights and intervals', () => {
  it('agrees with the formulas worked out by hand', () => {
    // Three images of 4 pixels: n = 7, 4, 1 of 12; images with the class 3, 2, 1.
    const truths = [map(0, 0, 0, 1), map(0, 1, 1, 1), map(0, 0, 0, 2)];
    const weights = weightsOf(truths, [...CLASSES, { index: 3, key: 'x', name: 'x' }], null);
    expect(weights[0].inverseFrequency).toBeCloseTo(12 / (4 * 7), 12);
    expect(weights[2].inverseFrequency).toBeCloseTo(12 / 4, 12);
    // f = 7/12, 4/8, 1/4: median 1/2.
    expect(weights.map((w) => w.medianFrequency)).toEqual([0.5 / (7 / 12), 1, 2, null]);
    expect(weights[2].enetLog).toBeCloseTo(1 / Math.log(1.02 + 1 / 12), 12);
    const raw = [3, 2, 1].map((m) => 1e-4 / (1 - 0.9999 ** m));
    const scale = 3 / (raw[0] + raw[1] + raw[2]);
    expect(weights[1].effectiveNumber).toBeCloseTo(raw[1] * scale, 12);
    expect(weights[3]).toEqual({ inverseFrequency: null, medianFrequency: null, effectiveNumber: null, enetLog: null });
  });

  it("gives Wilson's interval: 8 of 10 is 0.4902 to 0.9433 (Brown, Cai, DasGupta 2001, formula 4)", () => {
    const [low, high] = wilson(8, 10)!;
    expect(low).toBeCloseTo(0.4901625, 6);
    expect(high).toBeCloseTo(0.9433178, 6);
    expect(wilson(0, 0)).toBe(null);
  });
});

describe('summary', () => {
  it('keeps unscored annotations in truth and out of predicted', () => {
    const pairs = [
      { truth: map(0, 1, 2, 2), predicted: map(0, 1, 2, 1) },
      { truth: map(0, 0, 0, 2), predicted: null },
      { truth: null, predicted: null },
    ];
    const made = summaryOf(pairs, CLASSES, null);
    expect([made.images, made.scored, made.unscored]).toEqual([3, 1, 2]);
    expect(made.classes[2].truth).toEqual({ pixels: 3, pixelShare: 3 / 8, images: 2, imageShare: 1 });
    expect(made.classes[2].predicted).toEqual({ pixels: 1, pixelShare: 1 / 4, images: 1, imageShare: 1 });
    expect(made.confusion).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect([made.accuracy, made.backgroundAccuracy]).toEqual([3 / 4, 4 / 8]);
    expect(made.meanIou.foreground.pooled).toBe(0.5);
    expect(made.meanIou.all.classes.pooled).toBe(3);
  });
});

describe('files', () => {
  it('writes and reads PNGs of every kind', () => {
    const random = seeded(5);
    const kinds: [Raster['color'], Raster['bitDepth'][], number][] = [
      [0, [1, 2, 4, 8, 16], 1],
      [2, [8, 16], 3],
      [3, [1, 2, 4, 8], 1],
      [4, [8, 16], 2],
      [6, [8, 16], 4],
    ];
    for (const [color, depths, channels] of kinds) {
      for (const bitDepth of depths) {
        for (const [width, height] of [
          [1, 1],
          [7, 5],
          [33, 18],
        ]) {
          const samples = Array.from({ length: width * height * channels }, () => random.below(2 ** bitDepth));
          const made = bitDepth === 16 ? Uint16Array.from(samples) : Uint8Array.from(samples);
          const raster: Raster = { width, height, bitDepth, color, samples: made };
          if (color === 3) raster.palette = new Uint8Array(3 * 2 ** bitDepth);
          expect(decodePng(encodePng(raster, { random, idat: 11 }))).toEqual(raster);
          expect(decodePng(encodePng(raster, { interlaced: true }))).toEqual(raster);
        }
      }
    }
    const whole = encodePng({ width: 2, height: 2, bitDepth: 8, color: 0, samples: map(1, 2, 3, 4) });
    whole[40] ^= 1;
    expect(() => decodePng(whole)).toThrow('CRC');
  });

  it('reads CSV strictly', () => {
    expect(parseCsv('a,b\r\n"x,""y""\r\nz",\r\n').rows).toEqual([{ a: 'x,"y"\r\nz', b: '' }]);
    for (const bad of ['a,b\n1\n', 'a,b\n1,2', 'a,b\n1,x"y\n', 'a\n"x"y\n', 'a\r\n1\n', 'a,a\n1,2\n', 'a\n"x']) {
      expect(() => parseCsv(bad), bad).toThrow();
    }
    expect([plainCell("'=1+1"), plainCell("'tis")]).toEqual(['=1+1', "'tis"]);
  });
});

describe('shapes', () => {
  it('draws patches inside and coarse maps that repeat', () => {
    const size = { width: 12, height: 10 };
    const random = seeded(3);
    const within = new Uint8Array(120).fill(1);
    within[0] = 0;
    const made = patch(size, within, random);
    expect(made[0]).toBe(0);
    expect(made.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(16);
    const { small, large } = coarsen(size, texture(size, random), 2);
    expect(small.length).toBe(30);
    for (let i = 0; i < 120; i++) expect(large[i]).toBe(small[((i % 12) >> 1) + ((i / 12) >> 1) * 6]);
  });
});
