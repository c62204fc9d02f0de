import type { Tensor } from '@tensorflow/tfjs-core';
import { type Machine, readWeights, type TapeEntry } from './forward.js';

/**
 * The gradients of all weights that learn, by name, from that of the logits. Takes the tape and `gradient` for itself: each entry's
 * tensors, and each plane's gradient, are freed when they have been used. Nothing is computed for what does not learn.
 */
export function runBackward(machine: Machine, tape: TapeEntry[], gradient: Tensor): Map<string, Tensor> {
  const { tf, ops, plan } = machine;
  const share = <T extends Tensor>(tensor: T) => tf.clone(tensor);
  const reached = new Set(plan.layers.filter((layer) => layer.reached).map(({ name }) => name));
  const pending = new Map<string, Tensor>([[plan.output, gradient]]);
  const found = new Map<string, Tensor>();

  for (let entry = tape.pop(); entry !== undefined; entry = tape.pop()) {
    const { layer, saved, inputShapes } = entry;
    const dy = pending.get(layer.name) as Tensor;
    pending.delete(layer.name);
    const weights = readWeights(machine, layer, true);
    const result = layer.rule.backward(dy, {
      ops,
      config: layer.config,
      weights,
      saved,
      inputShapes,
      wanted: layer.inputs.map((input) => reached.has(input)),
      learns: layer.learns,
      share,
    });
    tf.dispose([dy, ...saved, ...Object.values(weights)]);
    for (const [role, value] of Object.entries(result.weights)) found.set(`${layer.name}/${role}`, value);
    for (const [index, dx] of result.inputs.entries()) if (dx !== null) addTo(layer.inputs[index], dx);
  }
  return found;

  /** A plane that several layers take has the sum of their gradients. */
  function addTo(name: string, dx: Tensor): void {
    const before = pending.get(name);
    if (before === undefined) {
      pending.set(name, dx);
      return;
    }
    pending.set(name, ops.add(before, dx));
    tf.dispose([before, dx]);
  }
}
