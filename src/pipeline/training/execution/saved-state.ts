import type { TrainerTf } from '../kernels/node-backend.js';
import type { Ops, Variable } from '../kernels/ops.js';
import type { NamedTensor } from '../trainer.js';
import type { Optimizer } from './optimizer.js';
import { createVariable, readVariable, requireMatch } from './weights.js';

/** What a run is resumed from: a tensor for each weight, and for each slot of the optimizer its moments and number of steps. */
export interface Learned {
  variables: ReadonlyMap<string, Variable>;
  optimizer: Optimizer;
}

const momentName = (moment: string, weight: string) => `optimizer/${moment}/${weight}`;

export async function saveState({ variables, optimizer }: Learned): Promise<NamedTensor[]> {
  const state: NamedTensor[] = [];
  const save = async (name: string, variable: Variable) =>
    state.push({ name, shape: variable.shape, values: await readVariable(variable) });
  for (const [name, variable] of variables) await save(name, variable);
  for (const [name, { moments, steps }] of optimizer.slots) {
    for (const [moment, variable] of Object.entries(moments)) await save(momentName(moment, name), variable);
    state.push({ name: momentName('steps', name), shape: [], values: Float32Array.of(steps) });
  }
  return state;
}

/** @throws WorkError where it is not a state of this network and optimizer; nothing is changed then */
export function restoreState(tf: TrainerTf, ops: Ops, learned: Learned, state: readonly NamedTensor[]): void {
  const { variables, optimizer } = learned;
  const found = new Map(state.map((tensor) => [tensor.name, tensor]));
  const learning = [...variables].filter(([name]) => found.has(momentName('steps', name)));
  requireMatch(
    [
      ...[...variables].map(([name, { shape }]) => ({ name, shape })),
      ...learning.flatMap(([name, { shape }]) => [
        ...optimizer.moments.map((moment) => ({ name: momentName(moment, name), shape })),
        { name: momentName('steps', name), shape: [] },
      ]),
    ],
    state,
  );

  const valuesOf = (name: string) => (found.get(name) as NamedTensor).values;
  for (const [name, variable] of variables) {
    const tensor = tf.tensor(valuesOf(name), [...variable.shape], 'float32');
    variable.assign(tensor);
    tensor.dispose();
  }
  for (const { moments } of optimizer.slots.values()) for (const each of Object.values(moments)) each.dispose();
  optimizer.slots.clear();
  for (const [name, { shape }] of learning) {
    const moments = optimizer.moments.map((moment) => {
      return [moment, createVariable(tf, ops, shape, valuesOf(momentName(moment, name)))] as const;
    });
    optimizer.slots.set(name, {
      moments: Object.fromEntries(moments),
      steps: valuesOf(momentName('steps', name))[0],
    });
  }
}
