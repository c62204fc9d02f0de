import { readFileSync } from 'node:fs';
import { graphAddition, type OnnxGraph, type OnnxNode } from '../training/export/onnx-format.js';
import { HEAT } from './choose-outputs.js';
import { type Bytes, type Field, fields, integers, readProtobuf, text } from './protobuf.js';

type Addition = Omit<OnnxGraph, 'name' | 'input'>;

/** How a classifier ends: planes, their means over the picture, and perhaps a dense layer of those. */
export interface ActivationHead {
  /** The tensor of the planes, N x features x height x width. */
  planes: string;
  /** Null where the means are the answers: each plane is a class's map. */
  dense: DenseWeights | null;
}

interface DenseWeights {
  /** A tensor of the file. */
  weights: string;
  classes: number;
  /** It lies classes x features; else features x classes. */
  byClass: boolean;
}

/**
 * The bytes of an ONNX classifier with one more output, `heat`: its class activation maps, N x classes x height x width (Zhou et al.
 * 2016, arXiv:1512.04150, equation 2): the planes before the global average pooling, weighted as the dense layer behind it weights
 * their means. For such a head they are what Grad-CAM gives before its ReLU, but for a positive factor (Selvaraju et al. 2017,
 * arXiv:1610.02391, section 3.1). Where the means are the answers, the planes are the maps. Null for a graph that ends otherwise, has several outputs, or keeps its weights in other files.
 */
export function withClassActivation(path: string): Uint8Array | null {
  const head = readProtobuf(path, activationHead);
  if (head === null) return null;
  const { pieces } = graphAddition(
    head.dense === null ? planesThemselves(head.planes) : weighted(head.planes, head.dense),
  );
  return Buffer.concat([readFileSync(path), ...pieces]);
}

const name = (part: string) => `maskaudit.${HEAT}.${part}`;
const output = (classes: number | string) => ({
  name: HEAT,
  shape: [name('batch'), classes, name('height'), name('width')],
});

function planesThemselves(planes: string): Addition {
  return {
    nodes: [{ operator: 'Identity', inputs: [planes], output: HEAT }],
    constants: [],
    outputs: [output(name('classes'))],
  };
}

function weighted(planes: string, { weights, classes, byClass }: DenseWeights): Addition {
  const turned: OnnxNode[] = byClass
    ? []
    : [{ operator: 'Transpose', inputs: [weights], output: name('turned'), attributes: { perm: [1, 0] } }];
  return {
    nodes: [
      ...turned,
      { operator: 'Reshape', inputs: [byClass ? weights : name('turned'), name('shape')], output: name('weights') },
      { operator: 'Conv', inputs: [planes, name('weights')], output: HEAT },
    ],
    // As long as each class's features are, whose number the weights know.
    constants: [{ name: name('shape'), shape: [4], values: BigInt64Array.of(BigInt(classes), -1n, 1n, 1n) }],
    outputs: [output(classes)],
  };
}

/** Operators behind the dense layer that leave the order of a class's answers as it is. */
const BEHIND = new Set(['Softmax', 'LogSoftmax', 'Sigmoid', 'Identity']);
/** Operators between means and dense layer that leave the values as they are. */
const BETWEEN = new Set(['Flatten', 'Reshape', 'Squeeze', 'Identity', 'Dropout']);

const FLOAT = 1;

interface Node {
  operator: string;
  inputs: string[];
  outputs: string[];
  /** Attributes that are a number or whole numbers, by name. */
  attributes: Map<string, number[]>;
}

interface Weights {
  dims: number[];
  type: number;
}

/**
 * ModelProto.graph = 7; GraphProto.node = 1, initializer = 5, input = 11, output = 12; TensorProto.dims = 1, data_type = 2, name = 8,
 * data_location = 14. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
function activationHead(bytes: Bytes): ActivationHead | null {
  const makers = new Map<string, Node>();
  const tensors = new Map<string, Weights>();
  const outputs: string[] = [];
  const names = new Set<string>();
  for (const model of fields(bytes, 0, bytes.size)) {
    if (model.number !== 7) continue;
    for (const part of fields(bytes, model.start, model.end)) {
      if (part.number === 1) {
        const node = readNode(bytes, part);
        for (const output of node.outputs) {
          makers.set(output, node);
          names.add(output);
        }
      } else if (part.number === 5) {
        const tensor = readTensor(bytes, part);
        if (tensor.isElsewhere) return null;
        tensors.set(tensor.name, tensor);
        names.add(tensor.name);
      } else if (part.number === 11 || part.number === 12) {
        const [name] = [...fields(bytes, part.start, part.end)].filter(({ number }) => number === 1);
        if (name === undefined) return null;
        names.add(text(bytes, name));
        if (part.number === 12) outputs.push(text(bytes, name));
      }
    }
  }
  if (outputs.length !== 1 || names.has(HEAT)) return null;
  return headOf(outputs[0], makers, tensors);
}

function headOf(
  output: string,
  makers: ReadonlyMap<string, Node>,
  tensors: ReadonlyMap<string, Weights>,
): ActivationHead | null {
  /** What makes a tensor, beyond nodes of these operators. */
  const makerOf = (name: string, beyond: ReadonlySet<string>): Node | undefined => {
    const node = makers.get(name);
    return node !== undefined && beyond.has(node.operator) ? makerOf(node.inputs[0], beyond) : node;
  };
  const answers = makerOf(output, new Set([...BEHIND, ...BETWEEN]));
  if (answers !== undefined && isGlobalMean(answers)) return { planes: answers.inputs[0], dense: null };
  const last = makerOf(output, BEHIND);
  // A bias is the same everywhere in the picture: no map of a class has it.
  const [product] =
    last?.operator === 'Add' && last.inputs.some((name) => tensors.has(name))
      ? last.inputs.flatMap((name) => makers.get(name) ?? [])
      : [last];
  const dense = product && denseOf(product);
  if (!dense) return null;
  const tensor = tensors.get(dense.weights);
  if (tensor?.type !== FLOAT || tensor.dims.length !== 2) return null;
  const means = makerOf(dense.input, BETWEEN);
  if (means === undefined || !isGlobalMean(means)) return null;
  const { weights, byClass } = dense;
  return { planes: means.inputs[0], dense: { weights, byClass, classes: tensor.dims[byClass ? 0 : 1] } };
}

function denseOf({ operator, inputs, attributes }: Node): { input: string; weights: string; byClass: boolean } | null {
  const [input, weights] = inputs;
  if (operator === 'MatMul') return { input, weights, byClass: false };
  if (operator !== 'Gemm' || attributes.get('transA')?.[0] === 1) return null;
  // Another factor would make other maps.
  if ((attributes.get('alpha')?.[0] ?? 1) !== 1) return null;
  return { input, weights, byClass: attributes.get('transB')?.[0] === 1 };
}

function isGlobalMean({ operator, attributes }: Node): boolean {
  if (operator === 'GlobalAveragePool') return true;
  if (operator !== 'ReduceMean') return false;
  return attributes.get('axes')?.toSorted().join() === '2,3';
}

/** NodeProto.input = 1, output = 2, op_type = 4, attribute = 5. */
function readNode(bytes: Bytes, node: Field): Node {
  const read: Node = { operator: '', inputs: [], outputs: [], attributes: new Map() };
  for (const field of fields(bytes, node.start, node.end)) {
    if (field.number === 1) read.inputs.push(text(bytes, field));
    else if (field.number === 2) read.outputs.push(text(bytes, field));
    else if (field.number === 4) read.operator = text(bytes, field);
    else if (field.number === 5) readAttribute(bytes, field, read.attributes);
  }
  return read;
}

/** AttributeProto.name = 1, f = 2, i = 3, ints = 8. */
function readAttribute(bytes: Bytes, attribute: Field, into: Map<string, number[]>): void {
  let name = '';
  const values: number[] = [];
  for (const field of fields(bytes, attribute.start, attribute.end)) {
    if (field.number === 1) name = text(bytes, field);
    else if (field.number === 2) values.push(floatAt(bytes, field.start));
    else if (field.number === 3 || field.number === 8) values.push(...integers(bytes, field));
  }
  into.set(name, values);
}

function floatAt(bytes: Bytes, position: number): number {
  return Buffer.from([0, 1, 2, 3].map((i) => bytes.at(position + i))).readFloatLE();
}

function readTensor(bytes: Bytes, tensor: Field): Weights & { name: string; isElsewhere: boolean } {
  const read = { name: '', dims: [] as number[], type: 0, isElsewhere: false };
  for (const field of fields(bytes, tensor.start, tensor.end)) {
    if (field.number === 1) read.dims.push(...integers(bytes, field));
    else if (field.number === 2) read.type = field.value;
    else if (field.number === 8) read.name = text(bytes, field);
    else if (field.number === 14) read.isElsewhere = field.value === 1;
  }
  return read;
}
