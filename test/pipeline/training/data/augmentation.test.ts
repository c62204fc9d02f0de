import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/pipeline/random.js';
import { apply, IDENTITY, invert, isIdentity } from '../../../../src/pipeline/training/data/affine.js';
import {
  type Augmentation,
  type Crop,
  drawGrays,
  drawMap,
  NO_AUGMENTATION,
  NO_CROP,
  type Place,
} from '../../../../src/pipeline/training/data/augmentation.js';

const SIZE = { width: 64, height: 32 };

const draw = (seed: number, change: Partial<Augmentation>, crop: Partial<Crop> = {}, place: Place | null = null) =>
  drawMap(createRandom(seed), { ...NO_AUGMENTATION, ...change }, { ...NO_CROP, ...crop }, SIZE, () => place);

const seeds = Array.from({ length: 200 }, (_, seed) => seed);

describe('drawMap', () => {
  it('leaves all as it is where nothing is asked for', () => {
    for (const seed of seeds) expect(isIdentity(draw(seed, {}))).toBe(true);
  });

  it('flips about half of the examples, each way by itself', () => {
    const maps = seeds.map((seed) => draw(seed, { flip: 'both' }));
    for (const key of ['a', 'd'] as const) {
      const flipped = maps.filter((map) => map[key] === -1).length;
      expect(flipped).toBeGreaterThan(70);
      expect(flipped).toBeLessThan(130);
    }
    expect(seeds.some((seed) => draw(seed, { flip: 'horizontal' }).d === -1)).toBe(false);
    expect(seeds.some((seed) => draw(seed, { flip: 'vertical' }).a === -1)).toBe(false);
  });

  it('turns by no more than it may, in pixels and not in shares', () => {
    const angles = seeds.map((seed) => {
      const [x, y] = apply(draw(seed, { rotate: 20 }), 0.25, 0);
      return (Math.atan2(y * SIZE.height, x * SIZE.width) * 180) / Math.PI;
    });
    expect(Math.max(...angles)).toBeLessThanOrEqual(20);
    expect(Math.max(...angles)).toBeGreaterThan(18);
    expect(Math.min(...angles)).toBeLessThan(-18);
    const [x, y] = apply(draw(3, { rotate: 20 }), 0.25, 0);
    expect(Math.hypot(x * SIZE.width, y * SIZE.height)).toBeCloseTo(0.25 * SIZE.width, 9);
  });

  it('scales as far as it may', () => {
    const zooms = seeds.map((seed) => 1 / draw(seed, { scale: 0.2 }).a);
    expect(Math.min(...zooms)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...zooms)).toBeLessThan(1.2);
    expect(Math.max(...zooms) - Math.min(...zooms)).toBeGreaterThan(0.35);
  });

  it('crops inside of the image, anywhere', () => {
    const maps = seeds.map((seed) => draw(seed, {}, { share: 0.5 }));
    for (const { a, d, tx, ty } of maps) {
      expect([a, d]).toEqual([0.5, 0.5]);
      expect(Math.abs(tx) + 0.25).toBeLessThanOrEqual(0.5);
      expect(Math.abs(ty) + 0.25).toBeLessThanOrEqual(0.5);
    }
    expect(Math.max(...maps.map(({ tx }) => tx))).toBeGreaterThan(0.22);
    expect(Math.min(...maps.map(({ tx }) => tx))).toBeLessThan(-0.22);
  });

  it.each<[string, Partial<Augmentation>]>([
    ['as it is', {}],
    ['turned, flipped and scaled', { rotate: 180, flip: 'both', scale: 0.5 }],
  ])('crops around a lesion, wherever it is (%s)', (_, change) => {
    const random = createRandom('places');
    for (const seed of seeds) {
      const place: Place = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)];
      const [u, v] = invert(draw(seed, change, { share: 0.3, classes: [2] }, place), ...place);
      expect(Math.max(Math.abs(u), Math.abs(v))).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });

  it('an option changes no other draw', () => {
    for (const seed of seeds.slice(0, 20)) {
      const [plain, turned] = [{}, { rotate: 10 }].map((more) => draw(seed, { scale: 0.2, ...more }));
      expect(Math.hypot(turned.a, (turned.c * SIZE.height) / SIZE.width)).toBeCloseTo(plain.a, 12);
    }
  });

  it('is the same for the same seed', () => {
    const all = { flip: 'both', rotate: 30, scale: 0.3 } as const;
    expect(draw(7, all)).toEqual(draw(7, all));
    expect(draw(7, all)).not.toEqual(draw(8, all));
    expect(IDENTITY).toEqual(draw(7, {}));
  });
});

describe('drawGrays', () => {
  it('changes nothing unless asked', () => expect(drawGrays(createRandom(1), NO_AUGMENTATION)).toBeNull());

  it('lifts and stretches about the middle, and clamps', () => {
    const lifted = seeds.map((seed) => drawGrays(createRandom(seed), { ...NO_AUGMENTATION, brightness: 0.1 })!);
    const lifts = lifted.map((table) => table[128] - 128);
    expect(Math.max(...lifts)).toBeLessThanOrEqual(26);
    expect(Math.max(...lifts)).toBeGreaterThan(22);
    expect(Math.min(...lifts)).toBeLessThan(-22);
    const [first] = lifted;
    expect(first[100] - first[99]).toBe(1);
    const stretched = seeds.map((seed) => drawGrays(createRandom(seed), { ...NO_AUGMENTATION, contrast: 0.5 })!);
    for (const table of stretched) {
      expect(table[127] + table[128]).toBeGreaterThanOrEqual(254);
      expect(table[127] + table[128]).toBeLessThanOrEqual(256);
      expect(table.every((gray, i) => i === 0 || gray >= table[i - 1])).toBe(true);
    }
    expect(stretched.some((table) => table[0] === 0 && table[20] === 0)).toBe(true);
  });
});
