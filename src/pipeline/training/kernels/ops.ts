import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * What a training step computes, forward and backward, on float32 planes in NHWC. Two rooms implement it: `native-ops.ts` by TensorFlow's own
 * kernels, one for each, and `composed-ops.ts` by what every TensorFlow.js has, its gradients by its own differentiation: the
 * oracle of the first, and what trains elsewhere. Tensors that are given stay the caller's; those returned are the caller's too.
 */
export interface Ops {
  /** `y[n,i,j,f] = sum(x[n, i s + k, j s + l, c] kernel[k,l,c,f])`; kernel height x width x inputs x filters. */
  conv(x: Tensor, kernel: Tensor, by: Convolution): Tensor;
  /** Gradient with respect to x, which is the transposed convolution of dy. */
  convInputGradient(shape: Dims, kernel: Tensor, dy: Tensor, by: Convolution): Tensor;
  convKernelGradient(x: Tensor, shape: Dims, dy: Tensor, by: Convolution): Tensor;

  addBias(x: Tensor, bias: Tensor): Tensor;
  biasGradient(dy: Tensor): Tensor;

  /** Normalised by the batch's own mean and variance, each over N, H and W. */
  batchNorm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): BatchNormed;
  batchNormGradient(dy: Tensor, x: Tensor, gamma: Tensor, saved: Tensor[], epsilon: number): BatchNormGradient;
  /** Normalised by the mean and variance that are given. */
  batchNormInference(x: Tensor, scale: BatchNormScale, epsilon: number): Tensor;

  relu(x: Tensor): Tensor;
  /** dy where y = relu(x) is above 0. */
  reluGradient(dy: Tensor, y: Tensor): Tensor;

  maxPool(x: Tensor, by: Pooling): Tensor;
  /** dy goes to the highest of each window, to one of equals. */
  maxPoolGradient(dy: Tensor, x: Tensor, y: Tensor, by: Pooling): Tensor;

  /** Each pixel becomes 2 x 2. */
  upsample(x: Tensor): Tensor;
  upsampleGradient(dy: Tensor): Tensor;

  /** The mean of each plane: N x C. */
  averagePool(x: Tensor): Tensor;
  /** @param shape of x: N x H x W x C */
  averagePoolGradient(dy: Tensor, shape: Dims): Tensor;

  /** Zeros around the planes; `by` is top, bottom, left, right. */
  pad(x: Tensor, by: Margins): Tensor;
  padGradient(dy: Tensor, by: Margins): Tensor;

  add(a: Tensor, b: Tensor): Tensor;
  /** Along the channels. */
  concat(inputs: Tensor[]): Tensor;
  /** What `concat` joined, by the channels of each. */
  split(dy: Tensor, channels: readonly number[]): Tensor[];

  /**
   * -log softmax of each row at its label, and its gradient, softmax less one at the label: no row of labels as ones and zeros.
   * @param logits P x C
   * @param labels int32 P, 0 to C - 1
   */
  softmaxCrossEntropy(logits: Tensor, labels: Tensor): { losses: Tensor; gradient: Tensor };

  /** Half the sum of squares, a scalar. */
  halfSquares(x: Tensor): Tensor;

  /** A weight or an optimizer's slot that begins as a copy of `value`. */
  variable(value: Tensor): Variable;
  /** Variable += by x (target - variable): how moving averages move. */
  moveTowards(variable: Variable, target: Tensor, by: number): void;
  /**
   * Kingma & Ba 2014, in the form at the end of its section 2: m += (1 - beta1)(g - m), v += (1 - beta2)(g^2 - v),
   * w -= rate sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon).
   */
  adam(updates: readonly AdamUpdate[], by: AdamRates): void;
  /** Keras's SGD: velocity = momentum x velocity - rate x g, w += velocity. Without momentum there is no velocity. */
  sgd(updates: readonly SgdUpdate[], by: { rate: number; momentum: number }): void;
}

export type Dims = readonly number[];

export interface Convolution {
  strides: readonly [number, number];
  padding: 'same' | 'valid';
}

export interface Pooling extends Convolution {
  size: readonly [number, number];
}

export type Margins = readonly [number, number, number, number];

export interface BatchNormed {
  y: Tensor;
  mean: Tensor;
  /** The mean of squares about the mean: not corrected for the sample, as Keras 3 keeps it. */
  variance: Tensor;
  /** What `batchNormGradient` needs beside x and gamma; its meaning is the implementation's. */
  saved: Tensor[];
}

export interface BatchNormGradient {
  x: Tensor;
  gamma: Tensor;
  beta: Tensor;
}

export interface BatchNormScale {
  gamma: Tensor;
  beta: Tensor;
  mean: Tensor;
  variance: Tensor;
}

export interface Variable {
  readonly shape: Dims;
  /** A tensor with the values as they are; it costs no copy, and is to be disposed before the variable is updated. */
  read(): Tensor;
  /** Takes the values of a tensor that stays the caller's. */
  assign(value: Tensor): void;
  dispose(): void;
}

export interface AdamUpdate {
  variable: Variable;
  m: Variable;
  v: Variable;
  gradient: Tensor;
  /** t: how often the variable has been updated, this time included. */
  step: number;
}

export interface AdamRates {
  rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
}

export interface SgdUpdate {
  variable: Variable;
  velocity: Variable | null;
  gradient: Tensor;
}
