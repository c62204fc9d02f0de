import { type Bytes, type Field, fields, readProtobuf, text } from './protobuf.js';

/** A node of the graph or of a function, as far as it leads to what makes an output. */
interface Node {
  operator: string;
  /** The first input: `node`, `node:1`, in functions `node:output:0`. */
  input: string;
  /** Of a call: the function that is called. */
  calls: string | null;
}

interface Graph {
  nodes: Map<string, Node>;
  functions: Map<string, Body>;
}

/** A function: its output arguments in order, and the node's output that each returns. */
interface Body {
  nodes: Map<string, Node>;
  outputs: string[];
  returns: Map<string, string>;
}

/** Operators that move, cast or resize values without changing what they mean. */
const TRANSPARENT = new Set(
  'Identity IdentityN Reshape Transpose Squeeze ExpandDims Cast ResizeBilinear ResizeNearestNeighbor StopGradient'.split(
    ' ',
  ),
);
const CALLS = new Set(['StatefulPartitionedCall', 'PartitionedCall']);
/** Calls in calls, and nodes one behind the other, that are followed. */
const MOST_STEPS = 200;

/**
 * The operator that makes a tensor of a SavedModel's graph (`StatefulPartitionedCall:0`), through the functions that Keras wraps
 * it in; null where it can't be followed. https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/
 * saved_model.proto (SavedModel.meta_graphs = 2), meta_graph.proto (graph_def = 2), framework/graph.proto (node = 1, library = 2),
 * function.proto (function = 1; FunctionDef.signature = 1, node_def = 3, ret = 4).
 */
export function savedModelOperator(file: string, tensor: string): string | null {
  return readProtobuf(file, (bytes) => {
    for (const metaGraph of fields(bytes, 0, bytes.size)) {
      if (metaGraph.number !== 2) continue;
      for (const graph of fields(bytes, metaGraph.start, metaGraph.end)) {
        if (graph.number === 2) return follow(readGraph(bytes, graph), tensor);
      }
    }
    return null;
  });
}

function follow({ nodes, functions }: Graph, tensor: string): string | null {
  let scope = nodes;
  let name = tensor;
  for (let step = 0; step < MOST_STEPS; step++) {
    const [id] = name.split(':');
    const node = scope.get(id);
    if (node === undefined) return null;
    if (node.calls !== null && CALLS.has(node.operator)) {
      const body = functions.get(node.calls);
      const returned = body?.returns.get(body.outputs[Number(name.split(':').at(-1)) || 0] ?? '');
      if (body === undefined || returned === undefined) return null;
      scope = body.nodes;
      name = returned;
    } else if (TRANSPARENT.has(node.operator)) {
      name = node.input;
    } else {
      return node.operator;
    }
  }
  return null;
}

function readGraph(bytes: Bytes, graph: Field): Graph {
  const nodes = new Map<string, Node>();
  const functions = new Map<string, Body>();
  for (const part of fields(bytes, graph.start, graph.end)) {
    if (part.number === 1) addNode(bytes, part, nodes);
    if (part.number !== 2) continue;
    for (const definition of fields(bytes, part.start, part.end)) {
      if (definition.number === 1) addFunction(bytes, definition, functions);
    }
  }
  return { nodes, functions };
}

function addFunction(bytes: Bytes, definition: Field, functions: Map<string, Body>): void {
  const body: Body = { nodes: new Map(), outputs: [], returns: new Map() };
  let name = '';
  for (const part of fields(bytes, definition.start, definition.end)) {
    if (part.number === 3) addNode(bytes, part, body.nodes);
    else if (part.number === 4) body.returns.set(...entry(bytes, part));
    else if (part.number === 1) {
      // OpDef: name = 1, output_arg = 3, whose own name = 1.
      for (const field of fields(bytes, part.start, part.end)) {
        if (field.number === 1) name = text(bytes, field);
        else if (field.number === 3) body.outputs.push(first(bytes, field));
      }
    }
  }
  functions.set(name, body);
}

/** NodeDef: name = 1, op = 2, input = 3, attr = 5, of which `f` names the function of a call. */
function addNode(bytes: Bytes, definition: Field, nodes: Map<string, Node>): void {
  const node: Node = { operator: '', input: '', calls: null };
  let name = '';
  for (const field of fields(bytes, definition.start, definition.end)) {
    if (field.number === 1) name = text(bytes, field);
    else if (field.number === 2) node.operator = text(bytes, field);
    else if (field.number === 3) node.input ||= text(bytes, field);
    else if (field.number === 5 && CALLS.has(node.operator)) node.calls ??= calledBy(bytes, field);
  }
  nodes.set(name, node);
}

/** Of an attribute: map entry with key = 1 and value = 2; AttrValue.func = 10, whose name = 1. */
function calledBy(bytes: Bytes, attribute: Field): string | null {
  let isFunction = false;
  for (const field of fields(bytes, attribute.start, attribute.end)) {
    if (field.number === 1) isFunction = text(bytes, field) === 'f';
    if (field.number !== 2 || !isFunction) continue;
    for (const value of fields(bytes, field.start, field.end)) if (value.number === 10) return first(bytes, value);
  }
  return null;
}

/** A map's entry of two texts. */
function entry(bytes: Bytes, message: Field): [string, string] {
  const texts = ['', ''];
  for (const field of fields(bytes, message.start, message.end)) {
    if (field.number <= 2) texts[field.number - 1] = text(bytes, field);
  }
  return texts as [string, string];
}

/** The text of a message's first field. */
function first(bytes: Bytes, message: Field): string {
  for (const field of fields(bytes, message.start, message.end)) if (field.number === 1) return text(bytes, field);
  return '';
}
