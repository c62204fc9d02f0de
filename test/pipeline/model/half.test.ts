import { expect, test } from 'vitest';
import { fromHalf, toHalf } from '../../../src/pipeline/model/half.js';

// numpy 2.4.6: np.float32(value).astype(np.float16).view(np.uint16).
test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519, 0x7bff],
  [65520, 0x7c00],
  [1e6, 0x7c00],
  [6e-8, 0x0001],
  [2.98e-8, 0x0000],
  [2.9802322e-8, 0x0000],
  [3e-8, 0x0001],
  [6.1e-5, 0x03ff],
  [0.1, 0x2e66],
  [1 / 3, 0x3555],
  [2049, 0x6800],
  [2051, 0x6802],
  [1e-10, 0x0000],
  [Number.POSITIVE_INFINITY, 0x7c00],
  [Number.NEGATIVE_INFINITY, 0xfc00],
  [Number.NaN, 0x7e00],
])('%d becomes the pattern that numpy gives', (value, pattern) => {
  const out = new Uint16Array(1);
  toHalf(Float32Array.of(value), out);
  expect(out[0].toString(16)).toBe(pattern.toString(16));
});

test('every pattern that is a number comes back from its value', () => {
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const values = new Float32Array(65536);
  fromHalf(patterns, values);
  const back = new Uint16Array(65536);
  toHalf(values, back);
  const wrong = Array.from(patterns).filter((p) => !Number.isNaN(values[p]) && back[p] !== p);
  expect(wrong).toEqual([]);
  expect(values[0x3555]).toBe(1365 / 4096);
  expect(values[0x0001]).toBe(2 ** -24);
  expect(Number.isNaN(values[0x7e00])).toBe(true);
});
