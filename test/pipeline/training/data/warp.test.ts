import { describe, expect, it } from 'vitest';
import type { Pixels } from '../../../../src/pipeline/engines/engine.js';
import { createFill } from '../../../../src/pipeline/model/fill-batch.js';
import { choosePreprocessing } from '../../../../src/pipeline/model/preprocessing.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import { apply, IDENTITY, invert } from '../../../../src/pipeline/training/data/affine.js';
import { warpLabels, warpPicture } from '../../../../src/pipeline/training/data/warp.js';

function noise(width: number, height: number, channels: 1 | 3): Pixels {
  const random = createRandom('warp', width, height);
  return {
    width,
    height,
    channels,
    data: Uint8Array.from({ length: width * height * channels }, () => random.integer(0, 256)),
  };
}

/** A picture of rows of digits. */
const picture = (...rows: number[][]): Pixels => ({
  ...{ width: rows[0].length, height: rows.length, channels: 1 },
  data: Uint8Array.from(rows.flat()),
});

const values = ({ data, width }: Pixels) =>
  Array.from({ length: data.length / width }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);

describe('warpPicture', () => {
  it.each([
    [noise(40, 30, 1), 20, 20],
    [noise(17, 23, 3), 32, 16],
  ])('brings a picture to a size as a model of an audit is fed, to the rounding', (image, width, height) => {
    const { channels } = image;
    const preprocessing = choosePreprocessing({ preprocess: 'byte' }, channels, 'byte');
    const due = new Float32Array(width * height * channels);
    createFill({ width, height, channels, layout: 'NHWC', resize: 'bilinear', preprocessing })(image, due, 0);
    const { data } = warpPicture(image, IDENTITY, { width, height });
    expect(data.length).toBe(due.length);
    // At a border in between both round: half a gray, and what single precision adds.
    for (let i = 0; i < due.length; i++) expect(Math.abs(data[i] - due[i])).toBeLessThanOrEqual(0.501);
  });

  it('leaves a picture of the same size as it is', () => {
    const image = noise(9, 7, 3);
    expect(warpPicture(image, IDENTITY, { width: 9, height: 7 })).toEqual(image);
  });

  it('turns by a quarter, rows to columns', () => {
    const image = picture([1, 2, 3], [4, 5, 6], [7, 8, 9]);
    const quarter = { a: 0, b: -1, c: 1, d: 0, tx: 0, ty: 0 };
    expect(values(warpPicture(image, quarter, { width: 3, height: 3 }))).toEqual([
      [3, 6, 9],
      [2, 5, 8],
      [1, 4, 7],
    ]);
  });

  it('is black outside', () => {
    const image = picture([200, 200], [200, 200]);
    const aside = { ...IDENTITY, tx: 0.5 };
    expect(values(warpPicture(image, aside, { width: 2, height: 2 }))).toEqual([
      [200, 0],
      [200, 0],
    ]);
  });
});

describe('warpLabels', () => {
  it('takes the label of the pixel that it falls into, never one in between, and no loss outside', () => {
    const labels = Uint8Array.from([0, 3, 3, 0]);
    const out = new Uint8Array(16);
    warpLabels(labels, { width: 2, height: 2 }, { ...IDENTITY, ty: -0.25 }, { width: 4, height: 4 }, out);
    expect([...out]).toEqual([255, 255, 255, 255, 0, 0, 3, 3, 0, 0, 3, 3, 3, 3, 0, 0]);
  });

  it('goes the same way as a picture of another size', () => {
    // A map of 8 x 8 and the picture of 64 x 64 that shows it: wherever a label lies well inside, the picture says the same.
    const random = createRandom('same way');
    const side = 8;
    const labels = Uint8Array.from({ length: side * side }, () => random.integer(0, 4));
    const image = noise(64, 64, 1);
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) image.data[y * 64 + x] = 60 * labels[Math.floor(y / 8) * side + Math.floor(x / 8)];
    }
    const map = { a: 0.7, b: -0.35, c: 0.3, d: 0.8, tx: 0.05, ty: -0.07 };
    const size = { width: 48, height: 48 };
    const warped = warpPicture(image, map, size).data;
    const out = new Uint8Array(48 * 48);
    warpLabels(labels, { width: side, height: side }, map, size, out);
    let same = 0;
    out.forEach((label, i) => {
      if (label !== 255 && Math.abs(warped[i] - 60 * label) <= 1) same++;
    });
    expect(same / out.filter((label) => label !== 255).length).toBeGreaterThan(0.75);
    expect(out.some((label) => label === 255)).toBe(true);
  });
});

it('a map and its inverse undo each other', () => {
  const map = { a: 0.7, b: -0.2, c: 0.3, d: 1.4, tx: 0.1, ty: -0.3 };
  const [u, v] = invert(map, ...apply(map, 0.2, -0.4));
  expect(u).toBeCloseTo(0.2, 12);
  expect(v).toBeCloseTo(-0.4, 12);
});
