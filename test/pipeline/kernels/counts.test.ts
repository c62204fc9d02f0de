import { describe, expect, it } from 'vitest';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { pictureBytes, randomSource } from './random.js';

const kernels = createKernels();
const SIZES = [
  [1, 1],
  [1, 40],
  [40, 1],
  [15, 1],
  [16, 1],
  [17, 3],
  [64, 64],
  [255, 257],
  [256, 256],
];

/** Pictures of every kind and size; label maps where `top` is below 255. */
function* pictures(top: number): Generator<{ bytes: Uint8Array; width: number; height: number; name: string }> {
  for (const [width, height] of SIZES) {
    for (let kind = 0; kind < 5; kind++) {
      const bytes = pictureBytes(randomSource(kind * 1000 + width), kind, width, height);
      if (top < 255) for (let i = 0; i < bytes.length; i++) bytes[i] %= top + 1;
      yield { bytes, width, height, name: `kind ${kind}, ${width}x${height}` };
    }
  }
}

/** Compares long lists; a failure tells the first place. */
function expectSame(got: ArrayLike<number>, expected: ArrayLike<number>, name: string): void {
  expect(got.length, name).toBe(expected.length);
  for (let i = 0; i < got.length; i++) {
    if (got[i] !== expected[i]) expect(`[${i}] ${got[i]}`, name).toBe(`[${i}] ${expected[i]}`);
  }
}

function histogramOf(bytes: Uint8Array): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const v of bytes) counts[v]++;
  return counts;
}

describe('counts of values', () => {
  it('histogram', () => {
    for (const { bytes, name } of pictures(255)) {
      kernels.store(0, bytes);
      expectSame(kernels.histogram(0, bytes.length), histogramOf(bytes), name);
    }
  });

  it.each([1, 2, 3, 4, 5, 8, 9, 40, 256])('countLabels of %i classes leaves larger values out', (classes) => {
    for (const top of [1, 3, 255]) {
      for (const { bytes, name } of pictures(top)) {
        kernels.store(1, bytes);
        const expected = histogramOf(bytes).slice(0, classes);
        expectSame(kernels.countLabels(1, bytes.length, classes), expected, name);
      }
    }
  });

  it('countLabelsWhereZero', () => {
    for (const { bytes, name, width } of pictures(3)) {
      const mask = pictureBytes(randomSource(width), 2, width, bytes.length / width);
      kernels.store(2, bytes);
      kernels.store(3, mask);
      const expected = histogramOf(bytes.filter((_, i) => mask[i] === 0)).slice(0, 3);
      expectSame(kernels.countLabelsWhereZero(2, 3, bytes.length, 3), expected, name);
    }
  });

  it('counts of more than 2^16 equal values do not wrap', () => {
    const n = 3_000_001;
    kernels.store(0, new Uint8Array(n).fill(255));
    const on = { clean: true, on: n, left: 0, border: n };
    expect(kernels.surveyMask(0, 1, n)).toEqual(on);
    expect(kernels.surveyMask(0, n, 1)).toEqual({ ...on, left: 1_500_000 });
    expect(kernels.histogram(0, n)[255]).toBe(n);
    kernels.store(0, new Uint8Array(n).fill(1));
    expect([...kernels.countLabels(0, n, 3)]).toEqual([0, n, 0]);
    expect(kernels.confusion(0, 0, n, 3)[4]).toBe(n);
  });

  it.each([1, 2, 3, 4, 5, 7, 16, 200, 256])('confusion of %i classes', (classes) => {
    for (const top of [Math.min(3, classes - 1), Math.min(255, classes)]) {
      for (const { bytes, name, width, height } of pictures(top)) {
        // A prediction: the truth moved, with noise, sometimes out of range.
        const random = randomSource(width + top);
        const predicted = bytes.map((v, i) =>
          random.below(9) === 0 ? random.below(top + 2) : (bytes[i - width - 2] ?? v),
        );
        kernels.store(0, bytes);
        kernels.store(1, predicted);
        const expected = new Array<number>(classes * classes).fill(0);
        bytes.forEach((t, i) => {
          if (t < classes && predicted[i] < classes) expected[t * classes + predicted[i]]++;
        });
        expectSame(kernels.confusion(0, 1, width * height, classes), expected, name);
      }
    }
  });

  it('surveyMask: clean or not, pixels on, in the left half, on the border', () => {
    for (const { bytes, width, height, name } of pictures(255)) {
      for (const kind of ['any values', '0 and 255', 'one odd pixel'] as const) {
        const map = kind === 'any values' ? bytes : bytes.map((v) => (v > 127 ? 255 : 0));
        if (kind === 'one odd pixel') map[map.length - 1] = 254;
        kernels.store(4, map);
        const expected = { clean: map.every((v) => v === 0 || v === 255), on: 0, left: 0, border: 0 };
        map.forEach((v, i) => {
          const [x, y] = [i % width, Math.floor(i / width)];
          if (v !== 255) return;
          expected.on++;
          if (x < Math.floor(width / 2)) expected.left++;
          if (x === 0 || y === 0 || x === width - 1 || y === height - 1) expected.border++;
        });
        expect(kernels.surveyMask(4, width, height), `${name}, ${kind}`).toEqual(expected);
      }
    }
  });

  it('surveyMask does not look past the last pixel', () => {
    for (const n of [1, 15, 16, 17, 63, 64, 65, 100]) {
      kernels.store(5, new Uint8Array(200).fill(7));
      kernels.view(5, n).fill(255);
      expect(kernels.surveyMask(5, n, 1), `${n} pixels`).toMatchObject({ clean: true, on: n });
    }
  });

  it('more pixels than a slot holds is a bad call', () => {
    const own = createKernels();
    expect(() => own.surveyMask(0, 5, 2)).toThrow(RangeError);
    expect(() => own.maskComponents(0, 50_000, 20, 1)).toThrow(RangeError);
    own.store(0, new Uint8Array(10));
    expect(() => own.histogram(0, 10_000_000)).toThrow(RangeError);
    expect(() => own.applyTable(0, 10, new Uint8Array(3), 1)).toThrow(/256/);
  });
});

describe('label maps', () => {
  it('composeLabels: infection over lung; countOutside: infection without lung', () => {
    for (const { width, height, bytes, name } of pictures(255)) {
      for (const kind of [1, 2, 4]) {
        const random = randomSource(kind + width);
        const lung = bytes.map((v) => (v > 127 ? 255 : 0));
        const infection = pictureBytes(random, kind, width, height).map((v) => (v > 127 ? 255 : 0));
        kernels.store(0, lung);
        kernels.store(1, infection);
        for (const other of [1, null] as const) {
          kernels.composeLabels(0, other, 1, 3, bytes.length, 2);
          const labels = [...lung].map((v, i) => (other && infection[i] === 255 ? 3 : v === 255 ? 1 : 0));
          expectSame(kernels.view(2, bytes.length), labels, name);
        }
        kernels.surveyMask(0, width, height);
        kernels.surveyMask(1, width, height);
        const outside = [...lung].filter((v, i) => infection[i] === 255 && v === 0).length;
        expect(kernels.countOutside(1, 0, width, height), name).toBe(outside);
      }
    }
  });

  it('composeLabels into one of its masks', () => {
    kernels.store(0, Uint8Array.from([255, 255, 0, 0]));
    kernels.store(1, Uint8Array.from([255, 0, 255, 0]));
    kernels.composeLabels(0, 1, 1, 2, 4, 0);
    expect([...kernels.view(0, 4)]).toEqual([2, 1, 2, 0]);
  });

  it('paint and applyTable, also in place', () => {
    const random = randomSource(5);
    const table = Uint8Array.from({ length: 256 }, () => random.below(256));
    for (const { bytes, name } of pictures(255)) {
      const under = bytes.map((_, i) => i);
      kernels.store(0, bytes);
      kernels.store(1, under);
      kernels.paint(0, 7, bytes.length, 1);
      expectSame(
        kernels.view(1, bytes.length),
        [...under].map((v, i) => (bytes[i] === 255 ? 7 : v)),
        name,
      );
      kernels.applyTable(0, bytes.length, table, 2);
      expectSame(
        kernels.view(2, bytes.length),
        [...bytes].map((v) => table[v]),
        name,
      );
      kernels.applyTable(0, bytes.length, table, 0);
      expectSame(kernels.view(0, bytes.length), kernels.view(2, bytes.length), name);
    }
  });

  it('resizeNearest takes the pixel under the centre, in place too', () => {
    for (const { bytes, width, height, name } of pictures(255)) {
      for (const [ow, oh] of [
        [1, 1],
        [width, height],
        [64, 48],
        [17, 300],
        [256, 256],
      ]) {
        kernels.store(0, bytes);
        kernels.resizeNearest(0, width, height, ow, oh, 1);
        const expected = Array.from({ length: ow * oh }, (_, i) => {
          const x = Math.floor((((i % ow) + 0.5) * width) / ow);
          const y = Math.floor(((Math.floor(i / ow) + 0.5) * height) / oh);
          return bytes[y * width + x];
        });
        expect(Buffer.from(kernels.view(1, ow * oh)).equals(Buffer.from(expected)), `${name} to ${ow}x${oh}`).toBe(
          true,
        );
        kernels.resizeNearest(0, width, height, ow, oh, 0);
        expectSame(kernels.view(0, ow * oh), kernels.view(1, ow * oh), name);
      }
    }
  });
});
