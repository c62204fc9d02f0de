import { describe, expect, it } from 'vitest';
import { createGroupSums } from '../../../src/ui/screen/group-sums.js';
import { madeRecord, RECORDS } from './made-run.js';

/** Of lung (never there) and covid. */
const sums = (records = RECORDS) => {
  const groups = createGroupSums([{ index: 1 }, { index: 2 }]);
  for (const record of records) groups.add(record);
  return groups.all();
};

describe('splits and sources', () => {
  it('are summed by class, splits first, each as they came', () => {
    const all = sums();
    expect(all.map(({ kind, name, images }) => [kind, name, images])).toEqual([
      ['split', 'test', 2],
      ['split', 'train', 2],
      ['source', 'COVID-19', 2],
      ['source', 'Normal', 2],
    ]);
    // test: 6 of 10 pixels meet in a, none of 12 in b.
    expect(all[0].classes[1]).toMatchObject({ truthPixels: 20, truthImages: 2, tp: 6, fp: 2, fn: 14 });
    expect(all[0].classes[1].outcomes).toMatchObject({ hit: 1, miss: 1, empty: 0 });
    expect(all[1].classes[1].outcomes).toMatchObject({ hit: 0, empty: 1, false_alarm: 1 });
    expect(all[0].classes[0].outcomes.empty).toBe(2);
    expect(all[0].pixels).toBe(200);
  });

  it('count an image that was not scored, and nothing of an annotation that could not be read', () => {
    const [test] = sums([...RECORDS, madeRecord('test/e', [0, 0, 0], { truth: null, confusion: null })]);
    expect(test).toMatchObject({ images: 3, pixels: 200 });
    expect(test.classes[1].outcomes).toMatchObject({ hit: 1, miss: 1, unscored: 1 });
  });

  it('are left out where there is one alone, or none', () => {
    expect(sums([madeRecord('a', [1, 0, 0])])).toEqual([]);
    expect(sums(RECORDS.map((record) => ({ ...record, split: '' }))).map(({ kind }) => kind)).toEqual([
      'source',
      'source',
    ]);
  });
});
