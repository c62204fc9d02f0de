import type { LayerClass, LayerNode, ModelTopology } from '../trainer.js';

/** A layer's output, as later layers name it. */
export type Output = string;

export interface ConvOptions {
  strides?: number;
  padding?: 'same' | 'valid';
  bias?: boolean;
  activation?: 'linear' | 'softmax';
}

/** Collects layers in the order in which they are asked for. Options that are not said are Keras's own defaults. */
export function createGraphBuilder(name: string) {
  const layers: LayerNode[] = [];
  const names = new Set<string>();

  function add(class_name: LayerClass, layer: string, inputs: Output[], config: Record<string, unknown>): Output {
    if (names.has(layer)) throw new TypeError(`two layers are called ${layer}`);
    names.add(layer);
    const inbound = inputs.map((input): [string, 0, 0, Record<string, never>] => [input, 0, 0, {}]);
    layers.push({
      class_name,
      name: layer,
      config: { name: layer, trainable: true, ...config },
      inbound_nodes: inbound.length > 0 ? [inbound] : [],
    });
    return layer;
  }

  const convolution = (filters: number, size: number, options: ConvOptions) => ({
    filters,
    kernel_size: [size, size],
    strides: [options.strides ?? 1, options.strides ?? 1],
    padding: options.padding ?? 'same',
    data_format: 'channels_last',
    activation: options.activation ?? 'linear',
    use_bias: options.bias ?? true,
    // Whoever loads the layers has weights for them: to draw others first would take TF.js many seconds.
    kernel_initializer: { class_name: 'Zeros', config: {} },
  });

  return {
    input: (layer: string, [height, width, channels]: readonly number[]) =>
      add('InputLayer', layer, [], { batch_input_shape: [null, height, width, channels], dtype: 'float32' }),
    conv: (x: Output, layer: string, filters: number, size: number, options: ConvOptions = {}) =>
      add('Conv2D', layer, [x], { ...convolution(filters, size, options), dilation_rate: [1, 1] }),
    convTranspose: (x: Output, layer: string, filters: number, size: number, options: ConvOptions = {}) =>
      add('Conv2DTranspose', layer, [x], convolution(filters, size, options)),
    batchNorm: (x: Output, layer: string, epsilon = 1e-3) =>
      add('BatchNormalization', layer, [x], { axis: -1, momentum: 0.99, epsilon, center: true, scale: true }),
    relu: (x: Output, layer: string) => add('Activation', layer, [x], { activation: 'relu' }),
    softmax: (x: Output, layer: string) => add('Activation', layer, [x], { activation: 'softmax' }),
    pad: (x: Output, layer: string, by: number) =>
      add('ZeroPadding2D', layer, [x], { padding: [by, by].map((each) => [each, each]), data_format: 'channels_last' }),
    maxPool: (x: Output, layer: string, size: number) =>
      add('MaxPooling2D', layer, [x], {
        pool_size: [size, size],
        strides: [2, 2],
        padding: 'valid',
        data_format: 'channels_last',
      }),
    upsample: (x: Output, layer: string) =>
      add('UpSampling2D', layer, [x], { size: [2, 2], data_format: 'channels_last', interpolation: 'nearest' }),
    averagePool: (x: Output, layer: string) =>
      add('GlobalAveragePooling2D', layer, [x], { data_format: 'channels_last' }),
    concat: (inputs: Output[], layer: string) => add('Concatenate', layer, inputs, { axis: -1 }),
    add: (a: Output, b: Output, layer: string) => add('Add', layer, [a, b], {}),
    finish: (...outputs: Output[]): ModelTopology => ({
      class_name: 'Model',
      config: {
        name,
        layers,
        input_layers: [[layers[0].name, 0, 0]],
        output_layers: outputs.map((output) => [output, 0, 0]),
      },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    }),
  };
}

export type GraphBuilder = ReturnType<typeof createGraphBuilder>;
