import type { GraphBuilder, Output } from './graph-builder.js';
import { addConvNorm } from './unet-decoder.js';

/** Each halves the size of the one before, and doubles the filters. */
export const SMALL_STAGES = [1, 2, 3, 4, 5].map((stage) => `encoder${stage}`);

/**
 * The contracting half of U-Net (Ronneberger et al. 2015) with batch norm.
 * @param filters of the first stage; the paper has 64
 * @returns the outputs of its stages, at 1, 1/2, 1/4, 1/8 and 1/16 of the input's size
 */
export function addSmallEncoder(graph: GraphBuilder, input: Output, filters: number): Output[] {
  const outputs: Output[] = [];
  let x = input;
  for (const [index, stage] of SMALL_STAGES.entries()) {
    if (index > 0) x = graph.maxPool(x, `${stage}_pool`, 2);
    for (const half of ['a', 'b']) x = addConvNorm(graph, x, `${stage}${half}`, filters * 2 ** index);
    outputs.push(x);
  }
  return outputs;
}
