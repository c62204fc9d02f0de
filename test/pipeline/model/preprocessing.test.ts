import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/pipeline/errors.js';
import type { ModelCard } from '../../../src/pipeline/model/card.js';
import { choosePreprocessing } from '../../../src/pipeline/model/preprocessing.js';

/** What becomes of the gray value v in each channel. */
function of(card: ModelCard, v: number, channels: 1 | 3 = 3): number[] {
  const { gain, offset } = choosePreprocessing(card, channels, 'unit');
  return gain.map((g, c) => v * g + offset[c]);
}
const close = (values: number[]) => values.map((value) => expect.closeTo(value, 10));

describe('by name, worked out by hand', () => {
  test('unit: v / 255', () => expect(of({ preprocess: 'unit' }, 51)).toEqual(close([0.2, 0.2, 0.2])));
  test('byte: v', () => expect(of({ preprocess: 'byte' }, 51, 1)).toEqual([51]));
  test('signed: v / 127.5 - 1', () => {
    expect(of({ preprocess: 'signed' }, 0, 1)).toEqual([-1]);
    expect(of({ preprocess: 'signed' }, 255, 1)).toEqual(close([1]));
  });
  test('imagenet-torch: (v / 255 - mean) / std of red, green, blue', () => {
    expect(of({ preprocess: 'imagenet-torch' }, 102)).toEqual(
      close([(0.4 - 0.485) / 0.229, (0.4 - 0.456) / 0.224, (0.4 - 0.406) / 0.225]),
    );
  });
  test('resnet50-caffe: blue first, minus the means of ImageNet in 0..255', () => {
    expect(of({ preprocess: 'resnet50-caffe' }, 120)).toEqual(close([120 - 103.939, 120 - 116.779, 120 - 123.68]));
    expect(choosePreprocessing({ preprocess: 'resnet50-caffe' }, 3, 'unit').bgr).toBe(true);
  });
  test('nothing said: the fallback', () => expect(choosePreprocessing({}, 1, 'byte').name).toBe('byte'));
});

describe('explicit figures', () => {
  test('(v x scale - mean) / std', () => {
    expect(of({ scale: 0.5, mean: [1, 2, 3], std: [2, 4, 8] }, 10)).toEqual(close([2, 0.75, 0.25]));
  });
  test('one figure serves all channels', () => expect(of({ scale: 1, mean: [10] }, 30)).toEqual([20, 20, 20]));
  test('"unit" and "byte" say the range that mean and std are of', () => {
    expect(of({ preprocess: 'unit', mean: [0.5], std: [0.25] }, 255, 1)).toEqual(close([2]));
    expect(of({ preprocess: 'byte', mean: [100], std: [50] }, 255, 1)).toEqual(close([3.1]));
  });
});

test.each<[ModelCard, 1 | 3, RegExp]>([
  [{ mean: [0.5] }, 1, /without their range/],
  [{ preprocess: 'signed', mean: [0.5] }, 1, /preprocess "signed" and also mean/],
  [{ preprocess: 'unit', scale: 1 }, 1, /both preprocess "unit" and scale 1/],
  [{ scale: 1, mean: [1, 2, 3] }, 1, /3 values of mean for 1 channel/],
  [{ scale: 1, std: [1, 2] }, 3, /2 values of std for 3 channel/],
  [{ preprocess: 'imagenet-torch' }, 1, /for 3 channels/],
  [{ preprocess: 'resnet50-caffe' }, 1, /for 3 channels/],
])('%j for %i channel(s) is refused', (card, channels, message) => {
  expect(() => choosePreprocessing(card, channels, 'unit')).toThrow(UsageError);
  expect(() => choosePreprocessing(card, channels, 'unit')).toThrow(message);
});
