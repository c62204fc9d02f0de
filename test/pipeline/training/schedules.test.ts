import { describe, expect, it } from 'vitest';
import { learningRate, plateauFalls, type Schedule } from '../../../src/pipeline/training/schedules.js';
import { standing } from '../../../src/pipeline/training/standing.js';

const schedule = (change: Partial<Schedule>): Schedule => ({
  ...{ kind: 'constant', rate: 0.1, warmUp: 0, every: 3, factor: 0.5 },
  ...change,
});
const at = (change: Partial<Schedule>, step: number, falls = 0) =>
  learningRate(schedule(change), { step, epoch: Math.floor(step / 10), total: 100 }, falls);

describe('learningRate', () => {
  it('constant stays', () => expect([0, 50, 99].map((step) => at({}, step))).toEqual([0.1, 0.1, 0.1]));

  it('cosine goes from the rate over its half to nearly 0', () => {
    expect(at({ kind: 'cosine' }, 0)).toBeCloseTo(0.1, 12);
    expect(at({ kind: 'cosine' }, 50)).toBeCloseTo(0.05, 12);
    expect(at({ kind: 'cosine' }, 99)).toBeCloseTo(0.1 * 0.000246719, 8);
  });

  it('step falls each so many epochs', () => {
    expect([0, 29, 30, 59, 60].map((step) => at({ kind: 'step' }, step))).toEqual([0.1, 0.1, 0.05, 0.05, 0.025]);
  });

  it('plateau falls when it is told to', () => {
    expect([0, 1, 3].map((falls) => at({ kind: 'plateau' }, 5, falls))).toEqual([0.1, 0.05, 0.0125]);
  });

  it('warms up in even steps that reach the rate behind the last', () => {
    const rates = [0, 1, 2, 3, 4].map((step) => at({ warmUp: 4 }, step));
    expect(rates).toEqual([0.02, 0.04, 0.06, 0.08, 0.1].map((due) => expect.closeTo(due, 12)));
    expect(at({ kind: 'cosine', warmUp: 4 }, 4)).toBeCloseTo(0.1, 12);
  });
});

describe('plateauFalls', () => {
  const falls = (...values: (number | null)[]) => plateauFalls(schedule({ kind: 'plateau' }), values, 'max');

  it('counts each time that so many epochs bettered nothing', () => {
    expect(falls()).toBe(0);
    expect(falls(0.5, 0.4, 0.5)).toBe(0);
    expect(falls(0.5, 0.4, 0.5, 0.3)).toBe(1);
    expect(falls(0.5, 0.4, 0.5, 0.3, 0.2, 0.1)).toBe(1);
    expect(falls(0.5, 0.4, 0.5, 0.3, 0.2, 0.1, 0.1)).toBe(2);
    expect(falls(0.5, 0.4, 0.5, 0.6, 0.2, 0.1)).toBe(0);
  });

  it('is nothing to other schedules', () => {
    expect(plateauFalls(schedule({ kind: 'step' }), [1, 1, 1, 1, 1], 'max')).toBe(0);
  });
});

describe('standing', () => {
  it('is the first of the best, and the epochs since', () => {
    expect(standing([0.1, 0.4, 0.4, 0.2], 'max')).toEqual({ best: 1, sinceBest: 2 });
    expect(standing([0.1, 0.4, 0.05], 'min')).toEqual({ best: 2, sinceBest: 0 });
    expect(standing([], 'max')).toEqual({ best: null, sinceBest: 0 });
  });

  it('an undefined figure is no better than any', () => {
    expect(standing([null, null], 'max')).toEqual({ best: null, sinceBest: 2 });
    expect(standing([null, -1, null], 'max')).toEqual({ best: 1, sinceBest: 1 });
  });

  it('small gains count for nothing where more is asked for', () => {
    expect(standing([0.5, 0.55, 0.61], 'max', 0.1)).toEqual({ best: 2, sinceBest: 0 });
    expect(standing([0.5, 0.55, 0.59], 'max', 0.1)).toEqual({ best: 0, sinceBest: 2 });
  });
});
