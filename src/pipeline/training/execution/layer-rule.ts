import type { Tensor } from '@tensorflow/tfjs-core';
import type { BatchNormed, Dims, Ops } from '../kernels/ops.js';
import type { WeightRole } from '../networks/weight-specs.js';
import type { LayerNode } from '../trainer.js';

/** A layer's weights as tensors, which are borrowed. */
export type Weights = Partial<Record<WeightRole, Tensor>>;

export interface ForwardContext {
  ops: Ops;
  config: LayerNode['config'];
  weights: Weights;
  /** Batch norm goes by the batch, and its statistics are asked for. */
  training: boolean;
  /** Whether `backward` follows: `saved` may be empty else. */
  learning: boolean;
  /** Another handle to a tensor, for `saved` or as an output. */
  share(tensor: Tensor): Tensor;
}

export interface Forward {
  output: Tensor;
  /** What `backward` needs; disposed after it. */
  saved: Tensor[];
  /** Of batch norm that goes by the batch. */
  statistics?: Pick<BatchNormed, 'mean' | 'variance'>;
}

export interface BackwardContext {
  ops: Ops;
  config: LayerNode['config'];
  weights: Weights;
  saved: Tensor[];
  inputShapes: Dims[];
  /** Which inputs a gradient is wanted for. */
  wanted: boolean[];
  /** Whether gradients of the weights are wanted. */
  learns: boolean;
  share(tensor: Tensor): Tensor;
}

export interface Backward {
  /** null where it is not wanted. */
  inputs: (Tensor | null)[];
  weights: Weights;
}

/** How a class of layers computes. Inputs and dy are borrowed; all that is returned is the caller's. */
export interface LayerRule {
  forward(inputs: Tensor[], context: ForwardContext): Forward;
  backward(dy: Tensor, context: BackwardContext): Backward;
}
