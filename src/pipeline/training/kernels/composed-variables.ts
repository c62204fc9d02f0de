import type { Tensor } from '@tensorflow/tfjs-core';
import type { TrainerTf } from './node-backend.js';
import type { Ops, Variable } from './ops.js';

/** Weights in tensors that are replaced by their successors. */
export function composedVariables(tf: TrainerTf): Pick<Ops, 'variable' | 'moveTowards' | 'adam' | 'sgd'> {
  function createVariable(value: Tensor): Variable {
    let now = tf.keep(tf.clone(value));
    return {
      shape: value.shape,
      read: () => tf.clone(now),
      assign(next) {
        now.dispose();
        now = tf.keep(tf.clone(next));
      },
      dispose: () => now.dispose(),
    };
  }

  /** Assigns what is computed from the variable's values. */
  function update(variable: Variable, next: (now: Tensor) => Tensor): void {
    tf.tidy(() => variable.assign(next(variable.read())));
  }
  const towards = (variable: Variable, target: Tensor, by: number) =>
    update(variable, (now) => tf.add(now, tf.mul(tf.sub(target, now), by)));

  return {
    variable: createVariable,
    moveTowards: towards,
    adam(updates, { rate, beta1, beta2, epsilon }) {
      for (const { variable, m, v, gradient, step } of updates) {
        const corrected = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
        tf.tidy(() => {
          towards(m, gradient, 1 - beta1);
          towards(v, tf.square(gradient), 1 - beta2);
          const move = tf.div(m.read(), tf.add(tf.sqrt(v.read()), epsilon));
          update(variable, (now) => tf.sub(now, tf.mul(move, corrected)));
        });
      }
    },
    sgd(updates, { rate, momentum }) {
      for (const { variable, velocity, gradient } of updates) {
        tf.tidy(() => {
          const move = tf.mul(gradient, -rate);
          if (velocity !== null) update(velocity, (now) => tf.add(tf.mul(now, momentum), move));
          update(variable, (now) => tf.add(now, velocity === null ? move : velocity.read()));
        });
      }
    },
  };
}
