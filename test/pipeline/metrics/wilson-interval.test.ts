import { describe, expect, it } from 'vitest';
import { quantile } from '../../../src/pipeline/metrics/quantile.js';
import { wilsonInterval } from '../../../src/pipeline/metrics/wilson-interval.js';

describe('wilsonInterval', () => {
  // scipy 1.17.1: scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
  it.each([
    [0, 10, 0, 0.27753279986288926],
    [8, 10, 0.4901624715366418, 0.9433178485456248],
    [10, 10, 0.7224672001371109, 1],
    [1, 1, 0.20654931437723745, 1],
    [563, 583, 0.9476079132927161, 0.9776845857941799],
  ])('of %i in %i is scipy’s', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials)!;
    expect(interval[0]).toBeCloseTo(low, 12);
    expect(interval[1]).toBeCloseTo(high, 12);
  });
  it('holds 0 and 1 exactly where all failed or all succeeded', () => {
    for (let n = 1; n < 60; n++) {
      expect(wilsonInterval(0, n)![0]).toBe(0);
      expect(wilsonInterval(n, n)![1]).toBe(1);
    }
  });
  it('is undefined without a trial', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});

describe('quantile', () => {
  // numpy 2.4.6: np.quantile([1, 2, 4, 8], q)
  it.each([
    [0.025, 1.075],
    [0.5, 3],
    [0.975, 7.7],
    [0, 1],
    [1, 8],
  ])('%d is numpy’s', (share, expected) => {
    expect(quantile([1, 2, 4, 8], share)).toBeCloseTo(expected, 12);
  });
  it('of one value is that value, of none undefined', () => {
    expect(quantile([5], 0.975)).toBe(5);
    expect(quantile([], 0.5)).toBeNull();
  });
});
