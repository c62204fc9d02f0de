import type { GraphBuilder, Output } from './graph-builder.js';

/** Keras's epsilon of this network's batch norm; its momentum is the default, 0.99. */
const EPSILON = 1.001e-5;

/** Stage, filters of a block's narrow convolutions, blocks. */
const STACKS = [
  ['conv2', 64, 3],
  ['conv3', 128, 4],
  ['conv4', 256, 6],
  ['conv5', 512, 3],
] as const;

export const RESNET50_STAGES = ['conv1', ...STACKS.map(([stage]) => stage)];

/**
 * ResNet50 without its top, as `keras.applications.resnet50` has it, names, paddings and biases included; He et al. 2015.
 * @returns the outputs of its stages, at 1/2, 1/4, 1/8, 1/16 and 1/32 of the input's size
 */
export function addResnet50(graph: GraphBuilder, input: Output): Output[] {
  const padded = graph.pad(input, 'conv1_pad', 3);
  const convolved = graph.conv(padded, 'conv1_conv', 64, 7, { strides: 2, padding: 'valid' });
  const first = graph.relu(graph.batchNorm(convolved, 'conv1_bn', EPSILON), 'conv1_relu');
  let x = graph.maxPool(graph.pad(first, 'pool1_pad', 1), 'pool1_pool', 3);
  const outputs = [first];
  for (const [stage, filters, blocks] of STACKS) {
    for (let block = 1; block <= blocks; block++) {
      const strides = block === 1 && stage !== 'conv2' ? 2 : 1;
      x = addBlock(graph, x, `${stage}_block${block}`, filters, strides, block === 1);
    }
    outputs.push(x);
  }
  return outputs;
}

/** 1x1 down, 3x3, 1x1 up; its stride is that of the first 1x1, as in Keras (the original, not "v1.5"). */
function addBlock(graph: GraphBuilder, x: Output, name: string, filters: number, strides: number, projects: boolean) {
  const normed = (from: Output, part: number, width: number, size: number, stride = 1) => {
    const convolved = graph.conv(from, `${name}_${part}_conv`, width, size, {
      strides: stride,
      padding: size === 1 ? 'valid' : 'same',
    });
    return graph.batchNorm(convolved, `${name}_${part}_bn`, EPSILON);
  };
  const shortcut = projects ? normed(x, 0, 4 * filters, 1, strides) : x;
  const narrow = graph.relu(normed(x, 1, filters, 1, strides), `${name}_1_relu`);
  const wide = graph.relu(normed(narrow, 2, filters, 3), `${name}_2_relu`);
  const added = graph.add(shortcut, normed(wide, 3, 4 * filters, 1), `${name}_add`);
  return graph.relu(added, `${name}_out`);
}
