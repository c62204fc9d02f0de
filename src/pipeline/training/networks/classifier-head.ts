import type { GraphBuilder, Output } from './graph-builder.js';

/**
 * What makes a classifier of an encoder: a heat map for each class, whose mean is the class's logit. It is the head of He et al. 2016
 * (global average pooling, then a dense layer) without its bias and in the other order, which by linearity computes the same; so
 * the maps are Grad-CAM before its ReLU, up to a constant factor (Selvaraju et al. 2017, section 3, after Zhou et al. 2016), and
 * cost no backward pass. A layer's output has its name in every export, so the layers are called by what they give.
 */
export function addClassifierHead(
  graph: GraphBuilder,
  planes: Output,
  classes: number,
): { probabilities: Output; heat: Output } {
  const heat = graph.conv(planes, 'heat', classes, 1, { bias: false });
  return { probabilities: graph.softmax(graph.averagePool(heat, 'logits'), 'probabilities'), heat };
}
