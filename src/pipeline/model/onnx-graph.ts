import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Finds the node that makes an output, in the protobuf of an ONNX file, without reading its weights: long fields are stepped
 * over. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (ModelProto.graph = 7; GraphProto.node = 1; NodeProto.input = 1,
 * output = 2, op_type = 4). A file that is no such protobuf gives null: onnxruntime itself says what is wrong with it.
 */
export function outputOperator(path: string, output: string): string | null {
  const file = openSync(path, 'r');
  try {
    return walk(pagedBytes(file, fstatSync(file).size), output);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Operators that move, cast or resize values without changing what they mean. */
const TRANSPARENT = new Set(
  'Identity Transpose Reshape Squeeze Unsqueeze Flatten Cast Dropout Resize Upsample QuantizeLinear DequantizeLinear'.split(
    ' ',
  ),
);

class Malformed extends Error {}

interface Bytes {
  size: number;
  at(position: number): number;
}

interface Field {
  number: number;
  /** Of the payload of a length-delimited field, else an empty range. */
  start: number;
  end: number;
}

/** Nodes whose outputs are longer than this aren't a name that leads to the graph's output. */
const LONGEST_NAME = 4096;
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

function text(bytes: Bytes, field: Field): string {
  const length = field.end - field.start;
  if (length > LONGEST_NAME) return '';
  return Buffer.from(Array.from({ length }, (_, i) => bytes.at(field.start + i))).toString('utf8');
}

function* fields(bytes: Bytes, start: number, end: number): Generator<Field> {
  let position = start;
  /** Base-128 number, at most ten bytes; as a double, exact to 2^53, which is more than any file's length. */
  const varint = () => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (position >= end) throw new Malformed();
      const byte = bytes.at(position++);
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw new Malformed();
  };
  while (position < end) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    let length = 0;
    if (wire === 0) varint();
    else if (wire === 1) length = 8;
    else if (wire === 2) length = varint();
    else if (wire === 5) length = 4;
    else throw new Malformed();
    if (number === 0 || length > end - position) throw new Malformed();
    yield { number, start: position, end: wire === 2 ? position + length : position };
    position += length;
  }
}

const PAGE = 65536;

/** A file's bytes through one page: walking forward reads each page at most once, and none that lies inside a skipped field. */
function pagedBytes(file: number, size: number): Bytes {
  const page = Buffer.alloc(PAGE);
  let first = -1;
  let filled = 0;
  return {
    size,
    at(position) {
      const wanted = position - (position % PAGE);
      if (wanted !== first) {
        filled = readSync(file, page, 0, PAGE, wanted);
        first = wanted;
      }
      if (position - first >= filled) throw new Malformed();
      return page[position - first];
    },
  };
}
