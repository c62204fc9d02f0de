import { type Bytes, type Field, fields, readProtobuf, text } from './protobuf.js';

/**
 * Finds the node that makes an output, in the protobuf of an ONNX file, without reading its weights: long fields are stepped
 * over. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (ModelProto.graph = 7; GraphProto.node = 1; NodeProto.input = 1,
 * output = 2, op_type = 4). A file that is no such protobuf gives null: onnxruntime itself says what is wrong with it.
 */
export function outputOperator(path: string, output: string): string | null {
  return readProtobuf(path, (bytes) => walk(bytes, output));
}

/** Operators that move, cast or resize values without changing what they mean. */
const TRANSPARENT = new Set(
  'Identity Transpose Reshape Squeeze Unsqueeze Flatten Cast Dropout Resize Upsample QuantizeLinear DequantizeLinear'.split(
    ' ',
  ),
);

const MOST_STEPS = 64;

function walk(bytes: Bytes, output: string): string | null {
  const makers = new Map<string, { operator: string; input: string }>();
  for (const model of fields(bytes, 0, bytes.size)) {
    if (model.number !== 7) continue;
    for (const graph of fields(bytes, model.start, model.end)) {
      if (graph.number !== 1) continue;
      const node = readNode(bytes, graph);
      for (const name of node.outputs) makers.set(name, node);
    }
  }
  let name = output;
  for (let step = 0; step < MOST_STEPS; step++) {
    const maker = makers.get(name);
    if (maker === undefined) return null;
    if (!TRANSPARENT.has(maker.operator)) return maker.operator;
    name = maker.input;
  }
  return null;
}

function readNode(bytes: Bytes, node: Field): { operator: string; input: string; outputs: string[] } {
  let operator = '';
  let input: string | null = null;
  const outputs: string[] = [];
  for (const field of fields(bytes, node.start, node.end)) {
    if (field.number === 1) input ??= text(bytes, field);
    else if (field.number === 2) outputs.push(text(bytes, field));
    else if (field.number === 4) operator = text(bytes, field);
  }
  return { operator, input: input ?? '', outputs };
}
