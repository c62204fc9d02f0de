import type { Scalar } from '@tensorflow/tfjs-core';
import type { DiceSpec } from './loss-spec.js';
import type { LossKit, Term } from './loss-term.js';
import { overlaps } from './overlaps.js';

export function dice(kit: LossKit, spec: DiceSpec): Term {
  const { tf } = kit;
  return (logits, target) => {
    const { both, predicted, truth } = overlaps(kit, spec, logits, target);
    const below = tf.add(tf.add(predicted, truth), spec.smooth);
    return tf.sub(1, tf.mean(tf.div(tf.add(tf.mul(both, 2), spec.smooth), below))) as Scalar;
  };
}
