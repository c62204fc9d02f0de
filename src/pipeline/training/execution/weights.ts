import { UsageError, WorkError } from '../../errors.js';
import type { TrainerTf } from '../kernels/node-backend.js';
import type { Ops, Variable } from '../kernels/ops.js';
import { initialWeight } from '../networks/initial-weights.js';
import type { WeightSpec } from '../networks/weight-specs.js';
import type { NamedTensor } from '../trainer.js';

export interface WeightSources {
  /** The last layer that has weights, which are drawn for a softmax. */
  last: string;
  seed: number;
  /** The encoder's weights, in place of drawn ones; null: there are none. */
  encoder: { layers: ReadonlySet<string>; weights: readonly NamedTensor[] } | null;
}

/** One variable for each weight. @throws UsageError where the encoder's weights are not those of this encoder */
export function createWeights(
  tf: TrainerTf,
  ops: Ops,
  specs: readonly WeightSpec[],
  { last, seed, encoder }: WeightSources,
): Map<string, Variable> {
  const given = encoder ? encoderValues(specs, encoder) : new Map<string, Float32Array>();
  return new Map(
    specs.map((spec) => {
      const values = given.get(spec.name) ?? initialWeight(spec, spec.layer === last, seed);
      return [spec.name, createVariable(tf, ops, spec.shape, values)];
    }),
  );
}

export function createVariable(tf: TrainerTf, ops: Ops, shape: readonly number[], values: Float32Array): Variable {
  const tensor = tf.tensor(values, [...shape], 'float32');
  try {
    return ops.variable(tensor);
  } finally {
    tensor.dispose();
  }
}

export async function readVariable(variable: Variable): Promise<Float32Array> {
  const tensor = variable.read();
  try {
    // A copy: some backends give the memory that they go on with.
    return ((await tensor.data()) as Float32Array).slice();
  } finally {
    tensor.dispose();
  }
}

function encoderValues(
  specs: readonly WeightSpec[],
  { layers, weights }: NonNullable<WeightSources['encoder']>,
): Map<string, Float32Array> {
  const wanted = specs.filter(({ layer }) => layers.has(layer));
  const trouble = mismatch(wanted, weights);
  if (trouble !== null) throw new UsageError(`the encoder's weights don't fit: ${trouble}`);
  return new Map(weights.map(({ name, values }) => [name, values]));
}

/** What is wrong with tensors that should be these and no others; null where nothing is. */
export function mismatch(
  wanted: readonly { name: string; shape: readonly number[] }[],
  found: readonly NamedTensor[],
): string | null {
  const byName = new Map(found.map((tensor) => [tensor.name, tensor]));
  const missing = wanted.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  if (missing.length > 0) return `${listed(missing)} of ${wanted.length} are missing`;
  for (const { name, shape } of wanted) {
    const tensor = byName.get(name) as NamedTensor;
    const size = shape.reduce((product, each) => product * each, 1);
    if (tensor.shape.join() !== shape.join() || tensor.values.length !== size) {
      return `${name} is ${tensor.shape.join(' x ')} (${tensor.values.length} values), and has to be ${shape.join(' x ')}`;
    }
  }
  const names = new Set(wanted.map(({ name }) => name));
  const foreign = found.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  return foreign.length > 0 ? `${listed(foreign)} belong to no weight of it` : null;
}

function listed(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** @throws WorkError that says what is wrong with a saved state */
export function requireMatch(wanted: Parameters<typeof mismatch>[0], found: readonly NamedTensor[]): void {
  const trouble = mismatch(wanted, found);
  if (trouble !== null) throw new WorkError(`the saved state is of another network or optimizer: ${trouble}`);
}
