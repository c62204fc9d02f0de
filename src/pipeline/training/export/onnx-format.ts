import { type Encoded, field, floatField, integerField, message, repeated } from './protobuf.js';

/** ONNX's messages with the numbers of their fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */

/** The version of the operators, and of the file format that came with it. */
export const OPSET = 17;
const IR_VERSION = 8;

export type Attribute = number | string | readonly number[] | { float: number };

export interface OnnxNode {
  operator: string;
  inputs: readonly string[];
  output: string;
  /** Numbers are integers, unless said. */
  attributes?: Readonly<Record<string, Attribute>>;
}

export interface OnnxTensor {
  name: string;
  shape: readonly number[];
  /** BigInt64Array is int64. */
  values: Float32Array | BigInt64Array;
}

/** An input or output of float32; a name stands for a size that is free. */
export interface OnnxValue {
  name: string;
  shape: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  constants: readonly OnnxTensor[];
  input: OnnxValue;
  outputs: readonly OnnxValue[];
}

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const;

export function modelMessage(graph: OnnxGraph, producer: { name: string; version: string }): Encoded {
  const defaultDomain = field(1, '');
  return message(
    integerField(1, IR_VERSION),
    field(2, producer.name),
    field(3, producer.version),
    field(7, graphMessage(graph)),
    field(8, message(defaultDomain, integerField(2, OPSET))),
  );
}

/**
 * What is put behind a model's bytes to add to its graph: a message that is there twice is one, whose lists follow each other.
 * https://protobuf.dev/programming-guides/encoding/#last-one-wins
 */
export function graphAddition(graph: Omit<OnnxGraph, 'name' | 'input'>): Encoded {
  return field(7, graphLists(graph));
}

function graphMessage({ name, input, ...lists }: OnnxGraph): Encoded {
  return message(field(2, name), field(11, valueMessage(input)), graphLists(lists));
}

function graphLists({ nodes, constants, outputs }: Omit<OnnxGraph, 'name' | 'input'>): Encoded {
  return message(
    repeated(nodes, (node) => field(1, nodeMessage(node))),
    repeated(constants, (tensor) => field(5, tensorMessage(tensor))),
    repeated(outputs, (output) => field(12, valueMessage(output))),
  );
}

/** A node is called by its output. */
function nodeMessage({ operator, inputs, output, attributes = {} }: OnnxNode): Encoded {
  return message(
    repeated(inputs, (input) => field(1, input)),
    field(2, output),
    field(3, output),
    field(4, operator),
    repeated(Object.entries(attributes), ([name, value]) => field(5, attributeMessage(name, value))),
  );
}

function attributeMessage(name: string, value: Attribute): Encoded {
  const typed = (type: keyof typeof ATTRIBUTE_TYPES, content: Encoded) =>
    message(field(1, name), content, integerField(20, ATTRIBUTE_TYPES[type]));
  if (typeof value === 'number') return typed('int', integerField(3, value));
  if (typeof value === 'string') return typed('string', field(4, value));
  if ('float' in value) return typed('float', floatField(2, value.float));
  return typed(
    'ints',
    repeated(value, (each) => integerField(8, each)),
  );
}

function tensorMessage({ name, shape, values }: OnnxTensor): Encoded {
  return message(
    repeated(shape, (size) => integerField(1, size)),
    integerField(2, values instanceof Float32Array ? FLOAT : INT64),
    field(8, name),
    // Little-endian, as every machine is that Node runs on.
    field(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
}

function valueMessage({ name, shape }: OnnxValue): Encoded {
  const dimensions = repeated(shape, (size) =>
    field(1, typeof size === 'number' ? integerField(1, size) : field(2, size)),
  );
  const tensorType = message(integerField(1, FLOAT), field(2, dimensions));
  return message(field(1, name), field(2, field(1, tensorType)));
}
