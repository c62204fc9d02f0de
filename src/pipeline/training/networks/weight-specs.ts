import type { LayerNode, ModelTopology } from '../trainer.js';
import { inputsOf, outputShapes, type Shape } from './shapes.js';

/** `kernel` and `bias` of a convolution; the other four of batch norm. */
export type WeightRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'moving_mean' | 'moving_variance';

export interface WeightSpec {
  /** `conv1_conv/kernel` */
  name: string;
  layer: string;
  role: WeightRole;
  shape: readonly number[];
  /** Values that a kernel sums up for one of its outputs; 1 for all other weights. */
  fanIn: number;
  /** False for moving averages, which no gradient reaches. */
  learns: boolean;
}

/** All weights of a network, layer by layer, each layer's in the order of its `getWeights()`. */
export function weightSpecs(topology: ModelTopology): WeightSpec[] {
  const shapes = outputShapes(topology);
  return topology.config.layers.flatMap((layer) => {
    const inputs = inputsOf(layer).map((name) => shapes.get(name) as Shape);
    return weightsOf(layer, inputs).map(([role, shape]) => ({
      name: `${layer.name}/${role}`,
      layer: layer.name,
      role,
      shape,
      fanIn: role === 'kernel' ? fanIn(layer, shape) : 1,
      learns: !role.startsWith('moving_'),
    }));
  });
}

/** Of a transposed convolution's windows, each output lies in size / stride along either side. */
function fanIn({ class_name, config }: LayerNode, [height, width, inputs, outputs]: readonly number[]): number {
  if (class_name === 'Conv2D') return height * width * inputs;
  const [down, across] = config.strides as number[];
  return (height / down) * (width / across) * outputs;
}

function weightsOf({ class_name, config }: LayerNode, inputs: Shape[]): [WeightRole, number[]][] {
  const channels = inputs[0]?.[2];
  const filters = config.filters as number;
  const bias: [WeightRole, number[]][] = config.use_bias ? [['bias', [filters]]] : [];
  switch (class_name) {
    case 'Conv2D':
      return [['kernel', [...(config.kernel_size as number[]), channels, filters]], ...bias];
    case 'Conv2DTranspose':
      return [['kernel', [...(config.kernel_size as number[]), filters, channels]], ...bias];
    case 'BatchNormalization':
      return (['gamma', 'beta', 'moving_mean', 'moving_variance'] as const).map((role) => [role, [channels]]);
    default:
      return [];
  }
}
