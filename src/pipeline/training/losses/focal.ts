import type { Scalar } from '@tensorflow/tfjs-core';
import { crossEntropy } from './cross-entropy.js';
import type { FocalSpec } from './loss-spec.js';
import { type LossKit, pixelCrossEntropy, type Term } from './loss-term.js';
import { pixelWeights } from './pixel-weights.js';

/** Below it 1 - p has no digits left, and its power no finite slope where gamma is below 1. */
const LEAST = 1e-7;

/** From the cross-entropy l = -log p: (1 - e^-l)^gamma l. */
export function focal(kit: LossKit, { gamma, classWeights, normalise }: FocalSpec): Term {
  if (gamma === 0) return crossEntropy(kit, { kind: 'cross-entropy', classWeights, normalise });
  const { tf } = kit;
  return (logits, target) => {
    const weights = tf.tensor1d(pixelWeights(target.classes, classWeights, normalise));
    const losses = pixelCrossEntropy(kit, logits, target);
    const missing = tf.maximum(tf.neg(tf.expm1(tf.neg(losses))), LEAST);
    return tf.sum(tf.mul(tf.mul(tf.pow(missing, gamma), losses), weights)) as Scalar;
  };
}
