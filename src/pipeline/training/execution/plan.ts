import { inputsOf } from '../networks/shapes.js';
import { type WeightSpec, weightSpecs } from '../networks/weight-specs.js';
import type { LayerNode, ModelTopology } from '../trainer.js';
import type { LayerRule } from './layer-rule.js';
import { LAYER_RULES } from './layer-rules.js';

/** A layer as it is run. */
export interface PlannedLayer {
  name: string;
  rule: LayerRule;
  config: LayerNode['config'];
  /** Names of the layers whose outputs it takes. */
  inputs: string[];
  weights: WeightSpec[];
  /** Not frozen. */
  learns: boolean;
  /** Whether a gradient has to come here: it has weights that learn, or something that it takes has. */
  reached: boolean;
  /** How many layers take its output. */
  uses: number;
  /**
   * Of batch norm, the bias of the convolution that nothing else takes: subtracted with the batch's mean, it changes nothing in training but
   * the mean that is kept, and has no gradient. So that convolution is computed without it then.
   */
  cancels: string | null;
}

export interface Plan {
  input: string;
  /** Its values are the logits: a softmax behind it is the loss's affair. */
  output: string;
  /** Each comes after what it takes; without the input. */
  layers: PlannedLayer[];
  /** All that some layer `cancels`. */
  cancelled: ReadonlySet<string>;
}

/** @param frozen names of layers; none of them may lie behind one that learns (`frozenLayers`) */
export function planNetwork(topology: ModelTopology, frozen: ReadonlySet<string>): Plan {
  const { layers: all, output_layers } = topology.config;
  const last = all.find(({ name }) => name === output_layers[0][0]) as LayerNode;
  const isSoftmax = last.class_name === 'Activation' && last.config.activation === 'softmax';
  const output = isSoftmax ? inputsOf(last)[0] : last.name;
  const [input, ...nodes] = isSoftmax ? all.filter((node) => node !== last) : all;
  const specs = weightSpecs(topology);
  const planned = new Map<string, PlannedLayer>();
  for (const node of nodes) {
    const inputs = inputsOf(node);
    const weights = specs.filter(({ layer }) => layer === node.name);
    const learns = !frozen.has(node.name);
    const reached = (learns && weights.length > 0) || inputs.some((name) => planned.get(name)?.reached);
    if (reached && !learns) throw new TypeError(`${node.name} is frozen, and lies behind a layer that learns`);
    const rule = LAYER_RULES[node.class_name as keyof typeof LAYER_RULES];
    planned.set(node.name, {
      name: node.name,
      rule,
      config: node.config,
      inputs,
      weights,
      learns,
      reached,
      uses: 0,
      cancels: null,
    });
    for (const name of inputs) {
      const source = planned.get(name);
      if (source) source.uses++;
    }
  }
  for (const { name, class_name } of nodes) {
    if (class_name !== 'BatchNormalization') continue;
    const layer = planned.get(name) as PlannedLayer;
    const source = planned.get(layer.inputs[0]);
    if (!layer.learns || source?.uses !== 1) continue;
    layer.cancels = source.weights.find(({ role }) => role === 'bias')?.name ?? null;
  }
  const layers = [...planned.values()];
  const cancelled = new Set(layers.flatMap(({ cancels }) => cancels ?? []));
  return { input: input.name, output, layers, cancelled };
}
