import { describe, expect, it } from 'vitest';
import { missedClass } from '../../../src/pipeline/checks/p001-missed-class.js';
import { falseAlarm } from '../../../src/pipeline/checks/p002-false-alarm.js';
import { lowOverlap } from '../../../src/pipeline/checks/p003-low-overlap.js';
import { confusedClass } from '../../../src/pipeline/checks/p004-confused-class.js';
import { predictionOutside } from '../../../src/pipeline/checks/p005-prediction-outside.js';
import { stagesDisagree } from '../../../src/pipeline/checks/p006-stages-disagree.js';
import { missingPrediction } from '../../../src/pipeline/checks/p007-missing-prediction.js';
import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import { facts, labels, prediction, xrays } from './given.js';

/** Facts with this confusion matrix, rows truth, and everything else clean. */
function compared(confusion: number[][], dataset: DatasetSpec = xrays()) {
  return facts({ dataset, confusion: confusion.flat() });
}

describe('P001 miss', () => {
  const missed = [
    [7000, 0, 0, 0],
    [0, 1500, 0, 0],
    [1000, 500, 0, 0],
    [0, 0, 0, 0],
  ];

  it('gives the missed pixels, and the highest probability where it is known', () => {
    const finding = { rule: 'P001', class: 'covid', value: 1500 };
    expect(missedClass.check(compared(missed))).toEqual([
      { ...finding, message: '1,500 pixels of covid, none predicted' },
    ]);
    expect(missedClass.check({ ...compared(missed), maxProbability: [1, 1, 0.43211, 0] })).toEqual([
      { ...finding, message: '1,500 pixels of covid, none predicted; highest probability 0.4321' },
    ]);
    expect([...missedClass.check({ ...compared(missed), maxProbability: [1, 1, null, 0] })][0].message).toBe(
      '1,500 pixels of covid, none predicted',
    );
  });

  it('says at which stage of a hybrid, and nothing of the gate for a class that it does not decide about', () => {
    const says = (passed: number[], thresholds: (number | null)[]) => {
      const gate = { probabilities: [null, null, 0.25, null], passed, thresholds };
      return [...missedClass.check({ ...compared(missed), gate })].map(({ message }) => message);
    };
    expect(says([], [null, null, 0.3, null])).toEqual([
      '1,500 pixels of covid, none predicted: the gate keeps it back (0.2500 of at least 0.3)',
    ]);
    expect(says([2], [null, null, 0.2, null])).toEqual([
      '1,500 pixels of covid, none predicted: the gate lets it through (0.2500 of at least 0.2), the segmenter finds none',
    ]);
    expect(says([], [null, null, null, 0.5])).toEqual(['1,500 pixels of covid, none predicted']);
  });

  it('is silent where one pixel is predicted anywhere, where nothing is annotated, and unscored', () => {
    const disjoint = missed.map((row) => [...row]);
    disjoint[0][2] = 1;
    expect(missedClass.check(compared(disjoint))).toEqual([]);
    expect(missedClass.check(facts())).toEqual([]);
    expect(missedClass.check(facts({ confusion: null }))).toEqual([]);
  });
});

describe('P002 false alarm', () => {
  it('is any predicted pixel of a class that is not annotated', () => {
    const given = compared([
      [6999, 0, 0, 1],
      [0, 2500, 0, 0],
      [0, 0, 500, 0],
      [0, 0, 0, 0],
    ]);
    expect(falseAlarm.check(given)).toEqual([
      { rule: 'P002', class: 'non-covid', value: 1, message: '1 pixel predicted as non-covid, none annotated' },
    ]);
  });

  it('is silent about surplus pixels of an annotated class, and unscored', () => {
    const given = compared([
      [6000, 0, 1000, 0],
      [0, 2500, 0, 0],
      [0, 0, 500, 0],
      [0, 0, 0, 0],
    ]);
    expect(falseAlarm.check(given)).toEqual([]);
    expect(falseAlarm.check(facts({ confusion: null }))).toEqual([]);
  });
});

describe('P003 low overlap', () => {
  const overlap = (common: number, missed: number, surplus: number) =>
    compared([
      [9000, 0, surplus, 0],
      [0, 0, 0, 0],
      [missed, 0, common, 0],
      [0, 0, 0, 0],
    ]);

  it('fires below the threshold, not at it', () => {
    expect(lowOverlap.check(overlap(499, 251, 250))).toEqual([
      {
        rule: 'P003',
        class: 'covid',
        value: 0.499,
        message: 'covid: IoU 0.4990, 499 common of 750 annotated and 749 predicted pixels',
      },
    ]);
    expect(lowOverlap.check(overlap(500, 250, 250))).toEqual([]);
  });

  it('includes masks without a common pixel', () => {
    expect(lowOverlap.check(overlap(0, 1200, 5))).toMatchObject([
      { value: 0, message: 'covid: no common pixel of 1,200 annotated and 5 predicted pixels' },
    ]);
  });

  it('is silent about misses, false alarms and unscored images', () => {
    expect(lowOverlap.check(overlap(0, 1200, 0))).toEqual([]);
    expect(lowOverlap.check(overlap(0, 0, 1200))).toEqual([]);
    expect(lowOverlap.check(facts({ confusion: null }))).toEqual([]);
  });
});

describe('P004 confused class', () => {
  const taken = (background: number, lung: number, covid: number, nonCovid: number) =>
    compared([
      [6000, 0, 0, 0],
      [0, 2500, 0, 0],
      [background, lung, covid, nonCovid],
      [0, 0, 0, 0],
    ]);

  it('fires where half of the pixels are another class, not below', () => {
    expect(confusedClass.check(taken(0, 0, 1000, 1000))).toEqual([
      {
        rule: 'P004',
        class: 'covid',
        value: 0.5,
        message: '1,000 of 2,000 pixels of covid (50 %) are predicted as non-covid',
      },
    ]);
    expect(confusedClass.check(taken(0, 0, 1001, 999))).toEqual([]);
  });

  it('takes a lesion called healthy lung or background for a miss', () => {
    expect(confusedClass.check(taken(0, 2000, 0, 0))).toEqual([]);
    expect(confusedClass.check(taken(2000, 0, 0, 0))).toEqual([]);
    expect(confusedClass.check(taken(0, 1500, 0, 499))).toEqual([]);
  });

  it('takes healthy lung called infection, and any foreground class of other layouts, for a confusion', () => {
    const lung = compared([
      [6000, 0, 0, 0],
      [0, 100, 900, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(confusedClass.check(lung)).toMatchObject([
      { class: 'lung', message: '900 of 1,000 pixels of lung (90 %) are predicted as covid' },
    ]);
    const cells = compared(
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 7, 3],
      ],
      labels(['cell', 'nucleus']),
    );
    expect(confusedClass.check(cells)).toMatchObject([{ class: 'nucleus', value: 0.7 }]);
  });

  it('is silent about unscored images', () => {
    expect(confusedClass.check(facts({ confusion: null }))).toEqual([]);
  });
});

describe('P005 prediction outside of the lungs', () => {
  it('fires above the threshold, not at it', () => {
    const given = (outside: number) => facts({ predictedOutside: [0, 0, outside, 0] });
    expect(predictionOutside.check(given(6))).toEqual([
      {
        rule: 'P005',
        class: 'covid',
        value: 0.012,
        message: '6 of 500 pixels predicted as covid (1.2 %) lie outside of the lung mask',
        path: 'a.png',
      },
    ]);
    expect(predictionOutside.check(given(5))).toEqual([]);
  });

  it('is about infections only', () => {
    expect(predictionOutside.check(facts({ predictedOutside: [7000, 2500, 0, 0] }))).toEqual([]);
    expect(predictionOutside.check(facts({ predictedOutside: null }))).toEqual([]);
    expect(predictionOutside.check(facts({ confusion: null, predictedOutside: [0, 0, 6, 0] }))).toEqual([]);
    const dataset = labels(['a', 'b', 'c']);
    expect(predictionOutside.check(facts({ dataset, predictedOutside: [0, 0, 500, 0] }))).toEqual([]);
  });
});

describe('P006 the stages disagree', () => {
  const nothing = [
    [7000, 0, 0, 0],
    [0, 3000, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  const found = nothing.map((row) => [...row]);
  found[1][2] = 7;
  const check = (
    confusion: number[][],
    passed: number[],
    keptBack?: ({ predicted: number; tp: number } | null)[],
    thresholds: (number | null)[] = [null, null, 0.5, null],
  ) => {
    const gate = { probabilities: [null, null, 0.75, 0.5], passed, keptBack, thresholds };
    return [...stagesDisagree.check({ ...compared(confusion), gate })];
  };

  it('where the gate lets a class through and the segmenter finds none of it, positive image or not', () => {
    expect(check(nothing, [2])).toEqual([
      {
        rule: 'P006',
        class: 'covid',
        value: 0.75,
        message: 'the gate lets covid through (0.7500 of at least 0.5), and the segmenter finds no pixel of it',
      },
    ]);
    expect(check(found, [2])).toEqual([]);
  });

  it('where the gate keeps a class back and the segmenter, having looked, finds it', () => {
    const seen = (predicted: number) => [null, null, { predicted, tp: 0 }, null];
    expect(check(nothing, [], seen(1)).map(({ message }) => message)).toEqual([
      'the gate keeps covid back (0.7500 of at least 0.5), and the segmenter finds 1 pixel of it',
    ]);
    expect(check(nothing, [], seen(0))).toEqual([]);
    expect(check(nothing, [])).toEqual([]);
  });

  it('asks for no class that the gate does not decide about, and nothing without a gate or a score', () => {
    expect(check(nothing, [], undefined, [null, null, null, null])).toEqual([]);
    expect(stagesDisagree.check(compared(nothing))).toEqual([]);
    const gate = { probabilities: [null, null, 1, null], passed: [2], thresholds: [null, null, 0.5, null] };
    expect(stagesDisagree.check({ ...compared(nothing), gate, confusion: null })).toEqual([]);
  });
});

describe('P007 no prediction, or one that is no use', () => {
  it.each([
    [{ state: 'missing' }, 'no prediction'],
    [{ state: 'missing', fault: 'several images are named a' }, 'no prediction: several images are named a'],
    [{ state: 'unreadable', fault: 'holds the value 9' }, "the prediction can't be used: holds the value 9"],
    [{ nonFinite: true, constant: true }, "the model's output holds NaN or infinities"],
    [{ constant: true }, "the model's output is the same in every pixel"],
  ] as const)('%o', (changes, message) => {
    expect(missingPrediction.check(facts({ prediction: prediction(changes) }))).toEqual([
      { rule: 'P007', message, path: 'a.png' },
    ]);
  });

  it('a softmax that does not sum to 1, by more than rounding explains', () => {
    const given = (sumError: number) => facts({ prediction: prediction({ sumError }) });
    expect(missingPrediction.check(given(0.031))).toEqual([
      {
        rule: 'P007',
        value: 0.031,
        message: 'the probabilities of a pixel are 0.0310 off from the sum 1 that a softmax has',
        path: 'a.png',
      },
    ]);
    expect(missingPrediction.check(given(0.03))).toEqual([]);
  });

  it('is silent where none was asked for and where it was read', () => {
    expect(missingPrediction.check(facts({ prediction: prediction({ state: 'none', path: '' }) }))).toEqual([]);
    expect(missingPrediction.check(facts())).toEqual([]);
  });
});
