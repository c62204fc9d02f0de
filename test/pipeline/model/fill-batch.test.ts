import { describe, expect, test } from 'vitest';
import type { Pixels } from '../../../src/pipeline/engines/engine.js';
import type { ModelCard } from '../../../src/pipeline/model/card.js';
import { createFill, type InputForm } from '../../../src/pipeline/model/fill-batch.js';
import { choosePreprocessing } from '../../../src/pipeline/model/preprocessing.js';

function form(part: Partial<InputForm> & { card?: ModelCard } = {}): InputForm {
  const { card = { preprocess: 'byte' }, ...rest } = part;
  const channels = rest.channels ?? 1;
  const preprocessing = choosePreprocessing(card, channels, 'unit');
  return { width: 2, height: 2, channels, layout: 'NCHW', resize: 'bilinear', preprocessing, ...rest };
}

const gray = (width: number, height: number, data: number[]): Pixels => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from(data),
});
const RGB: Pixels = {
  width: 2,
  height: 2,
  channels: 3,
  data: Uint8Array.of(10, 20, 30, 200, 100, 50, 255, 0, 0, 0, 0, 255),
};

function filled(inputForm: InputForm, image: Pixels): number[] {
  const batch = new Float32Array(inputForm.width * inputForm.height * inputForm.channels).fill(-77);
  createFill(inputForm)(image, batch, 0);
  return Array.from(batch);
}

describe('channels and layout', () => {
  test('gray for a one-channel model', () => expect(filled(form(), gray(2, 2, [1, 2, 3, 4]))).toEqual([1, 2, 3, 4]));
  test('gray is repeated, planes after each other in NCHW', () => {
    expect(filled(form({ channels: 3 }), gray(2, 2, [1, 2, 3, 4]))).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
  });
  test('gray is repeated, side by side in NHWC', () => {
    expect(filled(form({ channels: 3, layout: 'NHWC' }), gray(2, 2, [1, 2, 3, 4]))).toEqual([
      1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4,
    ]);
  });
  test('gray under figures that differ by channel', () => {
    const card = { scale: 1, mean: [0, 10, 20] };
    expect(filled(form({ channels: 3, card }), gray(2, 2, [1, 2, 3, 4]))).toEqual([
      1, 2, 3, 4, -9, -8, -7, -6, -19, -18, -17, -16,
    ]);
  });
  test('colour in planes', () => {
    expect(filled(form({ channels: 3 }), RGB)).toEqual([10, 200, 255, 0, 20, 100, 0, 0, 30, 50, 0, 255]);
  });
  test('blue first where the preprocessing says so', () => {
    const values = filled(form({ channels: 3, layout: 'NHWC', card: { preprocess: 'resnet50-caffe' } }), RGB);
    expect(values.slice(0, 3)).toEqual([30 - 103.939, 20 - 116.779, 10 - 123.68].map((v) => expect.closeTo(v, 4)));
  });
  // cv2.cvtColor(float32, cv2.COLOR_RGB2GRAY), OpenCV 5.0.0.
  test('colour for a one-channel model becomes luma', () => {
    expect(filled(form(), RGB)).toEqual([18.15, 124.2, 76.245, 29.07].map((v) => expect.closeTo(v, 4)));
  });
});

describe('another size', () => {
  // By hand: 4 x 2 to 2 x 2 takes the mean of two neighbours in a row.
  test('gray', () => expect(filled(form(), gray(4, 2, [0, 10, 20, 40, 255, 0, 7, 8]))).toEqual([5, 30, 127.5, 7.5]));
  test('colour, each channel by itself, is what its planes give', () => {
    const source = Array.from({ length: 45 }, (_, i) => (i * 37) % 256);
    const image: Pixels = { width: 5, height: 3, channels: 3, data: Uint8Array.from(source) };
    const all = filled(form({ width: 3, height: 4, channels: 3 }), image);
    for (let c = 0; c < 3; c++) {
      const plane = gray(
        5,
        3,
        source.filter((_, i) => i % 3 === c),
      );
      expect(all.slice(c * 12, c * 12 + 12)).toEqual(filled(form({ width: 3, height: 4 }), plane));
    }
  });
  test('gray in colour is the same as gray', () => {
    const data = [0, 10, 20, 40, 255, 0, 7, 8];
    const colour: Pixels = { width: 4, height: 2, channels: 3, data: Uint8Array.from(data.flatMap((v) => [v, v, v])) };
    expect(filled(form(), colour)).toEqual(filled(form(), gray(4, 2, data)));
  });
});

describe('zscore', () => {
  // Mean 25, population deviation sqrt(125) of 10 20 30 40.
  test('minus mean over deviation', () => {
    expect(filled(form({ card: { preprocess: 'zscore' } }), gray(2, 2, [10, 20, 30, 40]))).toEqual(
      [-15, -5, 5, 15].map((v) => expect.closeTo(v / Math.sqrt(125), 6)),
    );
  });
  test('an image of one gray is zero, not infinite', () => {
    expect(filled(form({ card: { preprocess: 'zscore' } }), gray(2, 2, [9, 9, 9, 9]))).toEqual([0, 0, 0, 0]);
  });
  test('all channels together', () => {
    const values = filled(form({ channels: 3, card: { preprocess: 'zscore' } }), RGB);
    const mean = RGB.data.reduce((sum, v) => sum + v, 0) / 12;
    const deviation = Math.sqrt(RGB.data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 12);
    expect(values[0]).toBeCloseTo((10 - mean) / deviation, 5);
  });
});

test.each(['unit', 'imagenet-torch', 'resnet50-caffe', 'zscore'] as const)(
  'the same bits at any place in any batch: %s',
  (preprocess) => {
    const inputForm = form({ width: 5, height: 7, channels: 3, card: { preprocess } });
    const images = [3, 5, 8].map((width, k): Pixels => {
      const data = Uint8Array.from({ length: width * (7 - k) * 3 }, (_, i) => (i * 53 + k * 11) % 256);
      return { width, height: 7 - k, channels: 3, data };
    });
    const size = 5 * 7 * 3;
    const together = new Float32Array(size * 4);
    const fill = createFill(inputForm);
    for (const [k, image] of [images[2], images[0], images[1], images[2]].entries()) fill(image, together, k);
    for (const [k, image] of [images[2], images[0], images[1], images[2]].entries()) {
      expect(Array.from(together.subarray(k * size, (k + 1) * size))).toEqual(filled(inputForm, image));
    }
  },
);
