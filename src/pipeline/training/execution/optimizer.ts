import type { Tensor } from '@tensorflow/tfjs-core';
import { UsageError } from '../../errors.js';
import type { TrainerTf } from '../kernels/node-backend.js';
import type { Ops, Variable } from '../kernels/ops.js';
import type { OptimizerSpec } from '../trainer.js';

/** What the optimizer remembers of a weight: Adam's two moments, or SGD's velocity; and how often the weight was updated. */
export interface Slot {
  moments: Record<string, Variable>;
  steps: number;
}

export interface Optimizer {
  /** By weight; those that have learned. What begins to learn late begins with Adam's first step. */
  slots: Map<string, Slot>;
  /** Names of a slot's moments. */
  moments: readonly string[];
  /** Takes the gradients, by weight, for itself. @param norm of all of them together */
  apply(gradients: Map<string, Tensor>, norm: number, rate: number): void;
}

/** @throws UsageError where a setting is out of its range */
export function createOptimizer(
  { tf, ops, variables }: { tf: TrainerTf; ops: Ops; variables: ReadonlyMap<string, Variable> },
  spec: OptimizerSpec,
): Optimizer {
  const { kind, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, momentum = 0, clipNorm } = spec;
  const fractions = Object.entries({ beta1, beta2, momentum });
  const wrong = fractions.find(([, value]) => !(value >= 0 && value < 1));
  if (wrong) throw new UsageError(`${kind}: ${wrong[0]} is ${wrong[1]}; it has to be at least 0 and below 1`);
  if (!(epsilon > 0)) throw new UsageError(`${kind}: epsilon is ${epsilon}; it has to be above 0`);
  if (clipNorm !== null && !(clipNorm > 0)) {
    throw new UsageError(`the norm that gradients are clipped to is ${clipNorm}; it has to be above 0`);
  }

  const moments = kind === 'adam' ? ['m', 'v'] : momentum > 0 ? ['velocity'] : [];
  const slots = new Map<string, Slot>();

  function slotOf(name: string): Slot {
    const known = slots.get(name);
    if (known) return known;
    const zeros = tf.zeros([...(variables.get(name) as Variable).shape]);
    const slot = { moments: Object.fromEntries(moments.map((moment) => [moment, ops.variable(zeros)])), steps: 0 };
    zeros.dispose();
    slots.set(name, slot);
    return slot;
  }

  function apply(gradients: Map<string, Tensor>, norm: number, rate: number): void {
    if (clipNorm !== null && norm > clipNorm) scale(gradients, clipNorm / norm);
    const updates = [...gradients].map(([name, gradient]) => {
      const slot = slotOf(name);
      slot.steps++;
      const { m, v, velocity = null } = slot.moments;
      return { variable: variables.get(name) as Variable, gradient, m, v, velocity, step: slot.steps };
    });
    if (kind === 'adam') ops.adam(updates, { rate, beta1, beta2, epsilon });
    else ops.sgd(updates, { rate, momentum });
    tf.dispose(updates.map(({ gradient }) => gradient));
  }

  function scale(gradients: Map<string, Tensor>, factor: number): void {
    for (const [name, gradient] of gradients) {
      gradients.set(name, tf.mul(gradient, factor));
      gradient.dispose();
    }
  }

  return { slots, moments, apply };
}
