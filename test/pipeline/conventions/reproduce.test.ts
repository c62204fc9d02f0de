import { describe, expect, it } from 'vitest';
import { type GroupName, readCounts } from '../../../src/pipeline/conventions/count-table.js';
import { parseReported } from '../../../src/pipeline/conventions/reported.js';
import { reproduce, together } from '../../../src/pipeline/conventions/reproduce.js';
import { waysOf } from '../../../src/pipeline/conventions/ways.js';
import { type OracleImage, oracleScores } from '../metrics/oracle.js';
import { recordOf, specsOf } from '../metrics/records.js';
import { randomImages } from './made-run.js';

const CLASSES = specsOf(['background', 'lung', 'covid']);
const images = randomImages('reproduce', 90);
const table = readCounts(
  images.map((image) => recordOf(image, 3)),
  3,
);
const figure = (text: string) => parseReported(text, CLASSES);
const scored = images.filter(({ truth, predicted }) => truth !== null && predicted !== null);
const inGroup = ({ split, source }: GroupName): OracleImage[] =>
  scored.filter((image) => (split ?? image.split) === image.split && (source ?? image.source) === image.source);

describe('every way to make a figure', () => {
  it('is tried: all images, 3 splits, 2 sources, and each split of each source', () => {
    const groups = table.groups.map(({ split, source, rows }) => `${split} ${source} ${rows.length}`);
    expect(groups).toHaveLength(1 + 3 + 2 + 6);
    expect(groups[0]).toBe(`null null ${scored.length}`);
  });
  it('but once: a run of one split and one source is one group', () => {
    const one = images.map((image) => ({ ...recordOf(image, 3), split: 'test', source: '' }));
    expect(readCounts(one, 3).groups.map(({ split, source }) => ({ split, source }))).toEqual([
      { split: null, source: null },
    ]);
  });

  it.each(['iou', 'dice'] as const)('has the %s that the pixels have, of a class', (measure) => {
    const seen = new Set<string>();
    for (const way of waysOf(figure(`covid.${measure}=0.5`), table, CLASSES)) {
      const expected = oracleScores(inGroup(way), 2, measure, way.batch ?? 1)[way.convention];
      expect(way.value).toBeCloseTo(expected, 12);
      seen.add(`${way.convention} ${way.split} ${way.source} ${way.batch}`);
    }
    // Where the class is nowhere (source Normal) some conventions are undefined; batches go up to the group's size.
    expect(seen.has(`batchSmoothed null null ${scored.length}`)).toBe(true);
    expect(seen.has('imageMeanTruth test COVID-19 null')).toBe(true);
    expect(seen.has('imageMeanTruth null Normal null')).toBe(false);
  });

  it('has the mean over classes that are defined, with and without background', () => {
    let ways = 0;
    for (const way of waysOf(figure('mean.dice=0.5'), table, CLASSES)) {
      if (way.batch !== null && way.batch % 7 !== 0) continue;
      ways++;
      const of = [0, 1, 2].map((c) => oracleScores(inGroup(way), c, 'dice', way.batch ?? 1)[way.convention]);
      const defined = of.slice(way.background ? 0 : 1).filter((x) => !Number.isNaN(x));
      expect(way.value).toBeCloseTo(defined.reduce((sum, x) => sum + x, 0) / defined.length, 12);
    }
    expect(ways).toBeGreaterThan(150);
  });

  it('has accuracy of all pixels and as a mean of images', () => {
    const ways = [...waysOf(figure('accuracy=0.9'), table, CLASSES)];
    const shares = scored.map(({ truth, predicted }) => ({
      right: truth!.filter((label, i) => label === predicted![i]).length,
      all: truth!.length,
    }));
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const whole = ways.filter(({ split, source }) => split === null && source === null);
    expect(Object.fromEntries(whole.map(({ convention, value }) => [convention, value]))).toEqual({
      pooled: expect.closeTo(sum(shares.map(({ right }) => right)) / sum(shares.map(({ all }) => all)), 12),
      imageMean: expect.closeTo(sum(shares.map(({ right, all }) => right / all)) / shares.length, 12),
    });
  });
});

describe('reproduce', () => {
  const ways = [...waysOf(figure('covid.iou=0'), table, CLASSES)];
  it('names each way whose value rounds to the figure, and no other', () => {
    for (const digits of [2, 3, 4]) {
      for (const way of ways.filter((_, i) => i % 13 === 0)) {
        const text = way.value.toFixed(digits);
        const { matches, tried, nearest } = reproduce(figure(`covid.iou=${text}`), table, CLASSES);
        expect(tried).toBe(ways.length);
        const told = matches.flatMap((match) =>
          (match.batches ?? [null]).map((batch) => `${match.convention} ${match.split} ${match.source} ${batch}`),
        );
        // toFixed may be off in the last place of a half; a value on the edge is in both roundings.
        const due = ways.filter(({ value }) => Math.abs(value - Number(text)) <= 0.5 * 10 ** -digits + 1e-12);
        expect(told.sort()).toEqual(due.map((w) => `${w.convention} ${w.split} ${w.source} ${w.batch}`).sort());
        expect(nearest).toEqual([]);
        for (const { lowest, highest } of matches) expect(lowest).toBeLessThanOrEqual(highest);
      }
    }
  });
  it('says what is nearest where nothing gives it', () => {
    const [lonely] = [0.123456, 0.223456, 0.323456].filter((x) =>
      ways.every(({ value }) => Math.abs(value - x) > 1e-6),
    );
    const { matches, nearest } = reproduce(figure(`covid.iou=${lonely}`), table, CLASSES);
    expect(matches).toEqual([]);
    expect(nearest).toHaveLength(3);
    const distances = ways.map(({ value }) => Math.abs(value - lonely));
    expect(Math.abs(nearest[0].value - lonely)).toBe(Math.min(...distances));
  });
});

describe('together', () => {
  it('is a convention, a group and a batch size that give every figure', () => {
    const batch = 5;
    const group = { split: 'test', source: null };
    const at = (c: number, measure: 'iou' | 'dice') => oracleScores(inGroup(group), c, measure, batch).batchSmoothed;
    const texts = [`covid.iou=${at(2, 'iou').toFixed(6)}`, `lung.dice=${at(1, 'dice').toFixed(6)}`];
    const both = texts.map((text) => reproduce(figure(text), table, CLASSES));
    expect(together(both)).toEqual([
      { ...group, convention: 'batchSmoothed', images: inGroup(group).length, batches: [batch] },
    ]);
    // With the accuracy of other images nothing is left.
    const accuracy = [...waysOf(figure('accuracy=0'), table, CLASSES)];
    const of = (split: string) => accuracy.find((way) => way.split === split && way.source === null)!.value;
    const third = (split: string) => reproduce(figure(`accuracy=${of(split).toFixed(6)}`), table, CLASSES);
    expect(together([...both, third('test')])).toHaveLength(1);
    expect(together([...both, third('train')])).toEqual([]);
  });
  it('is nothing where the figures are of different ways', () => {
    const whole = oracleScores(scored, 2, 'iou', 4);
    const texts = [
      `covid.iou=${whole.pooled.toFixed(6)}`,
      `covid.dice=${oracleScores(scored, 2, 'dice', 4).imageMean.toFixed(6)}`,
    ];
    expect(together(texts.map((text) => reproduce(figure(text), table, CLASSES)))).toEqual([]);
  });
});
