import { describe, expect, it } from 'vitest';
import { absentClass } from '../../../src/pipeline/checks/b001-absent-class.js';
import { imbalance } from '../../../src/pipeline/checks/b002-imbalance.js';
import { unevenSplits } from '../../../src/pipeline/checks/b003-uneven-splits.js';
import { missingMask } from '../../../src/pipeline/checks/d001-missing-mask.js';
import { unreadableFile } from '../../../src/pipeline/checks/d003-unreadable-file.js';
import { contradictingDuplicate } from '../../../src/pipeline/checks/d009-contradicting-duplicate.js';
import { explainRules, titlesOf } from '../../../src/pipeline/checks/explain.js';
import { unevaluatedClass } from '../../../src/pipeline/checks/m002-unevaluated-class.js';
import { neverPredicted } from '../../../src/pipeline/checks/m003-never-predicted.js';
import { uselessAccuracy } from '../../../src/pipeline/checks/m005-useless-accuracy.js';
import { fewPositives } from '../../../src/pipeline/checks/m006-few-positives.js';
import { oneClass } from '../../../src/pipeline/checks/m007-one-class.js';
import { missedClass } from '../../../src/pipeline/checks/p001-missed-class.js';
import { falseAlarm } from '../../../src/pipeline/checks/p002-false-alarm.js';
import { confusedClass } from '../../../src/pipeline/checks/p004-confused-class.js';
import { predictionOutside } from '../../../src/pipeline/checks/p005-prediction-outside.js';
import { missingPrediction } from '../../../src/pipeline/checks/p007-missing-prediction.js';
import { RULES } from '../../../src/pipeline/checks/registry.js';
import type { ImageRule, ScoreRule } from '../../../src/pipeline/checks/rule.js';
import { rulesFor } from '../../../src/pipeline/checks/select.js';
import { imageLevel } from '../../../src/pipeline/dataset/image-level.js';
import type { ImageFacts } from '../../../src/pipeline/facts.js';
import { startSummary } from '../../../src/pipeline/metrics/summary.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { facts, file, judged, labels, limits, prediction, record, sample, xrays } from './given.js';

const DATASET = imageLevel(xrays(), null);
const [HEALTHY, COVID, NON_COVID] = [0, 1, 2];
const SOURCES = ['Normal', 'COVID-19', 'Non-COVID'];

const oneHot = (length: number, at: number) => Array.from({ length }, (_, i) => Number(i === at));

/** What is kept of an image of a class that is told to be of a class. */
function told(label: number, predicted: number | null, changes: Partial<ImageRecord> = {}): ImageRecord {
  return record({
    source: SOURCES[label],
    truth: oneHot(3, label),
    confusion: predicted === null ? null : oneHot(9, 3 * label + predicted),
    status: predicted === null ? 'unscored' : 'scored',
    ...changes,
  });
}

const times = (count: number, ...given: Parameters<typeof told>) => Array.from({ length: count }, () => told(...given));

/** What a rule about one image says of it. */
function said(rule: ImageRule, label: number, predicted: number, changes: Partial<ImageFacts> = {}) {
  const given = { dataset: DATASET, truth: oneHot(3, label), confusion: oneHot(9, 3 * label + predicted) };
  return [...rule.check(facts({ ...given, maxProbability: [0.2, 0.1, 0.7], ...changes }))];
}

/** What a rule about the scores says of a set. */
function found(rule: ScoreRule, records: readonly ImageRecord[], dataset = DATASET) {
  const figures = startSummary({ dataset, metricBatch: 32, seed: 0 });
  for (const one of records) figures.add(one);
  return [...rule.check({ schema: 1, complete: true, ...figures.finish(), findings: {} }, dataset)];
}

describe('which rules there are', () => {
  it('those that say so, each once', () => {
    const codes = rulesFor(DATASET, RULES).map(({ code }) => code);
    expect(codes).toEqual([
      ...['D001', 'D003', 'D006', 'D007', 'D008', 'D009', 'D010', 'D011', 'B001', 'B002', 'B003'],
      ...['M002', 'M003', 'M005', 'M006', 'M007', 'P001', 'P002', 'P004', 'P005', 'P007', 'P008'],
    ]);
  });
  it('all but those of a training where pixels have the classes', () => {
    expect(rulesFor(xrays(), RULES)).toEqual(RULES.filter(({ scope }) => scope !== 'training'));
  });
  it('none of them speaks of pixels to people, in titles and on its page', () => {
    const titles = titlesOf(true);
    for (const { code, ofImages } of rulesFor(DATASET, RULES)) {
      expect(`${code} ${titles[code]} ${ofImages?.what}`).not.toMatch(/pixel/i);
    }
    expect(titlesOf(false).P001).toBe('A positive image with no predicted pixel of its class');
    expect(titles.L001).toBe(titlesOf(false).L001);
  });
  it('explain says both', () => {
    const lines = explainRules('P001').split('\n');
    expect(lines.indexOf('Of images as a whole')).toBeGreaterThan(lines.indexOf('What it compares'));
    expect(lines.indexOf('Of images as a whole')).toBeLessThan(lines.indexOf('Why it matters'));
    expect(explainRules('P003')).not.toContain('Of images as a whole');
  });
});

describe('the prediction of an image', () => {
  it('P001: a positive one that is told to be another', () => {
    const message = 'COVID-19, taken for Healthy; probability 0.1000';
    expect(said(missedClass, COVID, HEALTHY)).toEqual([{ rule: 'P001', class: 'covid', value: 0.1, message }]);
    expect(said(missedClass, COVID, NON_COVID)).toMatchObject([{ message: expect.stringContaining('for Non-COVID') }]);
    expect(said(missedClass, COVID, COVID)).toEqual([]);
    expect(said(missedClass, HEALTHY, COVID)).toEqual([]);
  });
  it('P001 without a probability of the class', () => {
    expect(said(missedClass, COVID, HEALTHY, { maxProbability: [0.5, null, 0.5] })).toEqual([
      { rule: 'P001', class: 'covid', value: null, message: 'COVID-19, taken for Healthy' },
    ]);
  });
  it('P002: one that is not of its class', () => {
    const message = 'told to be Non-COVID with probability 0.7000, is Healthy';
    expect(said(falseAlarm, HEALTHY, NON_COVID)).toEqual([{ rule: 'P002', class: 'non-covid', value: 0.7, message }]);
    expect(said(falseAlarm, COVID, HEALTHY)).toEqual([]);
    expect(said(falseAlarm, NON_COVID, NON_COVID)).toEqual([]);
  });
  it('P004: one class for another, where neither is class 0', () => {
    expect(said(confusedClass, COVID, NON_COVID)).toEqual([
      { rule: 'P004', class: 'covid', value: 1, message: 'covid is told to be non-covid' },
    ]);
    expect(said(confusedClass, NON_COVID, COVID)).toHaveLength(1);
    expect(said(confusedClass, COVID, HEALTHY)).toEqual([]);
    expect(said(confusedClass, HEALTHY, COVID)).toEqual([]);
  });
  it('P005: heat that is thinner in the lungs than elsewhere', () => {
    const lungShare = 0.25;
    const message =
      'told to be COVID-19, and 24 % of what speaks for it lies inside the lungs, which are 25 % of the picture';
    expect(said(predictionOutside, COVID, COVID, { heatInLungs: 0.24, lungShare })).toEqual([
      { rule: 'P005', class: 'covid', value: 0.24, message },
    ]);
    expect(said(predictionOutside, COVID, COVID, { heatInLungs: 0.25, lungShare })).toEqual([]);
    expect(said(predictionOutside, COVID, COVID, { heatInLungs: null, lungShare: null })).toEqual([]);
    const dataset = { ...DATASET, thresholds: limits({ heatDensity: 2 }) };
    expect(said(predictionOutside, COVID, COVID, { dataset, heatInLungs: 0.49, lungShare })).toHaveLength(1);
    expect(said(predictionOutside, COVID, COVID, { dataset, heatInLungs: 0.5, lungShare })).toEqual([]);
  });
  it('P007: no answer, or one that is none', () => {
    const faulty = (changes: Parameters<typeof prediction>[0]) =>
      said(missingPrediction, COVID, COVID, { prediction: prediction({ path: '', ...changes }) }).map((r) => r.message);
    expect(faulty({ state: 'missing' })).toEqual(['no prediction']);
    expect(faulty({ nonFinite: true })).toEqual(["the model's output holds NaN or infinities"]);
    expect(faulty({ sumError: 0.2 })).toEqual([
      'the probabilities of the image are 0.200 off from the sum 1 that a softmax has',
    ]);
    expect(faulty({})).toEqual([]);
  });
});

describe('the files', () => {
  const missing = (role: 'lung' | 'infection' | 'label') => sample({ missing: [role], unlabelled: true });
  it('D001: a label mask is needed, masks of an X-ray are not', () => {
    expect([...missingMask.check(facts({ dataset: DATASET, sample: missing('infection') }))]).toEqual([]);
    const dataset = imageLevel(labels(['a', 'b']), null);
    expect([...missingMask.check(facts({ dataset, sample: missing('label') }))]).toMatchObject([{ rule: 'D001' }]);
  });
  it('D003: what was opened and can’t be read', () => {
    const files = { image: file('image'), lung: file('lung', { state: 'unreadable', fault: 'cut short' }) };
    expect([...unreadableFile.check(facts({ dataset: DATASET, files }))]).toMatchObject([
      { rule: 'D003', message: "lung mask can't be read: cut short" },
    ]);
  });
  it('D009: one picture in the folders of two sources', () => {
    const hashes = { pixelHash: 'a'.repeat(16), perceptualHash: '0'.repeat(64) };
    const twice = (first: number, second: number) =>
      [first, second].map((label, i) =>
        told(label, label, { ...hashes, image: `${i}`, imagePath: `${i}.png`, truthHash: `${label}`.repeat(16) }),
      );
    expect(judged(contradictingDuplicate, twice(COVID, NON_COVID), DATASET)).toMatchObject([
      { rule: 'D009', message: 'same pixels as 0.png (train), and is of another class' },
    ]);
    expect(judged(contradictingDuplicate, twice(COVID, COVID), DATASET)).toEqual([]);
  });
});

describe('balance', () => {
  it('B001: a split without images of a class', () => {
    const records = [told(COVID, null), told(HEALTHY, null, { split: 'val' }), told(NON_COVID, null, { split: 'val' })];
    expect(judged(absentClass, records, DATASET).map(({ message }) => message)).toEqual([
      'none of 2 images of val is covid (1 in other splits)',
      'none of 1 image of train is non-covid (1 in other splits)',
    ]);
    const dataset = { ...DATASET, nonCovid: 'none' as const };
    expect(judged(absentClass, [told(COVID, null)], dataset)).toMatchObject([
      { class: 'non-covid', message: 'none of 1 image of the set is non-covid' },
    ]);
  });
  it('B002: by images', () => {
    const records = [...times(51, COVID, null), told(NON_COVID, null)];
    expect(judged(imbalance, records, DATASET)).toEqual([
      { rule: 'B002', class: 'non-covid', value: 51, message: 'covid has 51 times the images of non-covid (51 to 1)' },
    ]);
    expect(judged(imbalance, records.slice(1), DATASET)).toEqual([]);
  });
  it('B003: classes that sources do not explain', () => {
    const anySource = { source: '' };
    const records = [
      ...times(40, COVID, null, anySource),
      ...times(10, NON_COVID, null, anySource),
      ...times(10, COVID, null, { ...anySource, split: 'val' }),
      ...times(40, NON_COVID, null, { ...anySource, split: 'val' }),
    ];
    expect(judged(unevenSplits, records, DATASET).map(({ message }) => message)).toContain(
      'train has 80 % images of covid (whole set 50 %)',
    );
  });
});

describe('the scores', () => {
  it('M002: no scored image of a class', () => {
    const records = [...times(3, HEALTHY, HEALTHY), ...times(2, COVID, COVID), told(NON_COVID, null)];
    expect(found(unevaluatedClass, records)).toEqual([
      {
        rule: 'M002',
        class: 'non-covid',
        value: 0,
        message:
          'non-covid never reached the evaluation: none of 5 scored images is of it; 1 image of it could not be scored',
      },
    ]);
    const [{ message }] = found(unevaluatedClass, records.slice(0, 5));
    expect(message).toMatch(/none of 5 scored images is of it; the dataset has none$/);
    expect(found(unevaluatedClass, [...records, told(NON_COVID, HEALTHY)])).toEqual([]);
  });
  it('M003: a class that nothing is told to be', () => {
    const records = [...times(3, HEALTHY, HEALTHY), ...times(2, COVID, HEALTHY), told(NON_COVID, NON_COVID)];
    expect(found(neverPredicted, records)).toEqual([
      { rule: 'M003', class: 'covid', value: 0, message: 'covid is never predicted, and 2 scored images are of it' },
    ]);
    expect(found(neverPredicted, [...records, told(COVID, COVID)])).toEqual([]);
  });
  it('M005: no better than the most frequent class, whichever that is', () => {
    const records = [...times(6, COVID, COVID), ...times(2, HEALTHY, COVID), ...times(2, NON_COVID, COVID)];
    expect(found(uselessAccuracy, records)).toEqual([
      { rule: 'M005', value: 0.6, message: 'accuracy 0.6000 is no better than always answering covid (0.6000)' },
    ]);
    expect(found(uselessAccuracy, [...records, told(HEALTHY, HEALTHY)])).toEqual([]);
  });
  it('M006: few images of a class', () => {
    const records = [...times(19, COVID, COVID), ...times(30, HEALTHY, HEALTHY)];
    expect(found(fewPositives, records)).toMatchObject([
      {
        class: 'covid',
        value: 19,
        message: expect.stringMatching(/^19 scored images are covid, fewer than 20: 19 hit/),
      },
    ]);
    expect(found(fewPositives, [...records, told(COVID, HEALTHY)])).toEqual([]);
  });
  it('M007: one answer for all', () => {
    const records = [...times(3, COVID, COVID), told(HEALTHY, COVID)];
    expect(found(oneClass, records)).toEqual([
      { rule: 'M007', value: 4, message: 'every one of 4 scored images is told to be covid; they are healthy, covid' },
    ]);
    expect(found(oneClass, [...records, told(COVID, HEALTHY)])).toEqual([]);
    expect(found(oneClass, times(3, COVID, COVID))).toEqual([]);
  });
});
