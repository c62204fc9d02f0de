import { describe, expect, it } from 'vitest';
import { encodePng, PHOTO_EFFORT } from '../../../src/pipeline/png/encode.js';
import { phantomSample } from '../../../src/pipeline/run-phantom.js';
import { area, differenceHash, distance, holes, parts } from './shapes.js';

const mean = (image: Uint8Array, takes: (i: number) => boolean): number => {
  let [sum, count] = [0, 0];
  image.forEach((gray, i) => {
    if (!takes(i)) return;
    sum += gray;
    count++;
  });
  return sum / count;
};

describe.each([
  [64, 160],
  [256, 24],
  [512, 6],
])('samples of %i pixels', (size, count) => {
  const samples = Array.from({ length: count }, (_, i) => phantomSample(11, i, { size }));

  it('have two plausible lungs, apart from each other and from the border', () => {
    for (const { lungMask } of samples) {
      const lungs = parts(lungMask, size);
      expect(lungs.length).toBe(2);
      expect(lungs.some(({ touchesBorder }) => touchesBorder)).toBe(false);
      for (const lung of lungs) expect(lung.area / size ** 2).toBeGreaterThan(0.04);
      expect(area(lungMask) / size ** 2).toBeGreaterThan(0.14);
      expect(area(lungMask) / size ** 2).toBeLessThan(0.31);
      expect(holes(lungMask, size)).toEqual([]);
      const left = lungMask.reduce((sum, value, i) => sum + (value && i % size < size / 2 ? 1 : 0), 0);
      expect(Math.min(left, area(lungMask) - left) / area(lungMask)).toBeGreaterThan(0.2);
    }
  });

  it('have infections inside the lungs, of a real share, without specks and holes', () => {
    const smallest = Math.max(12, Math.round(60 * (size / 256) ** 2));
    for (const { source, lungMask, infectionMask, nonCovidMask } of samples) {
      const mask = source === 'COVID-19' ? infectionMask : nonCovidMask;
      const other = source === 'COVID-19' ? nonCovidMask : infectionMask;
      expect(area(other)).toBe(0);
      if (source === 'Normal') {
        expect(area(mask)).toBe(0);
        continue;
      }
      expect(mask.every((value, i) => value === 0 || (value === 255 && lungMask[i] === 255))).toBe(true);
      const share = area(mask) / area(lungMask);
      expect(share).toBeGreaterThan(0.02);
      expect(share).toBeLessThan(0.47);
      for (const part of parts(mask, size)) expect(part.area).toBeGreaterThanOrEqual(smallest);
      for (const hole of holes(mask, size)) expect(hole.area).toBeGreaterThan(9);
    }
  });

  it('show the infection: brighter than the rest of the lungs in nearly every image, and not by a fixed step', () => {
    const gains = samples
      .filter(({ source }) => source !== 'Normal')
      .map(({ image, lungMask, infectionMask, nonCovidMask }) => {
        const ill = (i: number) => infectionMask[i] + nonCovidMask[i] > 0;
        return mean(image, ill) - mean(image, (i) => lungMask[i] > 0 && !ill(i));
      });
    expect(gains.filter((gain) => gain > 8).length / gains.length).toBeGreaterThan(0.9);
    expect(Math.max(...gains) - Math.min(...gains)).toBeGreaterThan(15);
  });
});

describe('phantomSample', () => {
  it('draws mostly bilateral, multifocal opacities for COVID-19 and one-sided ones for Non-COVID', () => {
    const sides = (mask: Uint8Array) => {
      const left = mask.reduce((sum, value, i) => sum + (value && i % 64 < 32 ? 1 : 0), 0);
      return Math.min(left, area(mask) - left) / area(mask);
    };
    const of = (source: 'COVID-19' | 'Non-COVID') =>
      Array.from({ length: 60 }, (_, i) => phantomSample(2, i, { size: 64, source }));
    const covid = of('COVID-19').map(({ infectionMask }) => sides(infectionMask));
    const other = of('Non-COVID').map(({ nonCovidMask }) => sides(nonCovidMask));
    expect(covid.filter((share) => share > 0.05).length).toBeGreaterThan(30);
    expect(other.filter((share) => share < 0.1).length).toBeGreaterThan(55);
  });

  it('gives the same bytes again, whatever was made between', () => {
    const first = phantomSample('s', 5);
    phantomSample('s', 6, { size: 64 });
    phantomSample('t', 5);
    const again = phantomSample('s', 5);
    for (const key of ['image', 'lungMask', 'infectionMask', 'nonCovidMask'] as const) {
      expect(Buffer.compare(again[key], first[key]), key).toBe(0);
    }
    expect(Buffer.compare(phantomSample('s', 6).image, first.image)).not.toBe(0);
  });

  it('shows the same chest at every size', () => {
    const [small, large] = [phantomSample(3, 0, { size: 64 }), phantomSample(3, 0, { size: 256 })];
    let same = 0;
    small.lungMask.forEach((value, i) => {
      const at = (Math.floor(i / 64) * 4 + 2) * 256 + (i % 64) * 4 + 2;
      if (value === large.lungMask[at]) same++;
    });
    expect(same / 4096).toBeGreaterThan(0.98);
  });

  it('makes pictures that differ in far more bits than near duplicates (10), each from each', () => {
    const hashes = Array.from({ length: 250 }, (_, i) => differenceHash(phantomSample(8, i, { size: 128 }).image, 128));
    const distances = hashes.flatMap((a, i) => hashes.slice(0, i).map((b) => distance(a, b)));
    expect(Math.min(...distances)).toBeGreaterThan(25);
  });

  it('makes files as large as the real ones: 25 to 39 kB', () => {
    for (let i = 0; i < 12; i++) {
      const { image } = phantomSample(9, i);
      const bytes = encodePng({ width: 256, height: 256, data: image }, PHOTO_EFFORT).length;
      expect(bytes).toBeGreaterThan(25_000);
      expect(bytes).toBeLessThan(39_000);
    }
  });
});
