import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { composedOps } from '../../../../src/pipeline/training/kernels/composed-ops.js';
import { nativeOps } from '../../../../src/pipeline/training/kernels/native-ops.js';
import type { Ops } from '../../../../src/pipeline/training/kernels/ops.js';
import { OPS, tf, values } from '../backends.js';

/** Small planes with sides that tell height from width. */
const N = 2;
const plane = (height: number, width: number, channels: number, seed: number): Tensor =>
  tf.tensor(values(N * height * width * channels, seed), [N, height, width, channels]);
const vector = (size: number, seed: number): Tensor => tf.add(tf.tensor1d(values(size, seed)), 1.5);

/** What goes forward, with what it goes back with: one row a kernel and setting. */
interface Pair {
  inputs: () => Tensor[];
  forward(ops: Ops, inputs: Tensor[]): Tensor;
  backward(ops: Ops, inputs: Tensor[], dy: Tensor): Tensor[];
}

const kernel = (height: number, width: number, inputs: number, outputs: number) =>
  tf.tensor(values(height * width * inputs * outputs, 9), [height, width, inputs, outputs]);
const convolution = (size: number, stride: 1 | 2, padding: 'same' | 'valid'): Pair => {
  const by = { strides: [stride, stride], padding } as const;
  return {
    inputs: () => [plane(6, 8, 3, 1), kernel(size, size, 3, 4)],
    forward: (ops, [x, k]) => ops.conv(x, k, by),
    backward: (ops, [x, k], dy) => [
      ops.convInputGradient(x.shape, k, dy, by),
      ops.convKernelGradient(x, k.shape, dy, by),
    ],
  };
};
const pooling = (size: 2 | 3): Pair => {
  const by = { size: [size, size], strides: [2, 2], padding: 'valid' } as const;
  return {
    inputs: () => [plane(6, 8, 3, 2)],
    forward: (ops, [x]) => ops.maxPool(x, by),
    backward: (ops, [x], dy) => [ops.maxPoolGradient(dy, x, ops.maxPool(x, by), by)],
  };
};
const MARGINS = [1, 2, 3, 0] as const;

const PAIRS: Record<string, Pair> = {
  'a 3x3 convolution': convolution(3, 1, 'same'),
  'a 1x1 convolution with stride 2': convolution(1, 2, 'valid'),
  'a 3x3 convolution with stride 2 and no padding': convolution(3, 2, 'valid'),
  bias: {
    inputs: () => [plane(4, 6, 3, 3), vector(3, 4)],
    forward: (ops, [x, bias]) => ops.addBias(x, bias),
    backward: (ops, _, dy) => [tf.clone(dy), ops.biasGradient(dy)],
  },
  'batch norm by the batch': {
    inputs: () => [plane(4, 6, 3, 5), vector(3, 6), vector(3, 7)],
    forward: (ops, [x, gamma, beta]) => ops.batchNorm(x, gamma, beta, 1e-3).y,
    backward(ops, [x, gamma, beta], dy) {
      const { saved } = ops.batchNorm(x, gamma, beta, 1e-3);
      const gradient = ops.batchNormGradient(dy, x, gamma, saved, 1e-3);
      return [gradient.x, gradient.gamma, gradient.beta];
    },
  },
  relu: {
    inputs: () => [plane(4, 6, 3, 8)],
    forward: (ops, [x]) => ops.relu(x),
    backward: (ops, [x], dy) => [ops.reluGradient(dy, ops.relu(x))],
  },
  'max pooling 2x2': pooling(2),
  'max pooling 3x3, whose windows overlap': pooling(3),
  upsampling: {
    inputs: () => [plane(3, 5, 4, 10)],
    forward: (ops, [x]) => ops.upsample(x),
    backward: (ops, _, dy) => [ops.upsampleGradient(dy)],
  },
  'average pooling': {
    inputs: () => [plane(3, 5, 4, 17)],
    forward: (ops, [x]) => ops.averagePool(x),
    backward: (ops, [x], dy) => [ops.averagePoolGradient(dy, x.shape)],
  },
  padding: {
    inputs: () => [plane(3, 5, 2, 11)],
    forward: (ops, [x]) => ops.pad(x, MARGINS),
    backward: (ops, _, dy) => [ops.padGradient(dy, MARGINS)],
  },
  addition: {
    inputs: () => [plane(3, 5, 2, 12), plane(3, 5, 2, 13)],
    forward: (ops, [a, b]) => ops.add(a, b),
    backward: (_, __, dy) => [tf.clone(dy), tf.clone(dy)],
  },
  concatenation: {
    inputs: () => [plane(3, 5, 2, 14), plane(3, 5, 4, 15)],
    forward: (ops, inputs) => ops.concat(inputs),
    backward: (ops, _, dy) => ops.split(dy, [2, 4]),
  },
  'softmax cross-entropy': {
    inputs: () => [tf.tensor(values(40, 16), [10, 4])],
    forward: (ops, [logits]) => ops.softmaxCrossEntropy(logits, LABELS).losses,
    backward: (ops, [logits], dy) => [tf.mul(ops.softmaxCrossEntropy(logits, LABELS).gradient, tf.expandDims(dy, 1))],
  },
};
const LABELS = tf.tensor1d([0, 1, 2, 3, 3, 2, 1, 0, 0, 2], 'int32');

describe.each(OPS)('%s kernels', (_, ops) => {
  it.each(Object.entries(PAIRS))('%s: the gradient is what differences say', (_name, { inputs, forward, backward }) => {
    tf.tidy(() => {
      const given = inputs();
      const dy = tf.tensor(values(forward(ops, given).size, 77), forward(ops, given).shape);
      const total = (at: Tensor[]) => tf.sum(tf.mul(forward(ops, at), dy)).dataSync()[0];
      const gradients = backward(ops, given, dy);
      expect(gradients.map(({ shape }) => shape)).toEqual(given.map(({ shape }) => shape));
      for (const [input, gradient] of gradients.entries()) {
        const found = gradient.dataSync();
        for (const entry of samples(found.length)) {
          const difference = slope(given, input, entry, total);
          expect(Math.abs(found[entry] - difference), `input ${input}, entry ${entry}`).toBeLessThan(2e-3);
        }
      }
    });
  });

  it('transposes a convolution: <conv(x), y> = <x, convInputGradient(y)>', () => {
    tf.tidy(() => {
      const by = { strides: [2, 2], padding: 'same' } as const;
      const [x, k] = [plane(6, 8, 3, 1), kernel(4, 4, 3, 5)];
      const y = plane(3, 4, 5, 2);
      const [left] = tf.sum(tf.mul(ops.conv(x, k, by), y)).dataSync();
      const [right] = tf.sum(tf.mul(x, ops.convInputGradient(x.shape, k, y, by))).dataSync();
      expect(left).toBeCloseTo(right, 4);
    });
  });

  it('gives the mean and the variance of the batch, the latter divided by n', () => {
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]);
      const { mean, variance } = ops.batchNorm(x, tf.tensor1d([1]), tf.tensor1d([0]), 1e-3);
      expect(mean.dataSync()[0]).toBeCloseTo(3, 5);
      expect(variance.dataSync()[0]).toBeCloseTo((4 + 1 + 0 + 9) / 4, 5);
    });
  });

  it('normalises by what it is given: (x - mean) / sqrt(variance + epsilon) gamma + beta', () => {
    tf.tidy(() => {
      const scale = { gamma: [2], beta: [1], mean: [3], variance: [3] };
      const tensors = Object.fromEntries(Object.entries(scale).map(([role, value]) => [role, tf.tensor1d(value)]));
      const y = ops.batchNormInference(tf.tensor4d([3, 5], [1, 1, 2, 1]), tensors as never, 1);
      expect([...y.dataSync()]).toEqual([1, 3]);
    });
  });

  it('halves the sum of squares', () => {
    const [half] = tf.tidy(() => ops.halfSquares(tf.tensor1d([3, 4])).dataSync());
    expect(half).toBeCloseTo(12.5, 5);
  });
});

describe('native kernels give what the composed ones give', () => {
  it.each(Object.entries(PAIRS))('%s', (_name, { inputs, forward, backward }) => {
    tf.tidy(() => {
      const given = inputs();
      const [fast, oracle] = [nativeOps(tf), composedOps(tf)];
      const [y, expected] = [forward(fast, given), forward(oracle, given)];
      const dy = tf.tensor(values(y.size, 77), y.shape);
      expectClose([y, ...backward(fast, given, dy)], [expected, ...backward(oracle, given, dy)]);
    });
  });
});

/** At most 12 entries, spread over all. */
function samples(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 12));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
}

/**
 * Central difference of `total` by one entry. A step of 1e-2 on functions of size 1 leaves an error of step^2 = 1e-4 from their curve and of
 * float32's 1e-7 x sum / step, about 1e-4 here, from rounding.
 */
function slope(inputs: Tensor[], input: number, entry: number, total: (at: Tensor[]) => number): number {
  const step = 1e-2;
  const moved = (by: number) => {
    const data = Float32Array.from(inputs[input].dataSync());
    data[entry] += by;
    return total(inputs.map((tensor, index) => (index === input ? tf.tensor(data, tensor.shape) : tensor)));
  };
  return (moved(step) - moved(-step)) / (2 * step);
}

function expectClose(found: Tensor[], expected: Tensor[]): void {
  expect(found.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [index, tensor] of found.entries()) {
    const [worst] = tf.max(tf.abs(tf.sub(tensor, expected[index]))).dataSync();
    expect(worst, `output ${index}`).toBeLessThan(1e-5);
  }
}
