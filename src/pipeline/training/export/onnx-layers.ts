import type { LayerClass, LayerNode, NamedTensor } from '../trainer.js';
import { type LayerInput, layerInput } from './layer-input.js';
import type { Attribute, OnnxNode, OnnxTensor } from './onnx-format.js';
import { transposed } from './transposed.js';

/** What a layer becomes. Its last node's output has the layer's name; of the input, there is none. */
export interface OnnxLayer {
  nodes: OnnxNode[];
  constants: OnnxTensor[];
}

/** @throws TypeError where a layer has an option that no network here uses */
export function onnxLayer(layer: LayerNode, weights: ReadonlyMap<string, NamedTensor>): OnnxLayer {
  const input = layerInput(layer, weights);
  input.expect('data_format', 'channels_last');
  return CONVERTERS[layer.class_name](input);
}

/** Keras's planes are N x rows x columns x channels, ONNX's N x channels x rows x columns. */
const CHANNELS = 1;

/** Kernels are rows x columns x in x out (of a transposed convolution: out x in), ONNX's out x in x rows x columns (in x out). */
const KERNEL_ORDER = [3, 2, 0, 1] as const;

const CONVERTERS: Record<LayerClass, (layer: LayerInput) => OnnxLayer> = {
  InputLayer: () => ({ nodes: [], constants: [] }),

  ZeroPadding2D({ name, inputs, option }) {
    const [[top, bottom], [left, right]] = option<[number, number][]>('padding');
    const pads = BigInt64Array.from([0, 0, top, left, 0, 0, bottom, right], BigInt);
    return withConstant({ operator: 'Pad', inputs, output: name }, { name: `${name}/pads`, shape: [8], values: pads });
  },

  Conv2D(layer) {
    layer.expect('groups', 1);
    layer.expect('dilation_rate', [1, 1]);
    return convolution(layer, 'Conv', { strides: layer.option<number[]>('strides'), auto_pad: autoPad(layer) });
  },

  Conv2DTranspose(layer) {
    layer.expect('dilation_rate', [1, 1]);
    layer.expect('output_padding', null);
    layer.expect('padding', 'same');
    const strides = layer.option<number[]>('strides');
    // Rows x stride is what Keras gives: what lies beyond is cut off at both sides, the odd row at the end; what lacks is added.
    const beyond = layer.option<number[]>('kernel_size').map((size, axis) => size - strides[axis]);
    const cut = beyond.map((rows) => Math.max(rows, 0));
    return convolution(layer, 'ConvTranspose', {
      strides,
      pads: [...cut.map((rows) => Math.floor(rows / 2)), ...cut.map((rows) => Math.ceil(rows / 2))],
      output_padding: beyond.map((rows) => Math.max(-rows, 0)),
    });
  },

  BatchNormalization({ name, inputs, option, expect, weight, optional }) {
    expect('axis', -1);
    const mean = weight('moving_mean');
    const filled = (own: string, value: number): OnnxTensor => ({
      name: `${name}/${own}`,
      shape: mean.shape,
      values: new Float32Array(mean.values.length).fill(value),
    });
    const [gamma, beta] = [optional('gamma') ?? filled('gamma', 1), optional('beta') ?? filled('beta', 0)];
    const constants = [gamma, beta, mean, weight('moving_variance')];
    const attributes = { epsilon: { float: option<number>('epsilon') } };
    const operands = [...inputs, ...constants.map((tensor) => tensor.name)];
    return {
      nodes: [{ operator: 'BatchNormalization', inputs: operands, output: name, attributes }],
      constants,
    };
  },

  Activation: (layer) => ({ nodes: [activation(layer, layer.inputs[0])], constants: [] }),

  MaxPooling2D(layer) {
    const { name, inputs, option } = layer;
    const attributes = {
      kernel_shape: option<number[]>('pool_size'),
      strides: option<number[]>('strides'),
      auto_pad: autoPad(layer),
    };
    return { nodes: [{ operator: 'MaxPool', inputs, output: name, attributes }], constants: [] };
  },

  UpSampling2D({ name, inputs, option, expect }) {
    expect('interpolation', 'nearest');
    const scales = Float32Array.of(1, 1, ...option<number[]>('size'));
    const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    // Between the planes and the scales stands a region of interest, which this mode has no use for.
    const node = { operator: 'Resize', inputs: [...inputs, ''], output: name, attributes };
    return withConstant(node, { name: `${name}/scales`, shape: [4], values: scales });
  },

  // Not GlobalAveragePool, which keeps the rows and columns.
  GlobalAveragePooling2D({ name, inputs, expect }) {
    expect('keepdims', false);
    const attributes = { axes: [2, 3], keepdims: 0 };
    return { nodes: [{ operator: 'ReduceMean', inputs, output: name, attributes }], constants: [] };
  },

  Concatenate({ name, inputs, expect }) {
    expect('axis', -1);
    return { nodes: [{ operator: 'Concat', inputs, output: name, attributes: { axis: CHANNELS } }], constants: [] };
  },

  Add: ({ name, inputs }) => ({ nodes: [{ operator: 'Add', inputs, output: name }], constants: [] }),
};

const withConstant = (node: OnnxNode, constant: OnnxTensor): OnnxLayer => ({
  nodes: [{ ...node, inputs: [...node.inputs, constant.name] }],
  constants: [constant],
});

function convolution(layer: LayerInput, operator: string, attributes: Record<string, Attribute>): OnnxLayer {
  const { name, inputs, option, weight, optional } = layer;
  const kernel = transposed(weight('kernel'), KERNEL_ORDER);
  const bias = optional('bias');
  const constants = bias === null ? [kernel] : [kernel, bias];
  const isLinear = option('activation') === 'linear';
  const node = {
    operator,
    inputs: [...inputs, ...constants.map((tensor) => tensor.name)],
    output: isLinear ? name : `${name}/sums`,
    attributes: { kernel_shape: kernel.shape.slice(2), ...attributes },
  };
  return { nodes: isLinear ? [node] : [node, activation(layer, node.output)], constants };
}

function activation({ name, option, refuse }: LayerInput, input: string): OnnxNode {
  const kind = option('activation');
  if (kind === 'relu') return { operator: 'Relu', inputs: [input], output: name };
  if (kind === 'softmax') return { operator: 'Softmax', inputs: [input], output: name, attributes: { axis: CHANNELS } };
  return refuse(`its activation is ${JSON.stringify(kind)}`);
}

/** With `same`, TensorFlow puts the odd row at the end. */
function autoPad({ option, refuse }: LayerInput): 'SAME_UPPER' | 'VALID' {
  const padding = option('padding');
  if (padding === 'same') return 'SAME_UPPER';
  return padding === 'valid' ? 'VALID' : refuse(`its padding is ${JSON.stringify(padding)}`);
}
