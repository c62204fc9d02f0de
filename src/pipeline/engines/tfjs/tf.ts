import type { loadGraphModel } from '@tensorflow/tfjs-converter';
import type * as core from '@tensorflow/tfjs-core';
import type { loadLayersModel } from '@tensorflow/tfjs-layers';

export type { Tensor } from '@tensorflow/tfjs-core';

/**
 * TensorFlow.js with some backend that is ready: what a bundle of core, layers and converter gives, and what `tfjs-node` is. The
 * files of this folder import types alone, so that each engine brings its own.
 */
export type Tf = typeof core & { loadGraphModel: typeof loadGraphModel; loadLayersModel: typeof loadLayersModel };
