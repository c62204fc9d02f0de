import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { DiceSpec, TverskySpec } from './loss-spec.js';
import type { LossKit, Target } from './loss-term.js';

/** A class each, or an image and class each: sums over the pixels that count. */
export interface Overlaps {
  /** Of p t, p the probabilities and t the truth as ones and zeros. */
  both: Tensor;
  predicted: Tensor;
  truth: Tensor;
}

export function overlaps(
  { tf, classes }: LossKit,
  { over, background }: Pick<DiceSpec | TverskySpec, 'over' | 'background'>,
  logits: Tensor2D,
  { count, labels, counted }: Target,
): Overlaps {
  const only = (planes: Tensor) => (counted === null ? planes : tf.mul(planes, counted));
  const p = only(tf.softmax(logits));
  const t = only(tf.cast(tf.oneHot(labels, classes), 'float32'));
  const first = background ? 0 : 1;
  const total = (planes: Tensor) => {
    const sums = over === 'batch' ? tf.sum(planes, 0, true) : tf.sum(tf.reshape(planes, [count, -1, classes]), 1);
    return tf.slice(sums, [0, first], [-1, classes - first]);
  };
  return { both: total(tf.mul(p, t)), predicted: total(p), truth: total(t) };
}
