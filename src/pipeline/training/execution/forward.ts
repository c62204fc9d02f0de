import type { Tensor } from '@tensorflow/tfjs-core';
import type { TrainerTf } from '../kernels/node-backend.js';
import type { BatchNormed, Dims, Ops, Variable } from '../kernels/ops.js';
import type { Weights } from './layer-rule.js';
import type { Plan, PlannedLayer } from './plan.js';

/** What a network is run with. */
export interface Machine {
  tf: TrainerTf;
  ops: Ops;
  plan: Plan;
  /** By `conv1_conv/kernel`. */
  variables: ReadonlyMap<string, Variable>;
}

/** A layer that has been run and that a gradient has to come back to. */
export interface TapeEntry {
  layer: PlannedLayer;
  saved: Tensor[];
  inputShapes: Dims[];
}

export interface ForwardPass {
  /** Of the last layer, before its softmax: N x height x width x classes; a classifier's: N x classes. */
  logits: Tensor;
  /** In the order in which they ran; empty where nothing is to learn. */
  tape: TapeEntry[];
  /** Of each batch norm that went by the batch. */
  statistics: Map<string, Pick<BatchNormed, 'mean' | 'variance'>>;
}

/**
 * Runs the layers one after the other. What no later layer takes and no gradient needs is freed at once. In training, layers that
 * learn have batch norm by the batch, and frozen ones by their moving averages.
 */
export function runForward(machine: Machine, images: Tensor, training: boolean): ForwardPass {
  const { tf, ops, plan } = machine;
  const share = <T extends Tensor>(tensor: T) => tf.clone(tensor);
  const outputs = new Map<string, Tensor>([[plan.input, images]]);
  const left = new Map(plan.layers.map(({ name, uses }) => [name, uses]));
  const tape: TapeEntry[] = [];
  const statistics: ForwardPass['statistics'] = new Map();

  for (const layer of plan.layers) {
    const { name, rule, config, learns, reached } = layer;
    const inputs = layer.inputs.map((input) => outputs.get(input) as Tensor);
    const weights = readWeights(machine, layer, training);
    const learning = training && reached;
    const context = { ops, config, weights, training: training && learns, learning, share };
    const result = rule.forward(inputs, context);
    tf.dispose(Object.values(weights));
    outputs.set(name, result.output);
    if (learning) tape.push({ layer, saved: result.saved, inputShapes: inputs.map(({ shape }) => shape) });
    if (result.statistics) statistics.set(name, withBias(machine, layer, result.statistics));
    for (const input of layer.inputs) {
      const uses = (left.get(input) ?? Number.POSITIVE_INFINITY) - 1;
      left.set(input, uses);
      if (uses === 0) outputs.get(input)?.dispose();
    }
  }
  return { logits: outputs.get(plan.output) as Tensor, tape, statistics };
}

/** The caller disposes them before their variables are updated, which would copy them else. */
export function readWeights({ plan, variables }: Machine, { weights }: PlannedLayer, training: boolean): Weights {
  const wanted = training ? weights.filter(({ name }) => !plan.cancelled.has(name)) : weights;
  return Object.fromEntries(wanted.map(({ name, role }) => [role, (variables.get(name) as Variable).read()]));
}

/** The mean as it would be had the convolution added its bias. */
function withBias<S extends Pick<BatchNormed, 'mean'>>(machine: Machine, { cancels }: PlannedLayer, statistics: S): S {
  if (cancels === null) return statistics;
  const { tf, variables } = machine;
  const bias = (variables.get(cancels) as Variable).read();
  const mean = tf.add(statistics.mean, bias);
  tf.dispose([statistics.mean, bias]);
  return { ...statistics, mean };
}
