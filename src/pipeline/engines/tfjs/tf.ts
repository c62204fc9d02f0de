import type { loadGraphModel } from '@tensorflow/tfjs-converter';
import type * as core from '@tensorflow/tfjs-core';
import type { loadLayersModel } from '@tensorflow/tfjs-layers';

export type { Tensor } from '@tensorflow/tfjs-core';

/** What is needed of TensorFlow.js's core. */
type CoreName =
  | ('memory' | 'tidy' | 'dispose' | 'tensor' | 'range' | 'reshape' | 'slice' | 'concat' | 'transpose' | 'cast')
  | ('abs' | 'add' | 'sub' | 'mul' | 'div' | 'exp' | 'greater' | 'notEqual' | 'isFinite' | 'max' | 'min' | 'sum');

/**
 * TensorFlow.js with some backend that is ready: a bundle of core, layers and converter, or `tfjs-node`. The files of this folder
 * import its types alone, so that each engine brings its own.
 */
export type Tf = Pick<typeof core, CoreName> & {
  loadGraphModel: typeof loadGraphModel;
  loadLayersModel: typeof loadLayersModel;
};
