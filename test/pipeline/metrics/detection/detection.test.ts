import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../../../src/pipeline/metrics/detection/average-precision.js';
import {
  thresholdByYouden,
  thresholdForSensitivity,
} from '../../../../src/pipeline/metrics/detection/chosen-threshold.js';
import { precisionRecallCurve, rocCurve } from '../../../../src/pipeline/metrics/detection/curves.js';
import { startDetection } from '../../../../src/pipeline/metrics/detection/detection.js';
import { countsAt, detectionRates, rateIntervals } from '../../../../src/pipeline/metrics/detection/detection-rates.js';
import { rank } from '../../../../src/pipeline/metrics/detection/ranking.js';
import { rocAuc } from '../../../../src/pipeline/metrics/detection/roc-auc.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import { bruteForce, drawn, expectNear } from './brute-force.js';

const T = true;
const F = false;

describe('by hand', () => {
  it('area: 3.5 of 6 pairs are won, a tie counting half', () => {
    // 3 beats both, 2 ties with 2 and beats 1, 0 loses to both: 2 + 1.5 + 0.
    expect(rocAuc(rank([T, T, T, F, F], [3, 2, 0, 2, 1])).value).toBe(3.5 / 6);
  });
  it('average precision: at 3 one of one, at 2 two of three, at 0 three of five', () => {
    const value = (1 + 2 / 3 + 3 / 5) / 3;
    expect(averagePrecision(rank([T, T, T, F, F], [3, 2, 0, 2, 1])).value).toBeCloseTo(value, 15);
  });
  it('ranking: equal scores are one step, -0 and 0 are equal, an image without a score is left out', () => {
    const { positives, negatives, thresholds, hits, alarms } = rank([T, F, T, F, T], [-0, 0, 5, -2, Number.NaN]);
    expect({ positives, negatives }).toEqual({ positives: 2, negatives: 2 });
    expect(Array.from(thresholds)).toEqual([5, 0, -2]);
    expect(Array.from(hits)).toEqual([1, 2, 2]);
    expect(Array.from(alarms)).toEqual([0, 1, 2]);
  });
  it('threshold: the highest that reaches the sensitivity, equality included', () => {
    const ranking = rank([T, T, T, T, F, F], [9, 7, 5, 1, 8, 1]);
    expect(thresholdForSensitivity(ranking, 0.75)).toBe(5);
    expect(thresholdForSensitivity(ranking, 0.76)).toBe(1);
    expect(thresholdForSensitivity(ranking, 1)).toBe(1);
    expect(thresholdForSensitivity(ranking, 1.01)).toBeNull();
    expect(thresholdForSensitivity(rank([F], [1]), 0.5)).toBeNull();
    expect(countsAt(ranking, 5)).toEqual({ tp: 3, fp: 1, fn: 1, tn: 1 });
    expect(countsAt(ranking, 5.5)).toEqual({ tp: 2, fp: 1, fn: 2, tn: 1 });
    expect(countsAt(ranking, 10)).toEqual({ tp: 0, fp: 0, fn: 4, tn: 2 });
  });
  it('Youden: the highest of equally good thresholds', () => {
    // J is 1/2 at 9, 0 at 8, 1/2 at 7.
    expect(thresholdByYouden(rank([T, T, F, F], [9, 7, 8, 1]))).toBe(9);
    expect(thresholdByYouden(rank([T, T], [9, 7]))).toBeNull();
  });
});

describe('what is undefined is null', () => {
  it('areas without positives, without negatives, without images', () => {
    const none = { value: null, confidence95: null };
    for (const positive of [[], [F, F]]) {
      const ranking = rank(positive, [1, 2]);
      expect(rocAuc(ranking)).toEqual(none);
      expect(averagePrecision(ranking)).toEqual(none);
      expect(precisionRecallCurve(ranking)).toEqual([]);
      expect(rocCurve(ranking)).toEqual([]);
    }
    expect(rocAuc(rank([T, T], [1, 2]))).toEqual(none);
    expect(averagePrecision(rank([T, T], [1, 2]))).toEqual({ value: 1, confidence95: null });
  });
  it('an interval where the sample can’t tell: kinds apart, all scores equal, one image of a kind', () => {
    expect(rocAuc(rank([T, T, F, F], [4, 3, 2, 1]))).toEqual({ value: 1, confidence95: null });
    expect(rocAuc(rank([T, T, F, F], [1, 2, 3, 4]))).toEqual({ value: 0, confidence95: null });
    expect(rocAuc(rank([T, T, F, F, F], [1, 1, 1, 1, 1]))).toEqual({ value: 0.5, confidence95: null });
    expect(rocAuc(rank([T, F, F], [2, 1, 3])).confidence95).toBeNull();
    expect(rocAuc(rank([T, T, F], [1, 3, 2])).confidence95).toBeNull();
  });
  it('rates without anything that they would be a share of', () => {
    expect(detectionRates({ tp: 0, fp: 0, fn: 0, tn: 4 })).toEqual({
      sensitivity: null,
      specificity: 1,
      precision: null,
      negativePredictiveValue: 1,
      f1: null,
      balancedAccuracy: null,
    });
    expect(detectionRates({ tp: 0, fp: 0, fn: 2, tn: 0 })).toEqual({
      sensitivity: 0,
      specificity: null,
      precision: null,
      negativePredictiveValue: 0,
      f1: 0,
      balancedAccuracy: null,
    });
    expect(rateIntervals({ tp: 0, fp: 0, fn: 0, tn: 0 })).toEqual({
      sensitivity: null,
      specificity: null,
      precision: null,
      negativePredictiveValue: null,
    });
  });
});

describe('against brute force, over hundreds of small drawn samples full of ties', () => {
  const random = createRandom('detection');
  const samples = Array.from({ length: 300 }, () => drawn(random));

  it('area by pairs, its interval by the covariance of placements, average precision by a scan', () => {
    let intervals = 0;
    for (const { positive, scores } of samples) {
      const ranking = rank(positive, scores);
      const expected = bruteForce(positive, scores);
      const { value, confidence95 } = rocAuc(ranking);
      expectNear(value, expected.auc);
      expect(confidence95 === null).toBe(expected.interval === null);
      if (confidence95 !== null && expected.interval !== null) {
        intervals++;
        for (const end of [0, 1]) expect(confidence95[end]).toBeCloseTo(expected.interval[end], 12);
      }
      expectNear(averagePrecision(ranking).value, expected.averagePrecision);
    }
    expect(intervals).toBeGreaterThan(150);
  });
  it('an order of the images changes nothing, a rising function of the scores neither', () => {
    for (const { positive, scores } of samples) {
      const order = random.shuffle(scores.map((_, i) => i));
      const other = rank(
        order.map((i) => positive[i]),
        order.map((i) => Math.exp(scores[i]) - 3),
      );
      const ranking = rank(positive, scores);
      expect(rocAuc(other)).toEqual(rocAuc(ranking));
      expect(averagePrecision(other)).toEqual(averagePrecision(ranking));
    }
  });
  it('telling the absence by the negated score has the same area; at every threshold counts are those of a count', () => {
    for (const { positive, scores } of samples) {
      const ranking = rank(positive, scores);
      const negated = rank(
        positive.map((has) => !has),
        scores.map((score) => -score),
      );
      expectNear(rocAuc(negated).value, rocAuc(ranking).value);
      for (const threshold of [...scores, 0.5, -100, 100]) {
        const told = scores.map((score) => score >= threshold);
        const count = (has: boolean, is: boolean) => positive.filter((p, i) => p === has && told[i] === is).length;
        expect(countsAt(ranking, threshold)).toEqual({
          tp: count(T, T),
          fp: count(F, T),
          fn: count(T, F),
          tn: count(F, F),
        });
      }
    }
  });
  it('no higher threshold reaches the wanted sensitivity, no threshold has a larger Youden index', () => {
    for (const { positive, scores } of samples) {
      const ranking = rank(positive, scores);
      const at = (threshold: number) => detectionRates(countsAt(ranking, threshold));
      for (const wanted of [0.3, 0.5, 0.95, 1]) {
        const reach = scores.filter((score) => (at(score).sensitivity ?? 0) >= wanted);
        expect(thresholdForSensitivity(ranking, wanted)).toBe(reach.length === 0 ? null : Math.max(...reach));
      }
      const chosen = thresholdByYouden(ranking);
      if (chosen === null) continue;
      for (const score of scores) {
        expect(at(score).balancedAccuracy!).toBeLessThanOrEqual(at(chosen).balancedAccuracy! + 1e-12);
      }
    }
  });
  it('points of curves are no more than asked for, in order, from end to end', () => {
    for (const most of [3, 5, 20]) {
      for (const { positive, scores } of samples) {
        const ranking = rank(positive, scores);
        const roc = rocCurve(ranking, most);
        const curve = precisionRecallCurve(ranking, most);
        expect(Math.max(roc.length, curve.length)).toBeLessThanOrEqual(most);
        expect(roc.map((p) => p.threshold)).toEqual(roc.map((p) => p.threshold).sort((a, b) => b - a));
        expect(curve.map((p) => p.recall)).toEqual(curve.map((p) => p.recall).sort((a, b) => a - b));
        if (roc.length > 0) {
          expect(roc[0]).toMatchObject({ falsePositiveRate: 0, truePositiveRate: 0 });
          expect(roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
        }
        if (curve.length > 0) expect(curve.at(-1)!.recall).toBe(1);
      }
    }
  });
});

describe('startDetection', () => {
  it('takes pixels, labels and booleans alike; a class without a score is counted, not ranked', () => {
    const tally = startDetection([{ key: 'background' }, { key: 'covid' }]);
    tally.add([10, 90], [10, 90], [50, 50]);
    tally.add([100, 0], [99, 1], [99, 1]);
    tally.add([true, false], null, [true, false]);
    tally.add([0, 100], [null, 0], [100, 0]);
    const { images, classes } = tally.finish();
    expect(images).toBe(4);
    expect(classes.map(({ key, counts, ranked, auc }) => ({ key, counts, ranked, auc }))).toEqual([
      { key: 'background', counts: { tp: 3, fp: 1, fn: 0, tn: 0 }, ranked: 2, auc: null },
      { key: 'covid', counts: { tp: 1, fp: 1, fn: 1, tn: 1 }, ranked: 3, auc: 0.5 },
    ]);
  });
  it('of nothing and of many images holds no NaN, and can go on after a finish', () => {
    const tally = startDetection([{ key: 'a' }, { key: 'b' }]);
    const random = createRandom('many');
    const positive: boolean[] = [];
    const scores: number[] = [];
    expect(JSON.stringify(tally.finish(), (_, v) => (Number.isNaN(v) ? 'NaN' : v))).not.toContain('NaN');
    for (const until of [1, 256, 257, 1500]) {
      while (scores.length < until) {
        positive.push(random.chance(0.3));
        scores.push(random.integer(0, 40));
        tally.add([1, Number(positive.at(-1))], [null, scores.at(-1)!], [0, 0]);
      }
      const { classes } = tally.finish();
      const ranking = rank(positive, scores);
      expect(classes[1]).toMatchObject({ ranked: until, auc: rocAuc(ranking).value });
      expect(tally.ranking(1)).toEqual(ranking);
      expect(JSON.stringify(classes, (_, v) => (Number.isNaN(v) ? 'NaN' : v))).not.toContain('NaN');
    }
  });
});
