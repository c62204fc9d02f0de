import type { TensorForm } from '../../model/graph-input.js';
import type { Tensor } from './tf.js';

/** A model that TensorFlow.js runs, wherever it came from: TF.js files, or a SavedModel. */
export interface TfModel {
  inputs: readonly TensorForm[];
  outputs: readonly TensorForm[];
  /** The operator that makes an output's values (`Softmax`), null where it can't be told. */
  operatorOf(output: string): string | null;
  /** Gives the outputs of those names, and leaves no other tensor behind. The input stays the caller's. */
  run(input: Tensor, inputName: string, outputs: readonly string[]): Promise<Tensor[]>;
  dispose(): void;
}

/** Operators that move, cast or resize values without changing what they mean. */
export const TRANSPARENT = new Set(
  (
    'Identity Reshape Transpose Squeeze ExpandDims Cast ResizeBilinear ResizeNearestNeighbor StopGradient PlaceholderWithDefault ' +
    'Permute Flatten Dropout SpatialDropout2D UpSampling2D Cropping2D Resizing'
  ).split(' '),
);

/** TensorFlow.js writes a free dimension as null or -1. */
export function freeDims(shape: readonly (number | null)[] | undefined): (number | string)[] {
  return (shape ?? []).map((dim) => (dim === null || dim < 0 ? '' : dim));
}
