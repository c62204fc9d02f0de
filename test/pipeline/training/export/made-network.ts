import { createRandom } from '../../../../src/pipeline/random.js';
import type { LayerClass, LayerGraph, LayerNode, NamedTensor } from '../../../../src/pipeline/training/trainer.js';

type Weights = Record<string, readonly number[]>;
const square = (size: number) => [size, size];

/**
 * A network by hand, a layer after the other or behind the ones that are named, with weights by chance. Batch norm has averages
 * that would show if they were mixed up or left out.
 */
export function createNetwork(input: readonly [number, number, number], seed: string) {
  const layers: LayerNode[] = [];
  const weights: NamedTensor[] = [];
  const random = createRandom(seed);

  function add(class_name: LayerClass, name: string, config: object, own: Weights = {}, from?: readonly string[]) {
    const inputs = from ?? (layers.length > 0 ? [layers[layers.length - 1].name] : []);
    layers.push({
      class_name,
      name,
      config: { name, trainable: true, ...config },
      inbound_nodes: inputs.length > 0 ? [inputs.map((one) => [one, 0, 0, {}])] : [],
    });
    for (const [key, shape] of Object.entries(own)) {
      const size = shape.reduce((product, dim) => product * dim, 1);
      const reach = key === 'kernel' ? Math.sqrt(6 / (shape[0] * shape[1] * shape[2])) : 1;
      const value = () => (key === 'moving_variance' ? random.between(0.05, 3) : random.between(-reach, reach));
      weights.push({ name: `${name}/${key}`, shape, values: Float32Array.from({ length: size }, value) });
    }
  }

  const convolution = (
    filters: number,
    size: number,
    { strides = 1, padding = 'same', activation = 'linear', bias = true },
  ) => ({
    ...{ filters, kernel_size: square(size), strides: square(strides), padding, activation },
    ...{ data_format: 'channels_last', use_bias: bias },
  });
  type Options = { strides?: number; padding?: string; activation?: string; bias?: boolean; dilation?: number };

  add('InputLayer', 'image', { batch_input_shape: [null, ...input], dtype: 'float32' });
  return {
    add,
    conv(name: string, [from, to]: readonly [number, number], size: number, options: Options = {}) {
      const own = { kernel: [size, size, from, to], ...(options.bias === false ? {} : { bias: [to] }) };
      add('Conv2D', name, { ...convolution(to, size, options), dilation_rate: square(options.dilation ?? 1) }, own);
    },
    transpose(name: string, [from, to]: readonly [number, number], size: number, options: Options = {}) {
      const own = { kernel: [size, size, to, from], ...(options.bias === false ? {} : { bias: [to] }) };
      add('Conv2DTranspose', name, convolution(to, size, options), own);
    },
    norm(name: string, channels: number, { epsilon = 1e-3, center = true, scale = true } = {}) {
      const own = {
        ...(scale ? { gamma: [channels] } : {}),
        ...(center ? { beta: [channels] } : {}),
        ...{ moving_mean: [channels], moving_variance: [channels] },
      };
      add('BatchNormalization', name, { axis: -1, momentum: 0.99, epsilon, center, scale }, own);
    },
    finish: (): LayerGraph => ({
      topology: {
        class_name: 'Model',
        config: {
          name: 'by-hand',
          layers,
          input_layers: [[layers[0].name, 0, 0]],
          output_layers: [[layers[layers.length - 1].name, 0, 0]],
        },
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js',
      },
      weights,
    }),
  };
}
