import { describe, expect, it } from 'vitest';
import { startCalibration } from '../../../../src/pipeline/metrics/detection/calibration.js';
import { reliability } from '../../../../src/pipeline/metrics/detection/reliability.js';
import {
  fitTemperature,
  scaleByTemperature,
  TEMPERATURES,
} from '../../../../src/pipeline/metrics/detection/temperature.js';
import { createRandom } from '../../../../src/pipeline/random.js';

describe('reliability', () => {
  it('by hand: two bins, one 0.2 too sure, one 0.1 too modest', () => {
    const { ece, mce, bins } = reliability([0.7, 0.7, 0.9, 0.9, 0.4], [true, false, true, true, true], 2);
    // Upper bin: mean confidence 0.8, accuracy 3/4; lower bin: 0.4 and 1.
    expect(bins).toEqual([
      { low: 0, high: 0.5, images: 1, confidence: 0.4, accuracy: 1 },
      { low: 0.5, high: 1, images: 4, confidence: expect.closeTo(0.8, 12), accuracy: 0.75 },
    ]);
    expect(ece).toBeCloseTo((4 * 0.05 + 0.6) / 5, 12);
    expect(mce).toBeCloseTo(0.6, 12);
  });
  it('closes bins above, and takes 0 and 1', () => {
    const { bins } = reliability([0, 0.25, 0.5, 1], [0, 0, 0, 0], 4);
    expect(bins.map(({ images }) => images)).toEqual([2, 1, 0, 1]);
    expect(bins[2]).toEqual({ low: 0.5, high: 0.75, images: 0, confidence: null, accuracy: null });
  });
  it('of no image is undefined', () => {
    expect(reliability([], [])).toMatchObject({ ece: null, mce: null });
  });
});

describe('startCalibration', () => {
  it('by hand', () => {
    const tally = startCalibration();
    tally.add(0, 0, [0.5, 0.3, 0.2]);
    tally.add(2, 0, [0.8, 0.2, 0]);
    tally.add(1, 1, [null, 0.9, 0.1]);
    const { images, brier, nll, ece } = tally.finish();
    expect(images).toBe(2);
    expect(brier).toBeCloseTo((0.25 + 0.09 + 0.04 + 0.64 + 0.04 + 1) / 2, 12);
    expect(nll).toBeCloseTo((Math.log(2) - Math.log(2 ** -52)) / 2, 12);
    expect(ece).toBeCloseTo((0.5 + 0.8) / 2, 12);
  });
  it('of no image is undefined', () => {
    expect(startCalibration().finish()).toMatchObject({ images: 0, brier: null, nll: null, ece: null, mce: null });
  });
});

describe('temperature', () => {
  it('scales as dividing logits does, and keeps probabilities at 1', () => {
    const logits = [1.5, -0.5, 0.25];
    const softmax = (t: number) => {
      const powers = logits.map((x) => Math.exp(x / t));
      return powers.map((x) => x / powers.reduce((sum, y) => sum + y));
    };
    for (const t of [0.1, 0.7, 1, 3, 100]) {
      scaleByTemperature(softmax(1), t).forEach((p, c) => {
        expect(p).toBeCloseTo(softmax(t)[c], 12);
      });
    }
    expect(scaleByTemperature([0.1, 0.2, 0.7], 1)).toEqual([0.1, 0.2, 0.7]);
  });
  it('stands 0 and 1, at any temperature, without NaN', () => {
    for (const t of [0.05, 0.5, 1, 2, 20]) {
      const scaled = scaleByTemperature([0, 1, 0], t);
      expect(scaled.reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
      expect(Math.max(...scaled)).toBe(scaled[1]);
    }
  });
  it('undoes what made a model too sure', () => {
    const random = createRandom('temperature');
    for (const sharpened of [0.25, 0.5, 2, 4]) {
      const labels: number[] = [];
      const rows: number[] = [];
      // Labels drawn from the probabilities themselves: calibrated, until they are sharpened.
      for (let i = 0; i < 20_000; i++) {
        const row = scaleByTemperature([random.uniform(), random.uniform(), random.uniform()], 0.5);
        const u = random.uniform();
        labels.push(u < row[0] ? 0 : u < row[0] + row[1] ? 1 : 2);
        rows.push(...scaleByTemperature(row, sharpened));
      }
      expect(fitTemperature(rows, labels)! * sharpened).toBeGreaterThan(0.93);
      expect(fitTemperature(rows, labels)! * sharpened).toBeLessThan(1.07);
    }
  });
  it('is at its bounds where there is no best one, and null where all are the same', () => {
    const [least, most] = TEMPERATURES;
    expect(fitTemperature([1, 0, 0, 1], [0, 1])).toBe(least);
    expect(fitTemperature([0.9, 0.1, 0.2, 0.8], [0, 1])).toBe(least);
    expect(fitTemperature([0.9, 0.1, 0.2, 0.8], [1, 0])).toBe(most);
    expect(fitTemperature([0.5, 0.5, 0.5, 0.5], [1, 0])).toBeNull();
    expect(fitTemperature([], [])).toBeNull();
  });
  it('has a lower loss than its neighbours, where some answers are wrong', () => {
    const rows = [
      [0.9, 0.1],
      [0.8, 0.2],
      [0.3, 0.7],
      [0.4, 0.6],
    ];
    const labels = [0, 1, 1, 1];
    const t = fitTemperature(rows.flat(), labels)!;
    const loss = (at: number) =>
      rows.reduce((sum, row, i) => sum - Math.log(scaleByTemperature(row, at)[labels[i]]), 0);
    for (const factor of [0.9, 0.999, 1.001, 1.1]) expect(loss(t * factor)).toBeGreaterThan(loss(t));
  });
});
