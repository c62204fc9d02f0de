import { describe, expect, it } from 'vitest';
import { duplicateInSplit } from '../../../src/pipeline/checks/d006-duplicate-in-split.js';
import { duplicateAcrossSplits } from '../../../src/pipeline/checks/d007-duplicate-across-splits.js';
import { nearDuplicate } from '../../../src/pipeline/checks/d008-near-duplicate.js';
import { contradictingDuplicate } from '../../../src/pipeline/checks/d009-contradicting-duplicate.js';
import type { SetRule } from '../../../src/pipeline/checks/rule.js';
import { sharedBy } from '../../../src/pipeline/checks/shared.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { type Random, seeded } from '../../oracle/random.js';
import { judged, limits, record, xrays } from './given.js';

const RULES = [duplicateInSplit, duplicateAcrossSplits, nearDuplicate, contradictingDuplicate];

/** A hash of 256 bits with these bits set besides the first 16. */
function bits(...set: number[]): string {
  const nibbles = new Array<number>(64).fill(0).fill(15, 0, 4);
  for (const bit of set) nibbles[16 + (bit >> 2)] |= 1 << (bit & 3);
  return nibbles.map((nibble) => nibble.toString(16)).join('');
}

/** An image of the split that its name begins with. */
function picture(name: string, pixel: number, perceptual: string, truth: number | null): ImageRecord {
  const hex = (value: number) => value.toString(16).padStart(16, '0');
  return record({
    image: name,
    split: name.split('/')[0],
    pixelHash: hex(pixel),
    perceptualHash: perceptual,
    ...(truth === null ? {} : { truthHash: hex(truth) }),
  });
}

describe('D006 the same image in a split', () => {
  it('names each later copy with the first', () => {
    const found = judged(duplicateInSplit, [
      picture('train/a', 1, bits(1), 1),
      picture('train/b', 2, bits(200), 1),
      picture('train/c', 1, bits(1), 1),
      picture('train/d', 1, bits(1), 1),
    ]);
    expect(found).toEqual(
      ['train/c', 'train/d'].map((image) => ({
        rule: 'D006',
        image,
        split: 'train',
        source: 'COVID-19',
        value: 0,
        message: 'same pixels as train/a.png (train) of the same split',
        path: `${image}.png`,
        relatedPath: 'train/a.png',
      })),
    );
  });

  it('is silent about copies in other splits and pictures that only look alike', () => {
    const records = [
      picture('train/a', 1, bits(1), 1),
      picture('test/a', 1, bits(1), 1),
      picture('train/b', 2, bits(1), 1),
    ];
    expect(judged(duplicateInSplit, records)).toEqual([]);
  });
});

describe('D007 the same image in two splits', () => {
  it('names each later copy with the first one in another split', () => {
    const found = judged(duplicateAcrossSplits, [
      picture('train/a', 1, bits(1), 1),
      picture('train/b', 1, bits(1), 1),
      picture('val/c', 1, bits(1), 1),
      picture('test/d', 1, bits(1), 1),
    ]);
    expect(found.map(({ image, relatedPath }) => [image, relatedPath])).toEqual([
      ['val/c', 'train/a.png'],
      ['test/d', 'train/a.png'],
    ]);
    expect(found[0].message).toBe('same pixels as train/a.png (train)');
  });

  it('finds the partner that is not the first of all', () => {
    const found = judged(duplicateAcrossSplits, [
      picture('val/a', 1, bits(1), 1),
      picture('train/b', 1, bits(1), 1),
      picture('val/c', 1, bits(1), 1),
    ]);
    expect(found.map(({ image, relatedPath }) => [image, relatedPath])).toEqual([
      ['train/b', 'val/a.png'],
      ['val/c', 'train/b.png'],
    ]);
  });

  it('is silent within a split and without hashes', () => {
    expect(
      judged(duplicateAcrossSplits, [picture('train/a', 1, bits(1), 1), picture('train/b', 1, bits(1), 1)]),
    ).toEqual([]);
    expect(judged(duplicateAcrossSplits, [record({ split: 'train' }), record({ split: 'test' })])).toEqual([]);
  });
});

describe('D008 near duplicates', () => {
  const ten = bits(...Array.from({ length: 10 }, (_, k) => 100 + k));
  const eleven = bits(...Array.from({ length: 11 }, (_, k) => 100 + k));

  it('fires at the threshold and not above it', () => {
    expect(judged(nearDuplicate, [picture('train/a', 1, bits(), 1), picture('test/b', 2, ten, 1)])).toEqual([
      {
        rule: 'D008',
        image: 'test/b',
        split: 'test',
        source: 'COVID-19',
        value: 10,
        message: 'differs in 10 bits of 256 from train/a.png (train)',
        path: 'test/b.png',
        relatedPath: 'train/a.png',
      },
    ]);
    expect(judged(nearDuplicate, [picture('train/a', 1, bits(), 1), picture('test/b', 2, eleven, 1)])).toEqual([]);
    const narrow = xrays({ thresholds: limits({ nearDuplicateBits: 9 }) });
    expect(judged(nearDuplicate, [picture('train/a', 1, bits(), 1), picture('test/b', 2, ten, 1)], narrow)).toEqual([]);
  });

  it('prefers the nearest partner, then the first', () => {
    const found = judged(nearDuplicate, [
      picture('train/far', 1, bits(3, 4), 1),
      picture('train/near', 2, bits(3), 1),
      picture('train/also', 3, bits(4), 1),
      picture('test/x', 4, bits(), 1),
    ]);
    expect(found.map(({ image, relatedPath, value }) => [image, relatedPath, value])).toEqual([
      ['test/x', 'train/near.png', 1],
    ]);
  });

  it('takes equal hashes of other pixels', () => {
    const found = judged(nearDuplicate, [picture('train/a', 1, bits(1), 1), picture('test/b', 2, bits(1), 1)]);
    expect(found.map(({ value }) => value)).toEqual([0]);
  });

  it('leaves exact copies to D007, and pictures without structure out', () => {
    expect(judged(nearDuplicate, [picture('train/a', 1, bits(1), 1), picture('test/b', 1, bits(1), 1)])).toEqual([]);
    const [seven, eight] = ['7f', 'ff'].map((start) => start.padEnd(64, '0'));
    expect(judged(nearDuplicate, [picture('train/a', 1, seven, 1), picture('test/b', 2, seven, 1)])).toEqual([]);
    expect(judged(nearDuplicate, [picture('train/a', 1, eight, 1), picture('test/b', 2, eight, 1)])).toHaveLength(1);
  });
});

describe('D009 duplicates with different annotations', () => {
  it('fires on exact ones, of one split or two', () => {
    const found = judged(contradictingDuplicate, [
      picture('train/a', 1, bits(1), 1),
      picture('train/b', 1, bits(1), 2),
      picture('test/c', 1, bits(1), 1),
    ]);
    expect(found.map(({ image, relatedPath }) => [image, relatedPath])).toEqual([
      ['train/b', 'train/a.png'],
      ['test/c', 'train/b.png'],
    ]);
    expect(found[0].message).toBe('same pixels as train/a.png (train), and the annotations differ');
  });

  it('fires on near ones, after exact ones', () => {
    const found = judged(contradictingDuplicate, [
      picture('train/near', 1, bits(1, 2), 1),
      picture('train/same', 2, bits(1), 1),
      picture('test/x', 2, bits(1), 2),
      picture('test/y', 3, bits(1, 2, 3), 3),
    ]);
    expect(found.map(({ image, relatedPath, value }) => [image, relatedPath, value])).toEqual([
      ['test/x', 'train/same.png', 0],
      ['test/y', 'train/near.png', 1],
    ]);
    expect(found[1].message).toBe('differs in 1 bit of 256 from train/near.png (train), and the annotations differ');
  });

  it('is silent where annotations agree or one is not known', () => {
    expect(
      judged(contradictingDuplicate, [picture('train/a', 1, bits(1), 1), picture('test/b', 1, bits(1), 1)]),
    ).toEqual([]);
    expect(
      judged(contradictingDuplicate, [picture('train/a', 1, bits(1), 1), picture('test/b', 1, bits(1), null)]),
    ).toEqual([]);
  });
});

describe('all four against comparing every pair', () => {
  it.each([1, 2, 3, 4])('agree on random sets, seed %i', (seed) => {
    const random = seeded(seed);
    const dataset = xrays({ thresholds: limits({ nearDuplicateBits: 4 }) });
    const records = Array.from({ length: 160 }, (_, i) => randomPicture(random, i));
    for (const rule of RULES) {
      const found = judged(rule, records, dataset).map(({ image, relatedPath, value }) => [image, relatedPath, value]);
      const expected = records.flatMap((later, i) => {
        const best = bestPartner(rule.code, later, records.slice(0, i), 4);
        return best === null ? [] : [[later.image, best.imagePath, rule.code < 'D008' ? 0 : distanceOf(later, best)]];
      });
      expect(expected.length).toBeGreaterThan(5);
      expect(found).toEqual(expected);
    }
  });

  it('share one search, to which each adds every record', () => {
    const dataset = xrays();
    const shared = sharedBy(dataset);
    const started = RULES.map((rule: SetRule) => rule.start(dataset, shared));
    const records = [
      picture('train/a', 1, bits(1), 1),
      picture('train/b', 1, bits(1), 2),
      picture('test/c', 1, bits(1), 2),
    ];
    for (const item of records) for (const rule of started) rule.add(item);
    const found = started.map((rule) => [...rule.finish()].map(({ image, relatedPath }) => `${image} ${relatedPath}`));
    expect(found).toEqual([
      ['train/b train/a.png'],
      ['test/c train/a.png'],
      [],
      ['train/b train/a.png', 'test/c train/a.png'],
    ]);
  });
});

/** Few distinct pictures, annotations and splits, with perceptual hashes a few bits apart, so that every case occurs. */
function randomPicture(random: Random, i: number): ImageRecord {
  const base = random.below(40);
  const noise = random.chance(0.5) ? [] : Array.from({ length: random.between(1, 4) }, () => random.below(190));
  const structure = random.chance(0.95)
    ? bits(
        ...base
          .toString(2)
          .split('')
          .map((d, k) => (d === '1' ? 5 * k : 1)),
        base * 4,
        ...noise,
      )
    : '1'.padEnd(64, '0');
  const pixel = base * 10 + (noise.length === 0 ? random.below(2) : 2 + random.below(3));
  const truth = random.chance(0.9) ? base * 2 + (random.chance(0.2) ? 1 : 0) : null;
  return picture(`${random.pick(['train', 'val', 'test'])}/${i}`, pixel, structure, truth);
}

function distanceOf(a: ImageRecord, b: ImageRecord): number {
  return a.pixelHash === b.pixelHash ? 0 : differingBits(a.perceptualHash!, b.perceptualHash!);
}

/** Ones in the digits 0..f. */
const ONES = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];

function differingBits(a: string, b: string): number {
  let bits = 0;
  for (let k = 0; k < 64; k++) bits += ONES[Number.parseInt(a[k], 16) ^ Number.parseInt(b[k], 16)];
  return bits;
}

/** The definition of each rule, pair by pair. */
function bestPartner(rule: string, later: ImageRecord, before: ImageRecord[], limit: number): ImageRecord | null {
  const structured = (item: ImageRecord) => differingBits(item.perceptualHash!, '0'.repeat(64)) >= 8;
  const same = (item: ImageRecord) => item.pixelHash === later.pixelHash;
  const near = (item: ImageRecord) => structured(item) && structured(later) && distanceOf(item, later) <= limit;
  const otherSplit = (item: ImageRecord) => item.split !== later.split;
  if (rule === 'D006') return before.find((item) => same(item) && !otherSplit(item)) ?? null;
  const leaked = before.find((item) => same(item) && otherSplit(item)) ?? null;
  if (rule === 'D007') return leaked;
  const candidates =
    rule === 'D008'
      ? before.filter((item) => leaked === null && otherSplit(item) && !same(item) && near(item))
      : before.filter(
          (item) =>
            item.truthHash && later.truthHash && item.truthHash !== later.truthHash && (same(item) || near(item)),
        );
  const rank = (item: ImageRecord) => (same(item) ? -1 : distanceOf(item, later));
  return candidates.reduce<ImageRecord | null>(
    (best, item) => (best === null || rank(item) < rank(best) ? item : best),
    null,
  );
}
