import { describe, expect, it } from 'vitest';
import { accuracy, backgroundAccuracy } from '../../../src/pipeline/metrics/accuracy.js';
import { outcomeOf, overlapCounts } from '../../../src/pipeline/metrics/counts.js';
import { dice, iou, smoothedDice, smoothedIou } from '../../../src/pipeline/metrics/overlap.js';

// Rows truth, columns predicted.
const CONFUSION = [50, 3, 0, 4, 20, 1, 6, 0, 0];

describe('overlapCounts', () => {
  it('takes the truth from rows and the prediction from columns', () => {
    expect(overlapCounts(CONFUSION, 0)).toEqual({ tp: 50, fp: 10, fn: 3 });
    expect(overlapCounts(CONFUSION, 1)).toEqual({ tp: 20, fp: 3, fn: 5 });
    expect(overlapCounts(CONFUSION, 2)).toEqual({ tp: 0, fp: 1, fn: 6 });
  });
});

describe('overlap', () => {
  it('is tp over the union, and 2 tp over the sizes', () => {
    expect(iou({ tp: 20, fp: 3, fn: 5 })).toBe(20 / 28);
    expect(dice({ tp: 20, fp: 3, fn: 5 })).toBe(40 / 48);
  });
  it('is 0 where truth and prediction do not meet, and 1 where they are the same', () => {
    expect(iou({ tp: 0, fp: 0, fn: 7 })).toBe(0);
    expect(dice({ tp: 0, fp: 2, fn: 0 })).toBe(0);
    expect(iou({ tp: 4, fp: 0, fn: 0 })).toBe(1);
    expect(dice({ tp: 4, fp: 0, fn: 0 })).toBe(1);
  });
  it('is undefined where the class is in neither mask', () => {
    expect(iou({ tp: 0, fp: 0, fn: 0 })).toBeNull();
    expect(dice({ tp: 0, fp: 0, fn: 0 })).toBeNull();
  });
  it('smoothed is exactly 1 there, and never 0', () => {
    expect(smoothedIou({ tp: 0, fp: 0, fn: 0 })).toBe(1);
    expect(smoothedDice({ tp: 0, fp: 0, fn: 0 })).toBe(1);
    expect(smoothedIou({ tp: 0, fp: 0, fn: 1 })).toBeCloseTo(0.00001 / 1.00001, 15);
    expect(smoothedDice({ tp: 3, fp: 1, fn: 2 })).toBeCloseTo(6.00001 / 9.00001, 15);
  });
});

describe('outcomeOf', () => {
  it.each([
    [{ tp: 1, fp: 9, fn: 9 }, 'hit'],
    [{ tp: 0, fp: 0, fn: 1 }, 'miss'],
    [{ tp: 0, fp: 1, fn: 0 }, 'false_alarm'],
    [{ tp: 0, fp: 1, fn: 1 }, 'disjoint'],
    [{ tp: 0, fp: 0, fn: 0 }, 'empty'],
    [null, 'unscored'],
  ] as const)('of %o is %s', (counts, outcome) => {
    expect(outcomeOf(counts)).toBe(outcome);
  });
});

describe('accuracy', () => {
  it('is the diagonal over all', () => {
    expect(accuracy(CONFUSION)).toBe(70 / 84);
    expect(accuracy([0, 0, 0, 0])).toBeNull();
  });
  it('of background everywhere is the share of background', () => {
    expect(backgroundAccuracy([53, 25, 6])).toBe(53 / 84);
    expect(backgroundAccuracy([0, 0, 0])).toBeNull();
  });
});
