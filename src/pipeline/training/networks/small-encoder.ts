import type { GraphBuilder, Output } from './graph-builder.js';
import { addConvNorm } from './unet-decoder.js';

/** Filters of the stages; each halves the size of the one before. */
const FILTERS = [16, 32, 64, 128, 256];

export const SMALL_STAGES = FILTERS.map((_, index) => `encoder${index + 1}`);

/**
 * The contracting half of U-Net (Ronneberger et al. 2015) with a quarter of its filters, and batch norm.
 * @returns the outputs of its stages, at 1, 1/2, 1/4, 1/8 and 1/16 of the input's size
 */
export function addSmallEncoder(graph: GraphBuilder, input: Output): Output[] {
  const outputs: Output[] = [];
  let x = input;
  for (const [index, stage] of SMALL_STAGES.entries()) {
    if (index > 0) x = graph.maxPool(x, `${stage}_pool`, 2);
    x = addConvNorm(graph, x, `${stage}a`, FILTERS[index]);
    x = addConvNorm(graph, x, `${stage}b`, FILTERS[index]);
    outputs.push(x);
  }
  return outputs;
}
