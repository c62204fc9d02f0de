import type { NetworkOptions } from '../trainer.js';
import type { GraphBuilder, Output } from './graph-builder.js';

/**
 * The expanding half of a U-Net: each stage doubles the planes, joins the encoder's of that size and convolves. Names and filters
 * as the Keras package `segmentation_models` has them.
 * @param x the deepest planes
 * @param stages filters, and the encoder's planes that are joined: null where it has none of that size
 */
export function addUnetDecoder(
  graph: GraphBuilder,
  x: Output,
  stages: readonly { filters: number; skip: Output | null }[],
  decoder: NonNullable<NetworkOptions['decoder']>,
): Output {
  let planes = x;
  for (const [index, { filters, skip }] of stages.entries()) {
    const name = `decoder_stage${index}`;
    const join = (doubled: Output) => (skip === null ? doubled : graph.concat([doubled, skip], `${name}_concat`));
    if (decoder === 'upsample') {
      planes = join(graph.upsample(planes, `${name}_upsampling`));
      planes = addConvNorm(graph, planes, `${name}a`, filters);
    } else {
      const doubled = graph.convTranspose(planes, `${name}a_transpose`, filters, 4, { strides: 2, bias: false });
      planes = join(graph.relu(graph.batchNorm(doubled, `${name}a_bn`), `${name}a_relu`));
    }
    planes = addConvNorm(graph, planes, `${name}b`, filters);
  }
  return planes;
}

/** A 3x3 convolution, batch norm in place of its bias, and ReLU. */
export function addConvNorm(graph: GraphBuilder, x: Output, name: string, filters: number): Output {
  const convolved = graph.conv(x, `${name}_conv`, filters, 3, { bias: false });
  return graph.relu(graph.batchNorm(convolved, `${name}_bn`), `${name}_relu`);
}
