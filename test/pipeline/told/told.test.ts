import { describe, expect, it } from 'vitest';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import { imageLevel } from '../../../src/pipeline/dataset/image-level.js';
import { accuracyDifference, aucDifference } from '../../../src/pipeline/metrics/detection/paired-difference.js';
import { startSummary } from '../../../src/pipeline/metrics/summary.js';
import { createRandom } from '../../../src/pipeline/random.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { placeBeside } from '../../../src/pipeline/told/beside.js';
import { matchClasses } from '../../../src/pipeline/told/matched-classes.js';
import { toldImageByImage } from '../../../src/pipeline/told/told.js';
import { toldFigures, toldImages } from '../../../src/pipeline/told/told-images.js';
import { bruteForce } from '../metrics/detection/brute-force.js';
import { binaryRecord, datasetOf, record, specsOf } from '../metrics/records.js';

const SEGMENTED: DatasetSpec = { ...datasetOf([]), classes: COVID_QU_EX_CLASSES.infection };
const CLASSIFIED = imageLevel(SEGMENTED, null);
const COVID = 2;

/** An image of the segmenter: pixels of COVID-19 in truth and prediction. */
function segmented(image: string, truth: number, predicted: number, split = 'test'): ImageRecord {
  const tp = Math.min(truth, predicted);
  return { ...binaryRecord(COVID, 4, tp, predicted - tp, truth - tp, 100), image, split };
}

/** An image of the classifier: 0 healthy, 1 covid, 2 non-covid. */
function classified(image: string, label: number, predicted: number, probabilities: number[] | null, split = 'test') {
  const confusion = new Array<number>(9).fill(0);
  confusion[3 * label + predicted] = 1;
  const truth = [0, 1, 2].map((c) => (c === label ? 1 : 0));
  return record({ image, split, truth, confusion, maxProbability: probabilities });
}

const random = createRandom('told');
const images = Array.from({ length: 160 }, (_, i) => {
  const truth = random.chance(0.5) ? random.integer(1, 40) : 0;
  const predicted = random.chance(0.4) ? 0 : random.integer(0, truth + 9);
  const probability = Math.round(100 * (0.3 * random.uniform() + (truth > 0 ? 0.6 : 0.2))) / 100;
  return { name: `i${i}`, truth, predicted, probability, split: random.pick(['train', 'val', 'test']) };
});
const records = images.map((of) => segmented(of.name, of.truth, of.predicted, of.split));

describe('told image by image', () => {
  it('is the same from records as from the summary', () => {
    const tally = startSummary({ dataset: SEGMENTED, metricBatch: 4, seed: 0 });
    const mixed = [...records, record({ truth: [90, 10, 0, 0] }), record({})];
    for (const one of mixed) tally.add(one);
    const summary = tally.finish();
    expect(toldImageByImage(toldFigures(SEGMENTED, mixed))).toEqual(toldImageByImage(summary));
  });

  it('is of the split test, where numbers of pixels were chosen on val', () => {
    const told = toldImageByImage(toldFigures(SEGMENTED, records))!;
    const test = images.filter(({ split }) => split === 'test');
    expect(told).toMatchObject({ split: 'test', images: test.length, chosenOn: 'val', score: 'pixels' });
    expect(told.classes.map(({ key }) => key)).toEqual(['lung', 'covid', 'non-covid']);
    const covid = told.classes[1];
    const [any, youden] = covid.ways;
    const at = (pixels: number, has: boolean) =>
      test.filter(({ truth, predicted }) => truth > 0 === has && predicted >= pixels).length;
    expect(any).toMatchObject({
      rule: 'any pixel',
      pixels: 1,
      point: { counts: { tp: at(1, true), fp: at(1, false) } },
    });
    expect(youden.rule).toBe('youden');
    expect(youden.pixels).toBeGreaterThan(1);
    expect(youden.point.counts).toMatchObject({ tp: at(youden.pixels!, true), fp: at(youden.pixels!, false) });
    const expected = bruteForce(
      test.map(({ truth }) => truth > 0),
      test.map(({ predicted }) => predicted),
    );
    expect(covid.auc).toBeCloseTo(expected.auc!, 12);
  });

  it('is of another split where there is no test, of the whole run without val, and of nothing without scores', () => {
    const named = (names: Record<string, string>) => records.map((one) => ({ ...one, split: names[one.split] }));
    const of = (some: ImageRecord[]) => toldImageByImage(toldFigures(SEGMENTED, some));
    expect(of(named({ train: 'a', val: 'val', test: 'b' }))).toMatchObject({
      chosenOn: 'val',
      split: expect.stringMatching(/^[ab]$/),
    });
    expect(of(named({ train: '', val: '', test: '' }))).toMatchObject({ split: null, chosenOn: null, images: 160 });
    expect(of(named({ train: 'train', val: 'train', test: 'test' }))!.classes[1].ways).toHaveLength(1);
    expect(of([record({ truth: [1, 0, 0, 0] })])).toBeNull();
  });

  it('is a classifier’s answer, its first class too', () => {
    const told = toldImageByImage(
      toldFigures(CLASSIFIED, [classified('a', 1, 1, [0, 1, 0]), classified('b', 0, 1, null)]),
    )!;
    expect(told).toMatchObject({ split: null, score: 'probability', chosenOn: null });
    expect(told.classes.map(({ key, ways }) => [key, ways.map(({ rule }) => rule)])).toEqual([
      ['healthy', ['answer']],
      ['covid', ['answer']],
      ['non-covid', ['answer']],
    ]);
  });
});

describe('classes of two runs', () => {
  it('match by key, name or alias; healthy is what has no infection, not the lung that is called so too', () => {
    expect(matchClasses(SEGMENTED, CLASSIFIED)).toEqual([
      { key: 'healthy', here: null, beside: 0 },
      { key: 'covid', here: 2, beside: 1 },
      { key: 'non-covid', here: 3, beside: 2 },
    ]);
    expect(matchClasses(CLASSIFIED, SEGMENTED)).toEqual([
      { key: 'healthy', here: 0, beside: null },
      { key: 'covid', here: 1, beside: 2 },
      { key: 'non-covid', here: 2, beside: 3 },
    ]);
    expect(matchClasses(CLASSIFIED, CLASSIFIED).map(({ here, beside }) => [here, beside])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(matchClasses(SEGMENTED, SEGMENTED).map(({ here, beside }) => [here, beside])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const other = { classes: specsOf(['background', 'cyst']) };
    expect(matchClasses(SEGMENTED, other)).toEqual([]);
    const named = { classes: [...specsOf(['background']), { index: 1, key: 'c', name: 'covid 19', aliases: [] }] };
    expect(matchClasses(SEGMENTED, named)).toEqual([{ key: 'covid', here: 2, beside: 1 }]);
  });
});

describe('a segmenter beside a classifier', () => {
  const told = toldImageByImage(toldFigures(SEGMENTED, records))!;
  const answers = images
    .filter((_, i) => i % 10 !== 0)
    .map(({ name, truth, probability, split }) => {
      const label = truth > 0 ? 1 : 0;
      const predicted = probability >= 0.5 ? 1 : 0;
      return classified(name, label, predicted, [1 - probability, probability, 0], split);
    });
  const strangers = [classified('stranger', 0, 0, [1, 0, 0]), classified('unheard', 0, 0, [1, 0, 0], 'val')];
  const here = { dataset: SEGMENTED, images: toldImages(SEGMENTED, records) };
  const beside = { dataset: CLASSIFIED, images: toldImages(CLASSIFIED, [...answers, ...strangers]) };
  const placed = placeBeside(here, beside, told);
  const common = images.filter(({ split }, i) => split === 'test' && i % 10 !== 0);

  it('is compared on the images of the split that both have, and says how many are in one alone', () => {
    const test = images.filter(({ split }) => split === 'test');
    expect(placed).toMatchObject({
      split: 'test',
      common: common.length,
      hereOnly: test.length - common.length,
      besideOnly: 1,
    });
    expect(test.length).toBeGreaterThan(common.length);
  });

  it('differs in area and accuracy by what the same images give', () => {
    const covid = placed.classes.find(({ key }) => key === 'covid')!;
    const has = common.map(({ truth }) => truth > 0);
    const right = (answer: (image: (typeof images)[number]) => boolean) =>
      common.map((image) => answer(image) === image.truth > 0);
    const theirs = right(({ probability }) => probability >= 0.5);
    expect(covid.images).toBe(common.length);
    expect(covid.ways.map(({ rule }) => rule)).toEqual(told.classes[1].ways.map(({ rule }) => rule));
    for (const { pixels, accuracy, point } of covid.ways) {
      const mine = right(({ predicted }) => predicted >= pixels!);
      expect(accuracy).toEqual(accuracyDifference(mine, theirs));
      expect(point.counts.tp + point.counts.tn).toBe(mine.filter(Boolean).length);
    }
    expect(covid.beside.point.counts.tp).toBe(common.filter((of) => of.truth > 0 && of.probability >= 0.5).length);
    const [a, b] = [common.map(({ predicted }) => predicted), common.map(({ probability }) => probability)];
    const difference = aucDifference(has, a, b);
    expect(covid.aucDifference).toBe(difference.value);
    expect(covid.aucDifferenceInterval).toEqual(difference.confidence95);
    expect(covid.beside.auc! - covid.auc!).toBeCloseTo(difference.value!, 12);
  });

  it('tells healthy by no predicted pixel of an infection, the fewer the surer', () => {
    const healthy = placed.classes.find(({ key }) => key === 'healthy')!;
    expect(healthy.ways).toHaveLength(1);
    expect(healthy.ways[0].point.counts.tp).toBe(common.filter((of) => of.truth === 0 && of.predicted === 0).length);
    const covid = placed.classes.find(({ key }) => key === 'covid')!;
    expect(healthy.auc).toBeCloseTo(covid.auc!, 12);
  });

  it('leaves out the images about which their annotations disagree, and scores that are not there', () => {
    const mine = [segmented('a', 5, 5), segmented('b', 0, 0), segmented('c', 0, 3)];
    const theirs = [classified('a', 1, 1, null), classified('b', 0, 0, [1, 0, 0]), classified('c', 1, 1, [0, 1, 0])];
    const few = placeBeside(
      { dataset: SEGMENTED, images: toldImages(SEGMENTED, mine) },
      { dataset: CLASSIFIED, images: toldImages(CLASSIFIED, theirs) },
      toldImageByImage(toldFigures(SEGMENTED, mine))!,
    );
    const covid = few.classes.find(({ key }) => key === 'covid')!;
    expect(covid).toMatchObject({ images: 2, disagreeing: 1, auc: 1, aucDifference: null });
    expect(covid.beside).toMatchObject({ auc: null, point: { counts: { tp: 1, fp: 0, fn: 0, tn: 1 } } });
  });

  it('turns around where the runs are named the other way', () => {
    const back = placeBeside(beside, here, { ...toldImageByImage(toldFigures(CLASSIFIED, answers))!, split: 'test' });
    const [mine, theirs] = [placed, back].map(({ classes }) => classes.find(({ key }) => key === 'covid')!);
    expect(back).toMatchObject({ common: placed.common, hereOnly: placed.besideOnly, besideOnly: placed.hereOnly });
    expect(theirs.aucDifference).toBeCloseTo(-mine.aucDifference!, 12);
    expect(theirs.ways[0].accuracy.onlyARight).toBe(mine.ways[0].accuracy.onlyBRight);
    expect(theirs.beside.rule).toBe('any pixel');
    expect(theirs.ways[0].rule).toBe('answer');
  });
});
