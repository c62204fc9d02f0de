import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/pipeline/checks/registry.js';
import type { TrainingRule } from '../../../src/pipeline/checks/rule.js';
import { selectRules, trainingRulesFor } from '../../../src/pipeline/checks/select.js';
import { lossNotFinite } from '../../../src/pipeline/checks/t001-loss-not-finite.js';
import { unseenClass } from '../../../src/pipeline/checks/t002-unseen-class.js';
import { validationGap } from '../../../src/pipeline/checks/t003-validation-gap.js';
import { emptyMaskScore } from '../../../src/pipeline/checks/t004-empty-mask-score.js';
import { plateau } from '../../../src/pipeline/checks/t005-plateau.js';
import { startTrainingRules } from '../../../src/pipeline/checks/training-rules.js';
import { imageLevel } from '../../../src/pipeline/dataset/image-level.js';
import { type EpochLog, monitored, monitorOf } from '../../../src/pipeline/training/history.js';
import { madeClass, madeEpoch, madeSplit } from '../training/made-history.js';
import { limits, xrays } from './given.js';

const IMAGES = imageLevel(xrays(), null);

const MONITOR = monitorOf('val_mean_dice', 'segmentation', []);

/** What a rule says when the last of these epochs ends. */
function said(rule: TrainingRule, history: EpochLog[], dataset = xrays()) {
  const monitor = { ...MONITOR, values: monitored(history, MONITOR) };
  return [...rule.checkEpoch({ dataset, history, monitor })];
}

/** The epochs at whose end it speaks. */
const speaksIn = (rule: TrainingRule, history: EpochLog[], dataset = xrays()) =>
  history.flatMap(({ epoch }, i) => (said(rule, history.slice(0, i + 1), dataset).length > 0 ? [epoch] : []));

describe('T001', () => {
  const step = { epoch: 2, step: 7, loss: 0.3, gradientNorm: 1, learningRate: 0.01 };
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('fires on a loss of %d, in its step', (loss) => {
    expect([...lossNotFinite.checkStep!({ ...step, loss })]).toEqual([
      { rule: 'T001', split: 'train', message: `the loss is ${loss} in epoch 2, step 7 (learning rate 0.01)` },
    ]);
  });
  it('fires on gradients that are not finite under a loss that is', () => {
    const [{ message }] = [...lossNotFinite.checkStep!({ ...step, gradientNorm: Number.NaN })];
    expect(message).toContain("the gradients' norm is NaN in epoch 2, step 7");
  });
  it('fires on the loss of a validation', () => {
    const val = madeSplit([], { loss: Number.NaN });
    expect(said(lossNotFinite, [madeEpoch(1, 0.5, val)])).toMatchObject([{ rule: 'T001', split: 'val' }]);
  });
  it('is quiet on a huge loss, and one that is not there', () => {
    expect([...lossNotFinite.checkStep!({ ...step, loss: 1e30, gradientNorm: 1e30 })]).toEqual([]);
    expect(said(lossNotFinite, [madeEpoch(1, 0.5, madeSplit([], { loss: null }))])).toEqual([]);
  });
});

describe('T002', () => {
  const train = (pixels: number) =>
    madeSplit([madeClass('lung', 0.5), madeClass('covid', 0.5, { truthPixels: pixels })]);
  it('fires on a class without a pixel in the examples of an epoch', () => {
    expect(said(unseenClass, [madeEpoch(3, train(0), 0.5)])).toEqual([
      {
        ...{ rule: 'T002', split: 'train', class: 'covid', value: 0 },
        message: 'covid was in none of 10 examples of epoch 3',
      },
    ]);
  });
  it('fires when it begins, and once more when the class had come back', () => {
    const history = [5, 0, 0, 2, 0].map((pixels, i) => madeEpoch(i + 1, train(pixels), 0.5));
    expect(speaksIn(unseenClass, history)).toEqual([2, 5]);
  });
  it('is quiet on a single pixel, on background, and on validation without the class', () => {
    expect(said(unseenClass, [madeEpoch(1, train(1), train(0))])).toEqual([]);
    const noBackground = madeSplit([madeClass('lung', 1)]);
    noBackground.classes[0].truthPixels = 0;
    expect(said(unseenClass, [madeEpoch(1, noBackground, madeSplit([madeClass('lung', 1)]))])).toEqual([]);
  });
});

describe('T003', () => {
  it('fires on a mean Dice of training that is 0.21 above validation', () => {
    expect(said(validationGap, [madeEpoch(4, 0.9, 0.69)])).toEqual([
      {
        ...{ rule: 'T003', split: 'val', value: expect.closeTo(0.21, 9) },
        message: 'mean Dice 0.9000 on the training examples and 0.6900 in validation in epoch 4: 0.21 apart',
      },
    ]);
  });
  it('fires when it begins, and again when they had come near in between; a little nearer is noise', () => {
    const history = [0.3, 0.5, 0.11, 0.4, 0.05, 0.19, 0.4].map((gap, i) => madeEpoch(i + 1, 0.6, 0.6 - gap));
    expect(speaksIn(validationGap, history)).toEqual([1, 7]);
  });
  it('is quiet at the threshold, where validation is better, and where nothing is defined', () => {
    expect(
      said(validationGap, [madeEpoch(1, 0.75, 0.55)], xrays({ thresholds: limits({ trainingGap: 0.75 - 0.55 }) })),
    ).toEqual([]);
    expect(said(validationGap, [madeEpoch(1, 0.2, 0.9)])).toEqual([]);
    expect(said(validationGap, [madeEpoch(1, 0.9, madeSplit([]))])).toEqual([]);
  });
});

describe('T004', () => {
  const val = (...covid: Parameters<typeof madeClass> extends [string, ...infer Rest] ? Rest : never) =>
    madeSplit([madeClass('lung', 0.8), madeClass('covid', ...covid)]);
  it('fires in epoch 1 on an IoU of 1 that no pixel of the class made', () => {
    const empty = val(null, { smoothed: 1, truthImages: 0, truthPixels: 0, predictedPixels: 0, emptyPerfect: 10 });
    expect(said(emptyMaskScore, [madeEpoch(1, 0.1, empty)])).toEqual([
      {
        ...{ rule: 'T004', split: 'val', class: 'covid', value: 1 },
        message:
          'the smoothed IoU 1.0000 of covid in epoch 1 is made of 10 empty images of 10; it is undefined: no pixel of it was there',
      },
    ]);
  });
  it('fires where a few positive images are missed among very many empty ones', () => {
    const [report] = said(emptyMaskScore, [madeEpoch(1, 0.1, val(0.02, { smoothed: 0.9951, emptyPerfect: 995 }))]);
    expect(report.message).toContain('995 empty images of 10; its pixels make 0.0200');
  });
  it('fires when it begins', () => {
    const [made, not] = [val(0, { smoothed: 0.999 }), val(0, { smoothed: 0.9 })];
    const history = [not, made, made, not, made].map((split, i) => madeEpoch(i + 1, 0.5, split));
    expect(speaksIn(emptyMaskScore, history)).toEqual([2, 5]);
  });
  it('is quiet on a score that rounds to 0.99, on one that pixels made, and where no image is empty', () => {
    const quiet = [
      val(0, { smoothed: 0.9949 }),
      val(0.1, { smoothed: 0.999 }),
      val(0.05, { smoothed: 0.999, emptyPerfect: 0 }),
    ];
    for (const split of quiet) expect(said(emptyMaskScore, [madeEpoch(1, 0.5, split)])).toEqual([]);
  });
});

describe('T005', () => {
  const dataset = xrays({ thresholds: limits({ plateauEpochs: 3, plateauGain: 0.01 }) });
  const history = (...values: number[]) => values.map((value, i) => madeEpoch(i + 1, 0.9, value));
  it('fires when so many epochs gained nothing, once', () => {
    const flat = history(0.5, 0.6, 0.605, 0.59, 0.6, 0.6, 0.6);
    expect(speaksIn(plateau, flat, dataset)).toEqual([5]);
    expect(said(plateau, flat.slice(0, 5), dataset)).toEqual([
      {
        ...{ rule: 'T005', split: 'val', value: 0.6 },
        message: 'val_mean_dice has not been bettered by more than 0.01 in 3 epochs: 0.6000 in epoch 2',
      },
    ]);
  });
  it('is quiet where the last of them gains, and where the figure is never defined', () => {
    expect(speaksIn(plateau, history(0.5, 0.5, 0.5, 0.52, 0.5, 0.5, 0.54), dataset)).toEqual([]);
    const undefinedAlways = [1, 2, 3, 4, 5].map((epoch) => madeEpoch(epoch, 0.5, madeSplit([])));
    expect(speaksIn(plateau, undefinedAlways, dataset)).toEqual([]);
  });
});

describe('the rules of a training', () => {
  it('are those of family T, and this file has cases of each', () => {
    const codes = RULES.filter(({ scope }) => scope === 'training').map(({ code }) => code);
    expect(codes).toEqual(['T001', 'T002', 'T003', 'T004', 'T005']);
  });

  it('give findings with the severity that the configuration sets, about the chosen classes', () => {
    const unseen = madeEpoch(
      1,
      madeSplit([madeClass('lung', 0.5, { truthPixels: 0 }), madeClass('covid', 0.5, { truthPixels: 0 })]),
      0.5,
    );
    const rules = startTrainingRules({ rules: RULES, severity: { T002: 'error' }, classes: ['covid'] });
    const monitor = { ...MONITOR, values: monitored([unseen], MONITOR) };
    expect(rules.epoch({ dataset: xrays(), history: [unseen], monitor })).toEqual([
      expect.objectContaining({ rule: 'T002', severity: 'error', class: 'covid', image: '', split: 'train' }),
    ]);
    expect(rules.step({ epoch: 1, step: 1, loss: Number.NaN, gradientNorm: 1, learningRate: 1 })).toHaveLength(1);
  });
});

describe('of a classifier', () => {
  /** Healthy, covid and non-covid, by the F1 of each and how many images of it were seen. */
  const pass = (f1: number, seen = [4, 4, 2]) => {
    const of = (key: string, c: number) => madeClass(key, f1, { truthPixels: seen[c], truthImages: seen[c] });
    return madeSplit(
      ['healthy', 'covid', 'non-covid'].slice(1).map((key, c) => of(key, c + 1)),
      {
        classes: ['healthy', 'covid', 'non-covid'].map(of),
      },
    );
  };

  it('T002 speaks of every class, that of index 0 too', () => {
    const found = said(unseenClass, [madeEpoch(1, pass(0.5, [0, 4, 0]), pass(0.5))], IMAGES);
    expect(found.map((report) => report.class)).toEqual(['healthy', 'non-covid']);
    expect(found[0].message).toBe('healthy was in none of 10 examples of epoch 1');
  });

  it('T003 speaks of F1', () => {
    const [{ message }] = said(validationGap, [madeEpoch(1, pass(0.9), pass(0.5))], IMAGES);
    expect(message).toBe('mean F1 0.9000 on the training examples and 0.5000 in validation in epoch 1: 0.4 apart');
  });

  it('T004 is not asked: there is no mask', () => {
    const codes = (dataset = xrays()) => trainingRulesFor(dataset, selectRules(null, [])).map(({ code }) => code);
    expect(codes()).toEqual(['T001', 'T002', 'T003', 'T004', 'T005']);
    expect(codes(IMAGES)).toEqual(['T001', 'T002', 'T003', 'T005']);
  });
});
