import { describe, expect, it } from 'vitest';
import { absentClass } from '../../../src/pipeline/checks/b001-absent-class.js';
import { imbalance } from '../../../src/pipeline/checks/b002-imbalance.js';
import { unevenSplits } from '../../../src/pipeline/checks/b003-uneven-splits.js';
import { sharedBy } from '../../../src/pipeline/checks/shared.js';
import { startSplitTally } from '../../../src/pipeline/checks/split-tally.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { judged, labels, limits, record, xrays } from './given.js';

const times = (count: number, changes: Partial<ImageRecord>) => Array.from({ length: count }, () => record(changes));

describe('B001 absent class', () => {
  const covid = { truth: [7000, 2500, 500, 0] };
  const nonCovid = { truth: [7000, 0, 0, 3000], source: 'Non-COVID' };

  it('names the split that lacks a class', () => {
    const records = [
      record(covid),
      record(nonCovid),
      record({ ...nonCovid, split: 'val' }),
      record({ ...nonCovid, split: 'val' }),
    ];
    expect(judged(absentClass, records)).toEqual([
      {
        rule: 'B001',
        split: 'val',
        class: 'lung',
        value: 0,
        message: 'lung is in none of 2 readable annotations of val (1 in other splits)',
      },
      {
        rule: 'B001',
        split: 'val',
        class: 'covid',
        value: 0,
        message: 'covid is in none of 2 readable annotations of val (1 in other splits)',
      },
    ]);
  });

  it('names a class that no split has once', () => {
    expect(judged(absentClass, [record(covid), record({ ...covid, split: 'val' })])).toEqual([
      {
        rule: 'B001',
        class: 'non-covid',
        value: 0,
        message: 'non-covid is in none of 2 readable annotations of the set',
      },
    ]);
    const unpainted = judged(absentClass, [record(covid)], xrays({ nonCovid: 'none' }));
    expect(unpainted[0].message).toBe('non-covid is in none of 1 readable annotation of the set (nonCovid is none)');
  });

  it('does not judge splits without a readable annotation, and leaves lost classes to L003', () => {
    const whole = [record(covid), record(nonCovid)];
    expect(judged(absentClass, [...whole, record({ split: 'test', truth: null })])).toEqual([]);
    const lost = record({ split: 'test', truth: [7000, 3000, 0, 0], rawTruth: [7000, 2500, 500, 0] });
    expect(judged(absentClass, [...whole, lost]).map(({ class: key }) => key)).toEqual(['non-covid']);
    expect(judged(absentClass, [])).toEqual([]);
  });
});

describe('B002 imbalance', () => {
  it('fires above the threshold, not at it', () => {
    const records = [record({ truth: [51_000, 1000] }), record({ truth: [51_000, 0] })];
    expect(judged(imbalance, records, labels(['cell']))).toEqual([
      {
        rule: 'B002',
        class: 'cell',
        value: 102,
        message: 'background has 102 times the pixels of cell (102,000 to 1,000) and 2 times its images (2 to 1)',
      },
    ]);
    const at = labels(['cell'], { thresholds: limits({ imbalance: 102 }) });
    expect(judged(imbalance, records, at)).toEqual([]);
  });

  it('is silent about classes that never occur', () => {
    expect(judged(imbalance, [record({ truth: [10_000, 0] }), record({ truth: null })], labels(['cell']))).toEqual([]);
  });
});

describe('B003 uneven splits', () => {
  it('names the sources of a split that differ from the whole by more than the limit and chance', () => {
    // 100 of 200 in train, 10 of 100 in test: whole 110 of 300.
    const records = [
      ...times(100, { split: 'train', source: 'COVID-19' }),
      ...times(100, { split: 'train', source: 'Normal', truth: [7000, 3000, 0, 0] }),
      ...times(10, { split: 'test', source: 'COVID-19' }),
      ...times(90, { split: 'test', source: 'Normal', truth: [7000, 3000, 0, 0] }),
    ];
    expect(judged(unevenSplits, records)).toEqual([
      {
        rule: 'B003',
        split: 'train',
        value: expect.closeTo(100 / 200 - 110 / 300, 12),
        message: 'train has 50 % images of COVID-19 (whole set 36.67 %) and 50 % images of Normal (whole set 63.33 %)',
      },
      {
        rule: 'B003',
        split: 'test',
        value: expect.closeTo(110 / 300 - 0.1, 12),
        message: 'test has 10 % images of COVID-19 (whole set 36.67 %) and 90 % images of Normal (whole set 63.33 %)',
      },
    ]);
  });

  const cells = (trainWith: number, train: number, testWith: number, test: number) => [
    ...times(trainWith, { source: '', split: 'train', truth: [90, 10] }),
    ...times(train - trainWith, { source: '', split: 'train', truth: [100, 0] }),
    ...times(testWith, { source: '', split: 'test', truth: [90, 10] }),
    ...times(test - testWith, { source: '', split: 'test', truth: [100, 0] }),
  ];

  it('names classes where the sources agree', () => {
    expect(judged(unevenSplits, cells(100, 200, 10, 100), labels(['cell']))).toEqual([
      {
        rule: 'B003',
        split: 'train',
        class: 'cell',
        value: expect.closeTo(100 / 200 - 110 / 300, 12),
        message: 'train has 50 % images with cell (whole set 36.67 %)',
      },
      {
        rule: 'B003',
        split: 'test',
        class: 'cell',
        value: expect.closeTo(110 / 300 - 0.1, 12),
        message: 'test has 10 % images with cell (whole set 36.67 %)',
      },
    ]);
  });

  it('is silent at the limit, within chance and with one split', () => {
    // Shares 0.6 and 0.4 of equal splits: each differs from the whole by 0.1, and z = 0.2 / sqrt(0.25 * 2 / 250) = 4.47.
    const even = cells(150, 250, 100, 250);
    expect(judged(unevenSplits, even, labels(['cell'], { thresholds: limits({ shareDifference: 0.1001 }) }))).toEqual(
      [],
    );
    expect(
      judged(unevenSplits, even, labels(['cell'], { thresholds: limits({ shareDifference: 0.0999 }) })),
    ).toHaveLength(2);
    // 6 of 10 against 2 of 10: z = 0.4 / sqrt(0.24 * 0.2) = 1.83; 12 of 20 against 4 of 20: z = 0.4 / sqrt(0.024) = 2.58199.
    expect(judged(unevenSplits, cells(6, 10, 2, 10), labels(['cell']))).toEqual([]);
    // 11 of 20 against 4 of 20: z = 0.35 / sqrt(0.234375 * 0.1) = 2.286.
    expect(judged(unevenSplits, cells(11, 20, 4, 20), labels(['cell']))).toEqual([]);
    expect(judged(unevenSplits, cells(12, 20, 4, 20), labels(['cell']))).toHaveLength(2);
    expect(judged(unevenSplits, times(30, {}))).toEqual([]);
  });
});

describe('what the three rules share', () => {
  it('counts each record once', () => {
    const dataset = labels(['cell']);
    const shared = sharedBy(dataset);
    expect(shared(startSplitTally)).toBe(shared(startSplitTally));
    const rules = [absentClass, imbalance, unevenSplits].map((rule) => rule.start(dataset, shared));
    const records = [record({ truth: [10_000, 0] }), record({ truth: [9900, 100], split: 'val' })];
    for (const item of records) for (const rule of rules) rule.add(item);
    expect(rules.flatMap((rule) => [...rule.finish()]).map(({ message }) => message)).toEqual([
      'cell is in none of 1 readable annotation of train (1 in other splits)',
      'background has 199 times the pixels of cell (19,900 to 100) and 2 times its images (2 to 1)',
    ]);
  });
});
