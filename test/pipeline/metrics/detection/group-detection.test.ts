import { describe, expect, it } from 'vitest';
import type { DatasetSpec } from '../../../../src/pipeline/dataset/dataset.js';
import { imageLevel } from '../../../../src/pipeline/dataset/image-level.js';
import { startSummary } from '../../../../src/pipeline/metrics/summary.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import type { ImageRecord } from '../../../../src/pipeline/record.js';
import { binaryRecord, datasetOf, record } from '../records.js';
import { bruteForce, expectNear } from './brute-force.js';

function figuresOf(records: ImageRecord[], dataset: DatasetSpec) {
  const tally = startSummary({ dataset, metricBatch: 32, seed: 0 });
  for (const one of records) tally.add(one);
  return tally.finish();
}

/** An image of 100 pixels with so many of class 1 in the truth and in the prediction, all hits as far as possible. */
function pixels(truth: number, predicted: number, split = 'test'): ImageRecord {
  const tp = Math.min(truth, predicted);
  return { ...binaryRecord(1, 2, tp, predicted - tp, truth - tp, 100), split };
}

const SEGMENTED = datasetOf(['background', 'covid']);

describe('a segmenter taken as a classifier', () => {
  const random = createRandom('segmenter');
  const images = Array.from({ length: 200 }, () => {
    const truth = random.chance(0.4) ? random.integer(1, 40) : 0;
    const predicted = random.chance(0.5) ? 0 : random.integer(1, truth + 12);
    return { truth, predicted, split: random.pick(['train', 'val', 'test']), source: random.pick(['A', 'B']) };
  });
  const records = images.map(({ truth, predicted, split, source }) => ({ ...pixels(truth, predicted, split), source }));
  const figures = figuresOf([...records, record({ truth: [90, 10] }), record({})], SEGMENTED);

  it('has a class where any pixel does, scored by predicted pixels: the whole, each split and each source', () => {
    const groups = [
      { group: figures, of: () => true },
      ...['train', 'val', 'test'].map((name) => ({
        group: figures.splits[name],
        of: ({ split }: (typeof images)[number]) => split === name,
      })),
      ...['A', 'B'].map((name) => ({
        group: figures.sources[name],
        of: ({ source }: (typeof images)[number]) => source === name,
      })),
    ];
    for (const { group, of } of groups) {
      const some = images.filter(of);
      const { score, images: counted, classes, calibration } = group.detection!;
      expect({ score, counted, calibration }).toEqual({ score: 'pixels', counted: some.length, calibration: null });
      const { key, counts, auc, averagePrecision, confidence95 } = classes[1];
      const number = (has: boolean, told: boolean) =>
        some.filter(({ truth, predicted }) => truth > 0 === has && predicted > 0 === told).length;
      expect(key).toBe('covid');
      expect(counts).toEqual({
        tp: number(true, true),
        fp: number(false, true),
        fn: number(true, false),
        tn: number(false, false),
      });
      const expected = bruteForce(
        some.map(({ truth }) => truth > 0),
        some.map(({ predicted }) => predicted),
      );
      expectNear(auc, expected.auc);
      expectNear(averagePrecision, expected.averagePrecision);
      expectNear(confidence95.auc![0], expected.interval![0]);
    }
  });

  it('by a number of pixels chosen on the validation split alone, used on all', () => {
    const { chosenOn, classes } = figures.pixelThresholds!;
    expect(chosenOn).toBe('val');
    const { key, youden, sensitivity95 } = classes[1];
    expect(key).toBe('covid');
    const at = (split: string, threshold: number) => {
      const some = images.filter((image) => image.split === split);
      const told = (has: boolean) => some.filter(({ truth, predicted }) => truth > 0 === has && predicted >= threshold);
      const all = (has: boolean) => some.filter(({ truth }) => truth > 0 === has).length;
      return { tp: told(true).length, fp: told(false).length, positives: all(true), negatives: all(false) };
    };
    const scan = Array.from({ length: 60 }, (_, k) => k + 1);
    const index = (threshold: number) => {
      const { tp, fp, positives, negatives } = at('val', threshold);
      return tp / positives - fp / negatives;
    };
    const best = Math.max(...scan.map(index));
    expect(youden!.pixels).toBe(scan.findLast((k) => Math.abs(index(k) - best) < 1e-12));
    // Half of the images have no predicted pixel: no number of them finds 95 %.
    expect(sensitivity95).toBeNull();
    for (const split of ['train', 'val', 'test']) {
      const { tp, fp, positives, negatives } = at(split, youden!.pixels);
      expect(youden!.splits[split].counts).toEqual({ tp, fp, fn: positives - tp, tn: negatives - fp });
      expect(youden!.splits[split].specificity).toBe((negatives - fp) / negatives);
    }
  });

  it('by the number that keeps a sensitivity of 0.95, the highest', () => {
    const val = Array.from({ length: 20 }, (_, i) => pixels(50, 10 + i, 'val'));
    const test = [pixels(50, 11), pixels(50, 10), pixels(0, 12), pixels(0, 3)];
    const { classes } = figuresOf([...val, pixels(0, 5, 'val'), ...test], SEGMENTED).pixelThresholds!;
    expect(classes[1].sensitivity95).toMatchObject({
      pixels: 11,
      splits: { val: { sensitivity: 0.95, specificity: 1 }, test: { counts: { tp: 1, fn: 1, fp: 1, tn: 1 } } },
    });
  });

  it('has no such number without a validation split, without another one, and without both kinds of images on it', () => {
    const none = (...records: ImageRecord[]) => figuresOf(records, SEGMENTED).pixelThresholds;
    expect(none(pixels(5, 5, 'train'), pixels(0, 0, 'test'))).toBeNull();
    expect(none(pixels(5, 5, 'val'), pixels(0, 0, 'val'))).toBeNull();
    const nothing = { key: 'covid', youden: null, sensitivity95: null };
    expect(none(pixels(0, 5, 'val'), pixels(5, 5))!.classes[1]).toEqual(nothing);
    // Nothing predicted where it is: only 0 pixels, which is every image, would reach the sensitivity.
    expect(none(pixels(5, 0, 'val'), pixels(0, 0, 'val'), pixels(5, 5))!.classes[1]).toEqual(nothing);
  });
});

describe('a classifier', () => {
  const dataset = imageLevel(datasetOf(['background', 'lung', 'covid', 'non-covid']), null);
  function told(label: number, predicted: number, probabilities: (number | null)[] | null, split = 'test') {
    const confusion = new Array<number>(9).fill(0);
    confusion[3 * label + predicted] = 1;
    const truth = [0, 1, 2].map((c) => (c === label ? 1 : 0));
    return record({ truth, confusion, maxProbability: probabilities, split });
  }
  it('is scored by its probabilities, calibrated by them, and has no pixels', () => {
    const { detection, pixelThresholds, accuracy } = figuresOf(
      [
        told(1, 1, [0.1, 0.8, 0.1], 'val'),
        told(0, 0, [0.7, 0.2, 0.1]),
        // Decided otherwise than by the largest probability: confidence is of what was answered.
        told(1, 2, [0.5, 0.1, 0.4]),
        told(2, 2, null),
      ],
      dataset,
    );
    expect(pixelThresholds).toBeNull();
    expect(accuracy).toBe(0.75);
    const [, covid] = detection!.classes;
    expect(detection).toMatchObject({ score: 'probability', images: 4 });
    expect(covid).toMatchObject({ key: 'covid', counts: { tp: 1, fp: 0, fn: 1, tn: 2 }, ranked: 3, auc: 0.5 });
    const { images, brier, nll, ece } = detection!.calibration!;
    expect(images).toBe(3);
    expect(brier).toBeCloseTo((0.01 + 0.04 + 0.01 + 0.09 + 0.04 + 0.01 + 0.25 + 0.81 + 0.16) / 3, 12);
    expect(nll).toBeCloseTo(-(Math.log(0.8) + Math.log(0.7) + Math.log(0.1)) / 3, 12);
    expect(ece).toBeCloseTo((0.2 + 0.3 + 0.4) / 3, 12);
  });
});
