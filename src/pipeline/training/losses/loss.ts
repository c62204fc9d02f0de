import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { IGNORED } from '../trainer.js';
import { checkLoss } from './check-loss.js';
import { crossEntropy } from './cross-entropy.js';
import { dice } from './dice.js';
import { focal } from './focal.js';
import type { LossSpec, LossTerm } from './loss-spec.js';
import type { LossKit, Target, Term } from './loss-term.js';
import { tversky } from './tversky.js';

export interface Loss {
  value(logits: Tensor2D, classes: Uint8Array, count: number): Scalar;
  /** @returns the gradient with respect to the logits beside it */
  withGradient(logits: Tensor2D, classes: Uint8Array, count: number): { value: Scalar; gradient: Tensor2D };
}

/**
 * The loss of P x C logits against P class indices of `count` images.
 * @throws UsageError where the loss can't be computed
 */
export function createLoss(kit: LossKit, spec: LossSpec): Loss {
  checkLoss(spec, kit.classes);
  const { tf } = kit;
  const terms = spec.terms.map((term) => ({ weight: term.weight, of: createTerm(kit, term) }));
  const total = (logits: Tensor2D, target: Target) =>
    tf.addN(terms.map(({ weight, of }) => tf.mul(of(logits, target), weight))) as Scalar;
  return {
    value: (logits, classes, count) => tf.tidy(() => total(logits, createTarget(kit, classes, count))),
    withGradient: (logits, classes, count) =>
      tf.tidy(() => {
        const target = createTarget(kit, classes, count);
        const { value, grad } = tf.valueAndGrad((x) => total(x as Tensor2D, target))(logits);
        return { value, gradient: grad as Tensor2D };
      }),
  };
}

function createTerm(kit: LossKit, term: LossTerm): Term {
  switch (term.kind) {
    case 'cross-entropy':
      return crossEntropy(kit, term);
    case 'focal':
      return focal(kit, term);
    case 'dice':
      return dice(kit, term);
    case 'tversky':
      return tversky(kit, term);
  }
}

function createTarget({ tf }: LossKit, classes: Uint8Array, count: number): Target {
  const all = !classes.includes(IGNORED);
  const labels = all ? new Int32Array(classes) : Int32Array.from(classes, (label) => (label === IGNORED ? 0 : label));
  const counted = all ? null : Float32Array.from(classes, (label) => Number(label !== IGNORED));
  return {
    count,
    classes,
    labels: tf.tensor1d(labels, 'int32'),
    counted: counted && tf.tensor2d(counted, [counted.length, 1]),
  };
}
