import { describe, expect, it } from 'vitest';
import { inflatedScore } from '../../../src/pipeline/checks/m001-inflated-score.js';
import { unevaluatedClass } from '../../../src/pipeline/checks/m002-unevaluated-class.js';
import { neverPredicted } from '../../../src/pipeline/checks/m003-never-predicted.js';
import { conventionsDisagree } from '../../../src/pipeline/checks/m004-conventions-disagree.js';
import { uselessAccuracy } from '../../../src/pipeline/checks/m005-useless-accuracy.js';
import { fewPositives } from '../../../src/pipeline/checks/m006-few-positives.js';
import { oneClass } from '../../../src/pipeline/checks/m007-one-class.js';
import type { ScoreRule } from '../../../src/pipeline/checks/rule.js';
import type { Summary } from '../../../src/pipeline/summary.js';
import { scores, summary, xrays } from './given.js';

/** Every foreground class annotated and found, if not perfectly. */
const FOUND = [
  [7000, 100, 0, 0],
  [100, 2000, 0, 0],
  [0, 100, 400, 0],
  [0, 100, 0, 200],
];
const NO_COVID_TRUTH = [FOUND[0], FOUND[1], [0, 0, 0, 0], FOUND[3]];
const NO_COVID_PREDICTED = [FOUND[0], FOUND[1], [300, 200, 0, 0], FOUND[3]];

const found = (rule: ScoreRule, given: Summary, dataset = xrays()) => [...rule.check(given, dataset)];

describe('M001 a score that empty masks made', () => {
  const covid = (pooled: number | null, smoothed: number, batch: number | null = pooled, empty = 50) =>
    summary(FOUND, {
      covid: { iou: scores(pooled, { imageMeanSmoothed: smoothed, batchSmoothed: batch }), outcomes: { empty } },
    });

  it('is an error where nothing else is left', () => {
    expect(found(inflatedScore, covid(null, 1, 1, 100))).toEqual([
      {
        rule: 'M001',
        class: 'covid',
        value: null,
        message: 'IoU 1.0000 of covid (imageMeanSmoothed) is made of 100 empty images of 150; without them undefined',
        severity: 'error',
      },
    ]);
    expect(found(inflatedScore, covid(0, 0.5))).toEqual([
      {
        rule: 'M001',
        class: 'covid',
        value: 0.5,
        message:
          'IoU 0.5000 of covid (imageMeanSmoothed) is made of 50 empty images of 100; without them 0.0000 (pooled 0.0000)',
        severity: 'error',
      },
    ]);
  });

  it('is a warning from the floor of the pooled score on', () => {
    expect(found(inflatedScore, covid(0.0999, 0.6))[0].severity).toBe('error');
    expect(found(inflatedScore, covid(0.1, 0.6))[0].severity).toBe('warning');
  });

  it('takes the batch convention where that is the higher one', () => {
    expect(found(inflatedScore, covid(0.3, 0.35, 0.6))).toMatchObject([
      {
        value: 0.3,
        message: 'IoU 0.6000 of covid (batchSmoothed) is made of 50 empty images of 100; without them 0.3000',
      },
    ]);
  });

  it('is silent at the limit, without empty images and without scores', () => {
    expect(found(inflatedScore, covid(0.5, 0.6))).toEqual([]);
    expect(found(inflatedScore, covid(0.5, 0.6001))).toHaveLength(1);
    expect(found(inflatedScore, covid(0.2, 0.6, 0.2, 0))).toEqual([]);
    expect(found(inflatedScore, { ...covid(0, 0.5), scored: 0 })).toEqual([]);
  });

  it('never looks at background', () => {
    const iou = scores(0, { imageMeanSmoothed: 1 });
    expect(found(inflatedScore, summary(FOUND, { background: { iou } }))).toEqual([]);
  });
});

describe('M002 a class that never reached the evaluation', () => {
  const message = (
    path: { raw: number; encoded: number; resized: number | null; batch: number },
    dataset = xrays(),
  ) => {
    const [first] = found(unevaluatedClass, summary(NO_COVID_TRUTH, { covid: { path } }), dataset);
    expect(first).toMatchObject({ rule: 'M002', class: 'covid', value: 0 });
    return first.message;
  };

  it('says at which step the pixels were lost', () => {
    const start = 'covid never reached the evaluation: 0 pixels in 100 scored images; ';
    expect(message({ raw: 12_345, encoded: 0, resized: null, batch: 0 })).toBe(
      `${start}lost when the masks were encoded (pixels: raw 12,345, encoded 0, batch 0)`,
    );
    expect(message({ raw: 9, encoded: 9, resized: 0, batch: 0 })).toBe(
      `${start}lost in the resize to the model's input (pixels: raw 9, encoded 9, resized 0, batch 0)`,
    );
    expect(message({ raw: 9, encoded: 8, resized: 2, batch: 0 })).toBe(
      `${start}no image that has it was scored (pixels: raw 9, encoded 8, resized 2, batch 0)`,
    );
    expect(message({ raw: 0, encoded: 0, resized: null, batch: 0 })).toBe(
      `${start}the dataset has none (0 pixels raw)`,
    );
  });

  it('says that the layout paints none', () => {
    const given = summary([...FOUND.slice(0, 3), [0, 0, 0, 0]]);
    expect(found(unevaluatedClass, given, xrays({ nonCovid: 'none' }))[0].message).toContain(
      'the layout paints none (nonCovid is none)',
    );
  });

  it('is silent where one pixel reached it, for background, and without scores', () => {
    expect(found(unevaluatedClass, summary([FOUND[0], FOUND[1], [0, 0, 0, 1], FOUND[3]]))).toEqual([]);
    expect(found(unevaluatedClass, summary([[0, 0, 0, 0], ...FOUND.slice(1)]))).toEqual([]);
    expect(found(unevaluatedClass, summary(NO_COVID_TRUTH, {}, { scored: 0 }))).toEqual([]);
  });
});

describe('M003 never predicted', () => {
  it('fires where the class is there and no prediction has it', () => {
    const given = summary(NO_COVID_PREDICTED, { covid: { outcomes: { hit: 0, miss: 12 } } });
    expect(found(neverPredicted, given)).toEqual([
      {
        rule: 'M003',
        class: 'covid',
        value: 0,
        message: 'covid is never predicted: 0 pixels, for 500 annotated pixels in 12 scored images',
      },
    ]);
  });

  it('is silent where one pixel is predicted, where there is nothing to find, and without scores', () => {
    expect(found(neverPredicted, summary([[6999, 0, 1, 0], ...NO_COVID_PREDICTED.slice(1)]))).toEqual([]);
    const neither = NO_COVID_TRUTH.map((row) => row.map((pixels, c) => (c === 2 ? 0 : pixels)));
    expect(found(neverPredicted, summary(neither))).toEqual([]);
    expect(found(neverPredicted, summary(NO_COVID_PREDICTED, {}, { scored: 0 }))).toEqual([]);
  });
});

describe('M004 conventions disagree', () => {
  const spread = (low: number) =>
    summary(FOUND, { covid: { iou: scores(0.5, { absentAsZero: low, imageMeanTruth: null }) } });

  it('shows the table and who reports which', () => {
    expect(found(conventionsDisagree, spread(0.25))).toEqual([
      {
        rule: 'M004',
        class: 'covid',
        value: 0.25,
        message:
          'IoU of covid depends on the convention: pooled 0.5000 (FiftyOne, Cityscapes), imageMean 0.5000 (nnU-Net), ' +
          'imageMeanTruth undefined (MONAI), imageMeanSmoothed 0.5000 (Keras notebooks), batchSmoothed 0.5000 ' +
          '(segmentation_models), absentAsZero 0.2500 (medpy); compare only with figures made the same way',
      },
    ]);
  });

  it('is silent at the limit, where all agree and where none is defined', () => {
    expect(found(conventionsDisagree, spread(0.4))).toEqual([]);
    expect(found(conventionsDisagree, spread(0.399))).toHaveLength(1);
    expect(found(conventionsDisagree, summary(FOUND))).toEqual([]);
    expect(found(conventionsDisagree, summary(FOUND, { covid: { iou: scores(null) } }))).toEqual([]);
    expect(found(conventionsDisagree, { ...spread(0), scored: 0 })).toEqual([]);
  });
});

describe('M005 accuracy of doing nothing', () => {
  const silent = (right: number) => [
    [8000, 0, 0, 0],
    [1000 - right, right, 0, 0],
    [500, 0, 0, 0],
    [500, 0, 0, 0],
  ];

  it('fires at the share of background, not above', () => {
    expect(found(uselessAccuracy, summary(silent(0)))).toEqual([
      {
        rule: 'M005',
        value: 0.8,
        message: 'accuracy 0.8000 is no better than answering background everywhere (0.8000)',
      },
    ]);
    expect(found(uselessAccuracy, summary(silent(1)))).toEqual([]);
  });

  it('is silent without scores', () => {
    expect(found(uselessAccuracy, summary(silent(0), {}, { scored: 0 }))).toEqual([]);
    expect(found(uselessAccuracy, summary(silent(0), {}, { accuracy: null }))).toEqual([]);
  });
});

describe('M006 few positive images', () => {
  const positives = (hit: number, miss: number, disjoint: number) =>
    summary(FOUND, {
      covid: {
        outcomes: { hit, miss, disjoint, false_alarm: 40 },
        confidence95: { pooledIou: null, sensitivity: [0.3589, 0.91779] },
      },
    });

  it('fires below the threshold, with the interval', () => {
    expect(found(fewPositives, positives(5, 1, 1))).toEqual([
      {
        rule: 'M006',
        class: 'covid',
        value: 7,
        message: '7 scored images have covid, fewer than 20: 5 hit, 95 % interval 0.3589 to 0.9178',
      },
    ]);
    expect(found(fewPositives, positives(1, 0, 0))[0].message).toContain('1 scored image has covid, fewer than 20');
  });

  it('is silent at the threshold, without positives (M002) and without scores', () => {
    expect(found(fewPositives, positives(18, 1, 0))).toHaveLength(1);
    expect(found(fewPositives, positives(18, 1, 1))).toEqual([]);
    expect(found(fewPositives, positives(0, 0, 0))).toEqual([]);
    expect(found(fewPositives, { ...positives(1, 0, 0), scored: 0 })).toEqual([]);
  });
});

describe('M007 one class everywhere', () => {
  const columns = (c: number) => FOUND.map((row) => row.map((_, k) => (k === c ? row.reduce((a, b) => a + b) : 0)));

  it('names the class and what the annotation has', () => {
    expect(found(oneClass, summary(columns(0)))).toEqual([
      {
        rule: 'M007',
        value: 100,
        message:
          'every one of 10,000 pixels predicted in 100 images is background; the annotation has background, lung, covid, non-covid',
      },
    ]);
    expect(found(oneClass, summary(columns(2)))[0].message).toContain('is covid; the annotation has');
  });

  it('is silent for two classes, where the annotation has one alone, and without scores', () => {
    const [first, ...others] = columns(0);
    expect(found(oneClass, summary([[first[0] - 1, 1, 0, 0], ...others]))).toEqual([]);
    expect(found(oneClass, summary([[0, 10, 0, 0], ...others.map(() => [0, 0, 0, 0])]))).toEqual([]);
    expect(found(oneClass, summary(columns(0), {}, { scored: 0 }))).toEqual([]);
  });
});
