import type { Tensor } from '@tensorflow/tfjs-core';
import type { Runner, TrainerTf } from './node-backend.js';
import type { Dims, Ops, Variable } from './ops.js';

/** TensorFlow's name for a variable that no other can name: it ends with its last handle. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

interface NativeVariable extends Variable {
  /** TensorFlow.js takes it for a tensor of text. */
  handle: Tensor;
}

/** Weights in TensorFlow's own variables, which its optimizers change where they lie: one pass over each in place of ten. */
export function nativeVariables(
  tf: TrainerTf,
  { one, many, attribute }: Runner,
): Pick<Ops, 'variable' | 'moveTowards' | 'adam' | 'sgd'> {
  const float = attribute.float32('T');
  const dtype = attribute.float32('dtype');

  function createVariable(value: Tensor): NativeVariable {
    const shape: Dims = value.shape;
    const attributes = [dtype, attribute.shape('shape', shape), attribute.string('shared_name', ANONYMOUS)];
    const handle = tf.keep(one('VarHandleOp', attributes, []));
    const assign = (next: Tensor) => void many('AssignVariableOp', [dtype], [handle, next], 0);
    assign(value);
    return {
      shape,
      handle,
      read: () => one('ReadVariableOp', [dtype], [handle]),
      assign,
      dispose: () => handle.dispose(),
    };
  }

  /** Runs an update with numbers as the scalars that operators take. */
  function withScalars(values: number[], use: (...scalars: Tensor[]) => void): void {
    const scalars = values.map((value) => tf.scalar(value, 'float32'));
    use(...scalars);
    tf.dispose(scalars);
  }
  const handleOf = (variable: Variable) => (variable as NativeVariable).handle;

  return {
    variable: createVariable,
    moveTowards(variable, target, by) {
      const now = variable.read();
      const way = tf.sub(now, target);
      now.dispose();
      withScalars([by], (rate) => {
        many('ResourceApplyGradientDescent', [float], [handleOf(variable), rate, way], 0);
      });
      way.dispose();
    },
    adam(updates, { rate, beta1, beta2, epsilon }) {
      for (const step of new Set(updates.map((update) => update.step))) {
        withScalars([beta1 ** step, beta2 ** step, rate, beta1, beta2, epsilon], (...scalars) => {
          for (const { variable, m, v, gradient } of updates.filter((update) => update.step === step)) {
            const inputs = [...[variable, m, v].map(handleOf), ...scalars, gradient];
            many('ResourceApplyAdam', [float], inputs, 0);
          }
        });
      }
    },
    sgd(updates, { rate, momentum }) {
      withScalars([rate, momentum], (byRate, byMomentum) => {
        for (const { variable, velocity, gradient } of updates) {
          const target = handleOf(variable);
          if (velocity === null) many('ResourceApplyGradientDescent', [float], [target, byRate, gradient], 0);
          else {
            const inputs = [target, handleOf(velocity), byRate, gradient, byMomentum];
            many('ResourceApplyKerasMomentum', [float], inputs, 0);
          }
        }
      });
    },
  };
}
