import type { io } from '@tensorflow/tfjs-core';
import type { TensorForm } from '../../model/graph-input.js';
import type { Tf } from './tf.js';
import { freeDims, type TfModel, TRANSPARENT } from './tf-model.js';

/** The parts of TensorFlow's GraphDef and signature, as JSON has them, that are looked at here. */
interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: { fused_ops?: { list?: { s?: string[] } } };
}
interface Signature {
  outputs?: Record<string, { name: string; dtype?: string; tensorShape?: { dim?: { size: string }[] } }>;
}

/** A frozen TensorFlow graph in TF.js's format. */
export async function openGraphModel(tf: Tf, artifacts: io.ModelArtifacts): Promise<TfModel> {
  const model = await tf.loadGraphModel({ load: async () => artifacts });
  const { signature } = artifacts as { signature?: Signature };
  const nodes = new Map((artifacts.modelTopology as { node: GraphNode[] }).node.map((node) => [node.name, node]));
  /** Graphs with loops, or with shapes that depend on values, run step by step. */
  let dynamic = false;

  const outputs = model.outputs.map(({ name, dtype }) => describeOutput(name, dtype, signature));
  const nodeOf = new Map(outputs.map(({ name }, i) => [name, model.outputs[i].name]));
  return {
    inputs: model.inputs.map(({ name, shape, dtype }) => ({ name, type: dtype ?? 'float32', shape: freeDims(shape) })),
    outputs,
    operatorOf: (output) => operatorOf(nodes, nodeOf.get(output) as string),
    async run(input, inputName, wanted) {
      const names = wanted.map((output) => nodeOf.get(output) as string);
      const feeds = { [inputName]: input };
      if (!dynamic) {
        try {
          // Of one name it gives a tensor, of several an array.
          return tf.tidy(() => [model.execute(feeds, names)].flat());
        } catch (error) {
          if (!/executeAsync/.test((error as Error).message)) throw error;
          dynamic = true;
        }
      }
      return [await model.executeAsync(feeds, names)].flat();
    },
    dispose: () => model.dispose(),
  };
}

/** By the name and the shape of the signature, where there is one; nodes rarely say their shape. */
function describeOutput(node: string, dtype: string | undefined, signature: Signature | undefined): TensorForm {
  const found = Object.entries(signature?.outputs ?? {}).find(([, { name }]) => name.replace(/:\d+$/, '') === node);
  const [name, output] = found ?? [node, undefined];
  const type = output?.dtype === 'DT_FLOAT' || output?.dtype === undefined ? 'float32' : 'int32';
  return { name, type: dtype ?? type, shape: freeDims(output?.tensorShape?.dim?.map(({ size }) => Number(size))) };
}

function operatorOf(nodes: ReadonlyMap<string, GraphNode>, output: string): string | null {
  let node = nodes.get(output);
  // No chain is longer than the graph; a damaged one may go round in circles.
  for (let step = 0; node !== undefined && step < nodes.size; step++) {
    const { op, attr, input } = node;
    const fused = attr?.fused_ops?.list?.s?.at(-1);
    if (fused !== undefined) return Buffer.from(fused, 'base64').toString() === 'Sigmoid' ? 'Sigmoid' : op;
    if (!TRANSPARENT.has(op)) return op;
    node = nodes.get((input?.[0] ?? '').replace(/^\^|:\d+$/g, ''));
  }
  return null;
}
