import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { TrainerTf } from '../kernels/node-backend.js';
import type { Ops } from '../kernels/ops.js';

/** What the terms of a loss are made with. */
export interface LossKit {
  tf: TrainerTf;
  ops: Ops;
  classes: number;
}

/** The annotation of a batch of N images; P pixels in all. */
export interface Target {
  count: number;
  /** P class indices, `IGNORED` where a pixel doesn't count. */
  classes: Uint8Array;
  /** The same as int32, with 0 where a pixel doesn't count. */
  labels: Tensor1D;
  /** P x 1, 1 where a pixel counts and 0 where not; null where all of them do. */
  counted: Tensor2D | null;
}

/** A loss of P x C logits. Called within `tf.tidy` and, for its gradient, within `tf.valueAndGrad`. */
export type Term = (logits: Tensor2D, target: Target) => Scalar;

/** -log softmax at the label, a pixel each, with the kernel's own gradient. */
export function pixelCrossEntropy({ tf, ops }: LossKit, logits: Tensor2D, { labels }: Target): Tensor1D {
  const withGradient = tf.customGrad((x, save) => {
    const { losses, gradient } = ops.softmaxCrossEntropy(x as Tensor, labels);
    (save as (tensors: Tensor[]) => void)([gradient]);
    return {
      value: losses,
      gradFunc: (dy, saved) => tf.mul((saved as Tensor[])[0], tf.expandDims(dy, 1)),
    };
  });
  return withGradient(logits) as Tensor1D;
}
