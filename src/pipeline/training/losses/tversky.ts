import type { Scalar } from '@tensorflow/tfjs-core';
import type { TverskySpec } from './loss-spec.js';
import type { LossKit, Term } from './loss-term.js';
import { overlaps } from './overlaps.js';

export function tversky(kit: LossKit, spec: TverskySpec): Term {
  const { tf } = kit;
  return (logits, target) => {
    const { both, predicted, truth } = overlaps(kit, spec, logits, target);
    const above = tf.add(both, spec.smooth);
    const falsePositives = tf.mul(tf.sub(predicted, both), spec.alpha);
    const falseNegatives = tf.mul(tf.sub(truth, both), spec.beta);
    return tf.sub(1, tf.mean(tf.div(above, tf.add(above, tf.add(falsePositives, falseNegatives))))) as Scalar;
  };
}
