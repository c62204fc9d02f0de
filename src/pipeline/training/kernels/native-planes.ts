import type { Tensor } from '@tensorflow/tfjs-core';
import { commonPlanes } from './common-planes.js';
import type { Runner, TrainerTf } from './node-backend.js';
import type { Convolution, Dims, Ops, Pooling } from './ops.js';

type Planes = Omit<Ops, 'variable' | 'moveTowards' | 'adam' | 'sgd'>;

/** What works on planes, by TensorFlow's kernels. */
export function nativePlanes(tf: TrainerTf, { one, many, attribute }: Runner): Planes {
  const float = attribute.float32('T');
  const nhwc = attribute.string('data_format', 'NHWC');

  const windows = ({ strides, padding }: Convolution) => [
    float,
    nhwc,
    attribute.int('strides', [1, ...strides, 1]),
    attribute.string('padding', padding.toUpperCase()),
  ];
  const pooling = (by: Pooling) => [...windows(by), attribute.int('ksize', [1, ...by.size, 1])];
  const halving = pooling({ size: [2, 2], strides: [2, 2], padding: 'valid' });
  const norm = (epsilon: number, training: boolean) => [
    float,
    attribute.float32('U'),
    nhwc,
    attribute.float('epsilon', epsilon),
    attribute.bool('is_training', training),
  ];

  /** Runs with a small tensor of whole numbers, such as a shape. */
  function withInts<T>(values: Dims, use: (ints: Tensor) => T): T {
    const ints = tf.tensor1d([...values], 'int32');
    try {
      return use(ints);
    } finally {
      ints.dispose();
    }
  }

  return {
    conv: (x, kernel, by) => one('Conv2D', windows(by), [x, kernel]),
    convInputGradient: (shape, kernel, dy, by) =>
      withInts(shape, (sizes) => one('Conv2DBackpropInput', windows(by), [sizes, kernel, dy])),
    convKernelGradient: (x, shape, dy, by) =>
      withInts(shape, (sizes) => one('Conv2DBackpropFilter', windows(by), [x, sizes, dy])),

    addBias: (x, bias) => one('BiasAdd', [float, nhwc], [x, bias]),
    biasGradient: (dy) => one('BiasAddGrad', [float, nhwc], [dy]),

    batchNorm(x, gamma, beta, epsilon) {
      const none = tf.tensor1d([], 'float32');
      const outputs = many('FusedBatchNormV3', norm(epsilon, true), [x, gamma, beta, none, none], 6);
      none.dispose();
      const [y, mean, corrected, ...saved] = outputs;
      // The kernel divides by n - 1 what it gives as the variance.
      const n = x.size / mean.size;
      const variance = tf.mul(corrected, (n - 1) / n);
      corrected.dispose();
      return { y, mean, variance, saved };
    },
    batchNormGradient(dy, x, gamma, saved, epsilon) {
      const inputs = [dy, x, gamma, ...saved];
      const [gx, ggamma, gbeta, ...unused] = many('FusedBatchNormGradV3', norm(epsilon, true), inputs, 5);
      tf.dispose(unused);
      return { x: gx, gamma: ggamma, beta: gbeta };
    },
    batchNormInference(x, { gamma, beta, mean, variance }, epsilon) {
      const inputs = [x, gamma, beta, mean, variance];
      const [y, ...unused] = many('FusedBatchNormV3', norm(epsilon, false), inputs, 6);
      tf.dispose(unused);
      return y;
    },

    relu: (x) => one('Relu', [float], [x]),
    reluGradient: (dy, y) => one('ReluGrad', [float], [dy, y]),

    maxPool: (x, by) => one('MaxPool', pooling(by), [x]),
    maxPoolGradient: (dy, x, y, by) => one('MaxPoolGrad', pooling(by), [x, y, dy]),

    upsample: (x) =>
      withInts([2 * (x.shape[1] as number), 2 * (x.shape[2] as number)], (sizes) =>
        one('ResizeNearestNeighbor', [float], [x, sizes]),
      ),
    // The sum of 2 x 2 is four times their mean, and a mean is quicker than ResizeNearestNeighborGrad, which adds pixel by pixel.
    upsampleGradient(dy) {
      const mean = one('AvgPool', halving, [dy]);
      const sum = tf.mul(mean, 4);
      mean.dispose();
      return sum;
    },

    averagePoolGradient: (dy, [n, height, width, channels]) =>
      tf.tidy(() => {
        const shared = tf.reshape(tf.mul(dy, 1 / (height * width)), [n, 1, 1, channels]);
        return tf.tile(shared, [1, height, width, 1]);
      }),

    add: (a, b) => one('AddV2', [float], [a, b]),
    ...commonPlanes(tf),

    softmaxCrossEntropy(logits, labels) {
      const types = [float, attribute.int32('Tlabels')];
      const [losses, gradient] = many('SparseSoftmaxCrossEntropyWithLogits', types, [logits, labels], 2);
      return { losses, gradient };
    },

    halfSquares: (x) => one('L2Loss', [float], [x]),
  };
}
