import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { commonPlanes } from './common-planes.js';
import { composedVariables } from './composed-variables.js';
import type { TrainerTf } from './node-backend.js';
import type { Convolution, Ops, Pooling } from './ops.js';

/**
 * By what every TensorFlow.js has. What goes forward is written down once, and a gradient is what `tf.grad` makes of it, computing it once
 * more: slower than kernels of its own, and independent of them.
 */
export function composedOps(tf: TrainerTf): Ops {
  type Forward = (...inputs: Tensor[]) => Tensor;
  const gradients = (forward: Forward, inputs: Tensor[], dy: Tensor): Tensor[] => tf.grads(forward)(inputs, dy);

  const conv = (x: Tensor, kernel: Tensor, { strides, padding }: Convolution) =>
    tf.conv2d(x as Tensor4D, kernel as Tensor4D, [...strides], padding);
  const pool = (x: Tensor, { size, strides, padding }: Pooling) =>
    tf.maxPool(x as Tensor4D, [...size], [...strides], padding);
  // Not by resizeNearestNeighbor, whose gradient TF.js's own backends get wrong for some sizes, such as 5.
  const upsample = (x: Tensor) => {
    const [n, height, width, channels] = x.shape as [number, number, number, number];
    const rows = tf.tile(tf.reshape(x, [n * height, 1, width * channels]), [1, 2, 1]);
    const pixels = tf.tile(tf.reshape(rows, [2 * n * height * width, 1, channels]), [1, 2, 1]);
    return tf.reshape(pixels, [n, 2 * height, 2 * width, channels]);
  };
  const moments = (x: Tensor) => tf.moments(x, [0, 1, 2]);
  const normalise = (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => {
    const { mean, variance } = moments(x);
    return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), gamma), beta);
  };

  const ops: Omit<Ops, 'variable' | 'moveTowards' | 'adam' | 'sgd'> = {
    conv,
    convInputGradient: (shape, kernel, dy, by) => gradients((x) => conv(x, kernel, by), [tf.zeros([...shape])], dy)[0],
    convKernelGradient: (x, shape, dy, by) => gradients((kernel) => conv(x, kernel, by), [tf.zeros([...shape])], dy)[0],

    addBias: (x, bias) => tf.add(x, bias),
    biasGradient: (dy) => tf.sum(dy, [0, 1, 2]),

    batchNorm: (x, gamma, beta, epsilon) => ({ y: normalise(x, gamma, beta, epsilon), ...moments(x), saved: [] }),
    batchNormGradient(dy, x, gamma, _saved, epsilon) {
      const forward: Forward = (a, b, c) => normalise(a, b, c, epsilon);
      const [gx, ggamma, gbeta] = gradients(forward, [x, gamma, tf.zerosLike(gamma)], dy);
      return { x: gx, gamma: ggamma, beta: gbeta };
    },
    batchNormInference: (x, { gamma, beta, mean, variance }, epsilon) =>
      tf.batchNorm4d(x as Tensor4D, mean as never, variance as never, beta as never, gamma as never, epsilon),

    relu: (x) => tf.relu(x),
    reluGradient: (dy, y) => gradients((a) => tf.relu(a), [y], dy)[0],

    maxPool: pool,
    maxPoolGradient: (dy, x, _y, by) => gradients((a) => pool(a, by), [x], dy)[0],

    upsample,
    upsampleGradient(dy) {
      const [n, height, width, channels] = dy.shape as [number, number, number, number];
      return gradients(upsample, [tf.zeros([n, height / 2, width / 2, channels])], dy)[0];
    },

    averagePoolGradient: (dy, shape) => gradients((x) => tf.mean(x, [1, 2]), [tf.zeros([...shape])], dy)[0],

    add: (a, b) => tf.add(a, b),
    ...commonPlanes(tf),

    // Written out: it is called while another gradient is taken, where `tf.grads` sees no operations.
    softmaxCrossEntropy(logits, labels) {
      const ones = tf.oneHot(labels as Tensor1D, logits.shape[1] as number);
      return {
        losses: tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), ones), 1)),
        gradient: tf.sub(tf.softmax(logits), ones),
      };
    },

    halfSquares: (x) => tf.mul(tf.sum(tf.square(x)), 0.5),
  };
  return { ...tidied(tf, ops), ...composedVariables(tf) };
}

/** The same functions, leaving behind what they return and nothing else. */
function tidied<T extends object>(tf: TrainerTf, functions: T): T {
  const entries = Object.entries(functions).map(([name, use]) => [
    name,
    (...inputs: unknown[]) => tf.tidy(() => (use as (...given: unknown[]) => Tensor)(...inputs)),
  ]);
  return Object.fromEntries(entries) as T;
}
