import { describe, expect, it } from 'vitest';
import { createFindingTable } from '../../../src/ui/screen/finding-table.js';
import { createImageTable } from '../../../src/ui/screen/image-table.js';
import { NO_FILTER, selectFindings, selectImages } from '../../../src/ui/screen/selection.js';
import { CLASSES, madeFinding, madeRecord, RECORDS } from './made-run.js';

const table = () => {
  const images = createImageTable(CLASSES.slice(1));
  images.append(RECORDS);
  return images;
};
const COVID = 1;
const rows = (selection: { size: number; at(place: number): number }) =>
  Array.from({ length: selection.size }, (_, place) => selection.at(place));
const query = { filter: NO_FILTER, sort: 'order', descending: false, focus: COVID } as const;

describe('the table of images', () => {
  it('has what a record says, undefined as null', () => {
    const images = table();
    expect([0, 1, 2, 3].map((row) => images.outcome(row, COVID))).toEqual(['hit', 'miss', 'empty', 'false_alarm']);
    expect([0, 1, 2, 3].map((row) => images.iou(row, COVID))).toEqual([0.6, 0, null, 0]);
    expect([0, 1, 2, 3].map((row) => images.truth(row, COVID))).toEqual([8, 12, 0, 0]);
    expect([0, 1, 2, 3].map((row) => images.predicted(row, COVID))).toEqual([8, 0, 0, 5]);
    expect([0, 3].map((row) => images.probability(row, COVID))).toEqual([null, 0.75]);
    expect(images.rulesOf(1)).toEqual(['P001']);
  });

  it('knows nothing of an unreadable image but its name', () => {
    const images = createImageTable(CLASSES.slice(1));
    images.append([madeRecord('x', [0, 0, 0], { status: 'unreadable', truth: null, confusion: null })]);
    expect([images.truth(0, 0), images.predicted(0, 0), images.iou(0, 0)]).toEqual([null, null, null]);
    expect([images.status(0), images.outcome(0, 0)]).toEqual(['unreadable', 'unscored']);
  });

  it('keeps 40,000 rows apart, and late findings with theirs', () => {
    const images = createImageTable(CLASSES.slice(1));
    for (let i = 0; i < 40; i++) {
      images.append(Array.from({ length: 1000 }, (_, j) => madeRecord(`i${i * 1000 + j}`, [i, j % 50, 1])));
    }
    images.addRule('i39999', 'D007');
    expect(images.size).toBe(40_000);
    expect(images.overlap(39_999, COVID)).toEqual({ tp: 39, fp: 49, fn: 1 });
    expect([images.hasRule(39_999, 'D007'), images.hasRule(39_998, 'D007')]).toEqual([true, false]);
    expect(images.rowOf('i12345')).toBe(12_345);
  });

  it('tells more than 32 rules apart', () => {
    const images = table();
    for (let n = 0; n < 60; n++) images.addRule('train/d', `R${n}`);
    expect(images.rulesOf(3)).toHaveLength(60);
    expect(images.hasRule(3, 'R45')).toBe(true);
    expect(images.hasRule(0, 'R45')).toBe(false);
  });
});

describe('what a list shows', () => {
  it('is everything in its order where nothing is asked for', () => {
    expect(rows(selectImages(table(), query))).toEqual([0, 1, 2, 3]);
  });

  it.each([
    [{ split: 'train' }, [2, 3]],
    [{ source: 'COVID-19' }, [0, 1]],
    [{ outcome: 'miss' }, [1]],
    [{ outcome: 'failure' }, [1, 3]],
    [{ rule: 'P001' }, [1]],
    [{ rule: 'P999' }, []],
    [{ text: 'TRAIN/D' }, [3]],
    [{ split: 'test', outcome: 'hit' }, [0]],
  ] as const)('is narrowed by %j', (filter, expected) => {
    expect(rows(selectImages(table(), { ...query, filter: { ...NO_FILTER, ...filter } }))).toEqual(expected);
  });

  it('counts a hit below the threshold as a failure', () => {
    const filter = { ...NO_FILTER, outcome: 'failure' } as const;
    expect(rows(selectImages(table(), { ...query, filter, iouBelow: 0.61 }))).toEqual([0, 1, 3]);
  });

  it('is sorted with undefined values last in both directions, equal ones in their order', () => {
    const sorted = (sort: 'iou' | 'truth' | 'probability', descending: boolean) =>
      rows(selectImages(table(), { ...query, sort, descending }));
    expect(sorted('iou', false)).toEqual([1, 3, 0, 2]);
    expect(sorted('iou', true)).toEqual([0, 1, 3, 2]);
    expect(sorted('truth', true)).toEqual([1, 0, 2, 3]);
    expect(sorted('probability', true)).toEqual([3, 0, 1, 2]);
  });

  it('are findings by severity, class and words', () => {
    const findings = createFindingTable();
    findings.append(madeFinding({ rule: 'L009', severity: 'info', class: 'lung', image: '', message: 'a whole lung' }));
    findings.append(madeFinding());
    findings.append(madeFinding({ rule: 'P002', severity: 'warning', image: 'train/d', message: '5 px' }));
    const of = (filter: object, sort: 'order' | 'severity' = 'order') =>
      rows(selectFindings(findings, { filter: { ...NO_FILTER, ...filter }, sort, descending: false }));
    expect(of({}, 'severity')).toEqual([1, 2, 0]);
    expect(of({ class: 'lung' })).toEqual([0]);
    expect(of({ severity: 'warning' })).toEqual([2]);
    expect(of({ text: 'Whole' })).toEqual([0]);
    expect(of({ text: 'train/' })).toEqual([2]);
    expect(findings.about('test/b').map(({ rule }) => rule)).toEqual(['P001']);
  });
});
