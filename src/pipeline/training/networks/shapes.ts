import type { LayerNode, ModelTopology } from '../trainer.js';

/** height, width, channels; of values without a place, channels alone */
export type Shape = readonly number[];

/** The names of the layers whose outputs a layer takes. */
export function inputsOf(layer: LayerNode): string[] {
  return (layer.inbound_nodes[0] ?? []).map(([name]) => name);
}

/** Shapes of all layers' outputs, without the batch. */
export function outputShapes({ config }: ModelTopology): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const layer of config.layers) {
    const inputs = inputsOf(layer).map((name) => shapes.get(name) as Shape);
    shapes.set(layer.name, outputShape(layer, inputs));
  }
  return shapes;
}

function outputShape({ class_name, config }: LayerNode, inputs: Shape[]): Shape {
  const [height, width, channels] = inputs[0] ?? [];
  switch (class_name) {
    case 'InputLayer':
      return (config.batch_input_shape as number[]).slice(1);
    case 'ZeroPadding2D': {
      const [[top, bottom], [left, right]] = config.padding as number[][];
      return [height + top + bottom, width + left + right, channels];
    }
    case 'Conv2D':
      return [...windows([height, width], config, 'kernel_size'), config.filters as number];
    case 'MaxPooling2D':
      return [...windows([height, width], config, 'pool_size'), channels];
    case 'Conv2DTranspose': {
      const [down, across] = config.strides as number[];
      return [height * down, width * across, config.filters as number];
    }
    case 'UpSampling2D': {
      const [down, across] = config.size as number[];
      return [height * down, width * across, channels];
    }
    case 'GlobalAveragePooling2D':
      return [channels];
    case 'Concatenate':
      return [height, width, inputs.reduce((sum, shape) => sum + shape[2], 0)];
    case 'BatchNormalization':
    case 'Activation':
    case 'Add':
      return inputs[0];
  }
}

/** How many windows fit: all that begin inside where the padding is `same`, all that lie inside where it is `valid`. */
function windows(sides: [number, number], config: LayerNode['config'], size: string): [number, number] {
  const strides = config.strides as number[];
  const sizes = config[size] as number[];
  return sides.map((side, axis) =>
    Math.ceil((config.padding === 'same' ? side : side - sizes[axis] + 1) / strides[axis]),
  ) as [number, number];
}
