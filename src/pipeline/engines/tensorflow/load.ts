import { createRequire } from 'node:module';
import util from 'node:util';
import type * as core from '@tensorflow/tfjs-core';
import type { Tf } from '../tfjs/tf.js';

/** A tensor's description in a SavedModel's signature. */
export interface SignatureTensor {
  name: string;
  /** `DT_FLOAT`. */
  tfDtype: string;
  /** Sizes, -1 where one is free. */
  shape: readonly { getSize(): number }[];
}

/** What `tfjs-node` adds to TensorFlow.js, as far as it is used here. */
export type NodeTf = typeof core &
  Tf & {
    node: {
      getMetaGraphsFromSavedModel(folder: string): Promise<
        {
          tags: string[];
          signatureDefs: Record<
            string,
            { inputs: Record<string, SignatureTensor>; outputs: Record<string, SignatureTensor> }
          >;
        }[]
      >;
      loadSavedModel(folder: string, tags: string[], signature: string): Promise<SavedModel>;
    };
  };

export interface SavedModel {
  predict(inputs: Record<string, core.Tensor>): Record<string, core.Tensor>;
  dispose(): void;
}

/** The backend of `tfjs-node`. */
interface NodeBackend {
  binding: { TF_Version: string };
  /** Asked of TensorFlow's own list of devices when the binding was loaded. */
  isUsingGpuDevice: boolean;
}

/**
 * Loads the binding and TensorFlow with it: once a process, and never `tfjs-node` and `tfjs-node-gpu` both
 * (https://github.com/tensorflow/tfjs/issues/1364). It asks Node for two functions that Node 23 removed
 * (https://github.com/tensorflow/tfjs/issues/8609); while it loads, and only for what it loads, they are back.
 */
export function loadTensorflow(packageFolder: string): NodeTf {
  const require = createRequire(import.meta.url);
  const Module = require('node:module') as { _load(request: string, ...rest: unknown[]): unknown };
  const load = Module._load;
  const isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  const before = { ...util, isArray: Array.isArray, isNullOrUndefined };
  Module._load = (request, ...rest) => (request === 'util' ? before : load.call(Module, request, ...rest));
  try {
    return require(packageFolder) as NodeTf;
  } finally {
    Module._load = load;
  }
}

/** TensorFlow's own version, and the device that it computes on. */
export function describeTensorflow(tf: NodeTf): { version: string; device: string } {
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as NodeBackend;
  return { version: binding.TF_Version, device: isUsingGpuDevice ? 'cuda:0' : 'cpu' };
}
