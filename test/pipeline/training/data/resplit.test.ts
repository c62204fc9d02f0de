import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/pipeline/random.js';
import type { ImageRecord } from '../../../../src/pipeline/record.js';
import { resplit, SPLITS } from '../../../../src/pipeline/training/data/resplit.js';
import { record, xrays } from '../../checks/given.js';

const DATASET = xrays();

/** Records of 300 images in one split, a third of them with COVID-19, of pictures that are not alike. */
function made(count = 300): ImageRecord[] {
  const random = createRandom('resplit');
  const hex = (digits: number) => Array.from({ length: digits }, () => random.integer(0, 16).toString(16)).join('');
  return Array.from({ length: count }, (_, index) => {
    const positive = index % 3 === 0;
    const name = `Train/${positive ? 'COVID-19' : 'Normal'}/images/${index}`;
    return {
      ...record({ index, image: name, imagePath: `${name}.png`, split: 'train' }),
      source: positive ? 'COVID-19' : 'Normal',
      truth: positive ? [50, 30, 20, 0] : [60, 40, 0, 0],
      pixelHash: hex(16),
      perceptualHash: hex(64),
    };
  });
}

const shareOf = (splits: string[], split: string) => splits.filter((one) => one === split).length / splits.length;

/** A hash with some bits of its first words changed. */
function nearly(hash: string, bits: number): string {
  const digits = [...hash];
  for (let i = 0; i < bits; i++) digits[i] = (Number.parseInt(digits[i], 16) ^ 1).toString(16);
  return digits.join('');
}

describe('resplit', () => {
  it('deals 70, 15 and 15 % of every source where there were no three splits', () => {
    const records = made();
    const splits = resplit(records, DATASET, 1);
    for (const wanted of ['COVID-19', 'Normal']) {
      const of = splits.filter((_, i) => records[i].source === wanted);
      expect(shareOf(of, 'train')).toBeCloseTo(0.7, 1);
      expect(shareOf(of, 'val')).toBeCloseTo(0.15, 1);
      expect(shareOf(of, 'test')).toBeCloseTo(0.15, 1);
    }
  });

  it('keeps the sizes of three published splits', () => {
    const records = made().map((one, i) => ({ ...one, split: i < 120 ? 'train' : i < 180 ? 'val' : 'test' }));
    const splits = resplit(records, DATASET, 1);
    expect(SPLITS.map((split) => shareOf(splits, split))).toEqual([
      expect.closeTo(0.4, 1),
      expect.closeTo(0.2, 1),
      expect.closeTo(0.4, 1),
    ]);
  });

  it.each<[string, (records: ImageRecord[]) => number[][]]>([
    [
      'duplicates',
      (records) => {
        for (const i of [10, 77, 200]) records[i].pixelHash = records[3].pixelHash;
        return [[3, 10, 77, 200]];
      },
    ],
    [
      'near duplicates, over others too',
      (records) => {
        const { perceptualHash } = records[3];
        records[90].perceptualHash = nearly(perceptualHash!, 8);
        // Near to the second, not to the first.
        records[150].perceptualHash = nearly(perceptualHash!, 16);
        return [[3, 90, 150]];
      },
    ],
    [
      'a patient',
      (records) => {
        const members = [4, 5, 40, 41, 42, 43];
        for (const i of members) records[i].imagePath = `Train/COVID-19/images/sub-S7_${i}.png`;
        return [members];
      },
    ],
    [
      'a patient and the duplicates of one of its images',
      (records) => {
        records[5].imagePath = 'Train/COVID-19/images/sub-S1.png';
        records[6].imagePath = 'Train/COVID-19/images/sub-S1_2.png';
        records[250].pixelHash = records[6].pixelHash;
        return [[5, 6, 250]];
      },
    ],
  ])('keeps together %s', (_, plant) => {
    for (let seed = 0; seed < 8; seed++) {
      const records = made();
      for (const group of plant(records)) {
        const splits = resplit(records, DATASET, seed);
        expect(new Set(group.map((i) => splits[i])).size).toBe(1);
      }
    }
  });

  it('does not take pictures without structure for alike', () => {
    const records = made(60).map((one) => ({ ...one, perceptualHash: '0'.repeat(64) }));
    expect(new Set(resplit(records, DATASET, 1)).size).toBe(3);
  });

  it('is a function of the seed', () => {
    expect(resplit(made(), DATASET, 4)).toEqual(resplit(made(), DATASET, 4));
    expect(resplit(made(), DATASET, 4)).not.toEqual(resplit(made(), DATASET, 5));
  });
});
