import { expect, test } from 'vitest';
import { axisTable, type ResizeMethod, resample } from '../../../src/pipeline/model/resample.js';

// 5 x 4, rows first.
const PICTURE = [0, 50, 100, 150, 250, 10, 200, 30, 40, 90, 255, 0, 255, 0, 255, 7, 77, 177, 27, 127];

function resize(width: number, height: number, method: ResizeMethod): number[] {
  const out = new Float64Array(width * height);
  const rows = new Float64Array(width * 4);
  resample(PICTURE, 1, 0, 5, 4, axisTable(5, width, method), axisTable(4, height, method), rows, out);
  return Array.from(out, (value) => Math.round(value * 1e4) / 1e4);
}

/** Within the rounding of the reference's 32-bit arithmetic. */
const near = (values: number[]) => values.map((value) => expect.closeTo(value, 3));

// cv2.resize(float32 picture, (w, h), interpolation=cv2.INTER_LINEAR), OpenCV 5.0.0; the same as tf.image.resize's formula.
test.each([
  [3, 3, [26.1111, 88.3333, 192.7778, 121.6667, 142.5, 121.6667, 53.6111, 190.0, 106.3889]],
  [2, 2, [95.0, 113.75, 61.625, 57.875]],
  [
    7,
    6,
    [
      [0.0, 28.5714, 64.2857, 100.0, 135.7143, 192.8571, 250.0],
      [5.0, 73.5714, 107.8571, 65.0, 86.4286, 127.1429, 170.0],
      [50.8333, 117.0238, 138.3333, 67.5, 43.0952, 69.4048, 117.5],
      [214.1667, 110.8333, 85.9524, 217.5, 66.9048, 101.3095, 227.5],
      [131.0, 78.1429, 89.2143, 216.0, 71.3571, 89.5714, 191.0],
      [7.0, 47.0, 105.5714, 177.0, 69.8571, 69.8571, 127.0],
    ].flat(),
  ],
])('bilinear to %i x %i is what OpenCV gives', (width, height, expected) => {
  expect(resize(width, height, 'bilinear')).toEqual(near(expected));
});

// Image.fromarray(float32 picture, 'F').resize((w, h), Image.BILINEAR), Pillow 13.0.0.
test.each([
  [3, 3, [42.4286, 91.0, 165.5714, 118.5714, 105.8333, 107.1429, 69.6143, 127.5111, 102.6143]],
  [2, 2, [81.4286, 117.0779, 105.2078, 109.1039]],
])('bilinear-antialias to %i x %i is what Pillow gives', (width, height, expected) => {
  expect(resize(width, height, 'bilinear-antialias')).toEqual(near(expected));
});

test('enlarging, antialias changes nothing', () => {
  expect(resize(7, 6, 'bilinear-antialias')).toEqual(near(resize(7, 6, 'bilinear')));
});

// cv2.resize(..., interpolation=cv2.INTER_NEAREST_EXACT), OpenCV 5.0.0.
test.each([
  [3, 3, [0, 100, 250, 255, 255, 255, 7, 177, 127]],
  [2, 3, [50, 150, 0, 0, 77, 27]],
])('nearest to %i x %i is what OpenCV gives', (width, height, expected) => {
  expect(resize(width, height, 'nearest')).toEqual(expected);
});

test('half the size by hand: the mean of two neighbours, and of 1 3 3 1 with antialias', () => {
  expect(Array.from(axisTable(4, 2, 'bilinear').weight)).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect(Array.from(axisTable(4, 2, 'bilinear').start)).toEqual([0, 2]);
  const wide = axisTable(8, 4, 'bilinear-antialias');
  const middle = Array.from(wide.weight.subarray(wide.taps, 2 * wide.taps)).filter((weight) => weight > 0);
  expect(middle).toEqual([0.125, 0.375, 0.375, 0.125]);
});

test('weights sum to 1 and stay inside, for many sizes', () => {
  for (const method of ['bilinear', 'bilinear-antialias', 'nearest'] as const) {
    for (let input = 1; input <= 9; input++) {
      for (let output = 1; output <= 20; output++) {
        const { taps, start, weight } = axisTable(input, output, method);
        for (let i = 0; i < output; i++) {
          const sum = weight.subarray(i * taps, (i + 1) * taps).reduce((total, w) => total + w, 0);
          expect(sum, `${method} ${input} to ${output}, ${i}`).toBeCloseTo(1, 12);
          expect(start[i]).toBeGreaterThanOrEqual(0);
          expect(start[i] + taps).toBeLessThanOrEqual(input);
        }
      }
    }
  }
});
