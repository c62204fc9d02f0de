import type { Scalar } from '@tensorflow/tfjs-core';
import type { CrossEntropySpec } from './loss-spec.js';
import { type LossKit, pixelCrossEntropy, type Term } from './loss-term.js';
import { pixelWeights } from './pixel-weights.js';

export function crossEntropy(kit: LossKit, { classWeights, normalise }: CrossEntropySpec): Term {
  const { tf } = kit;
  return (logits, target) => {
    const weights = tf.tensor1d(pixelWeights(target.classes, classWeights, normalise));
    return tf.sum(tf.mul(pixelCrossEntropy(kit, logits, target), weights)) as Scalar;
  };
}
