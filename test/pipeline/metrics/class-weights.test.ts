import { describe, expect, it } from 'vitest';
import { classWeights, lossShares } from '../../../src/pipeline/metrics/class-weights.js';
import { WEIGHT_FORMULAS } from '../../../src/pipeline/summary.js';

// 10 images of 100 pixels: background in all, lung in 9, an infection in 2, and a class that never occurs.
const CLASSES = [
  { pixels: 900, images: 10, imagePixels: 1000 },
  { pixels: 90, images: 9, imagePixels: 900 },
  { pixels: 10, images: 2, imagePixels: 200 },
  { pixels: 0, images: 0, imagePixels: 0 },
];

// numpy 2.4.6, the formulas written out: N/(4 n), median(f)/f over three classes, (1-b)/(1-b**m) scaled to sum to 3,
// 1/log(1.02 + n/N).
const EXPECTED = {
  inverseFrequency: [0.2777777777777778, 2.7777777777777777, 25],
  medianFrequency: [0.1111111111111111, 1, 2],
  effectiveNumber: [0.42199695338775783, 0.46886206261501306, 2.109140983997229],
  enetLog: [1.5329777561879327, 9.582214001148195, 33.83087013568215],
};
const EXPECTED_SHARE = {
  none: [0.9, 0.09, 0.01],
  inverseFrequency: [1 / 3, 1 / 3, 1 / 3],
  medianFrequency: [0.47619047619047616, 0.42857142857142855, 0.09523809523809523],
  effectiveNumber: [0.8571632611665941, 0.09523560096868684, 0.04760113786471897],
  enetLog: [0.5346792852721656, 0.33421302512564044, 0.13110768960219402],
};

describe('classWeights', () => {
  const weights = classWeights(CLASSES, false);
  it.each(WEIGHT_FORMULAS)('%s is as computed by hand', (formula) => {
    EXPECTED[formula].forEach((expected, c) => {
      expect(weights[c][formula]).toBeCloseTo(expected, 9);
    });
  });
  it('of a class that never occurs are undefined', () => {
    expect(weights[3]).toEqual({ inverseFrequency: null, medianFrequency: null, effectiveNumber: null, enetLog: null });
  });
  it('takes the mean of the middle two where an even number of classes occurs', () => {
    const [, lung] = classWeights(CLASSES.slice(0, 2), false);
    expect(lung.medianFrequency).toBeCloseTo((0.9 + 0.1) / 2 / 0.1, 12);
  });
  it('goes by the share of the images where each of them has one class as a whole', () => {
    const images = [6, 3, 1, 0].map((n) => ({ pixels: n, images: n, imagePixels: n }));
    const median = classWeights(images, true).map(({ medianFrequency }) => medianFrequency);
    expect(median.slice(0, 3)).toEqual([0.3 / 0.6, 1, 0.3 / 0.1].map((weight) => expect.closeTo(weight, 12)));
    expect(median[3]).toBeNull();
  });
});

describe('lossShares', () => {
  const shares = lossShares(CLASSES, classWeights(CLASSES, false));
  it.each(['none', ...WEIGHT_FORMULAS] as const)('%s: what each class gets of the loss', (formula) => {
    EXPECTED_SHARE[formula].forEach((expected, c) => {
      expect(shares[c][formula]).toBeCloseTo(expected, 12);
    });
    expect(shares[3][formula]).toBe(0);
  });
  it('are undefined where nothing occurs', () => {
    const nothing = [CLASSES[3], CLASSES[3]];
    expect(lossShares(nothing, classWeights(nothing, false))[0].enetLog).toBeNull();
  });
});
