import type { GraphInput } from '../../model/graph-input.js';
import type { OutputForm } from '../../model/output-form.js';
import { createReduce, type OutputValues } from '../../model/reduce.js';
import type { Graph } from '../graph.js';
import { createDeviceReduce } from './reduce-on-device.js';
import type { Tensor, Tf } from './tf.js';
import type { TfModel } from './tf-model.js';

/** What an engine knows of its library and that a model doesn't. */
export interface TfLibrary extends Pick<Graph<Tensor>, 'engine' | 'version' | 'defaultBatch' | 'deviceUsed'> {
  /**
   * Outputs lie in the memory of this process, not in a GPU's: they are reduced by `createReduce`, which takes 0.3 to 0.6 ms for
   * 256x256 and 4 classes where the operations of `createDeviceReduce` take 2.5 to 4 on TensorFlow's CPU and 27 to 58 on wasm.
   */
  inHostMemory: boolean;
}

/**
 * A model of TensorFlow.js as `openSession` takes it. It is the only one at work in its thread: after every batch there are as
 * many tensors as after the first, or an error.
 */
export function tfGraph(tf: Tf, model: TfModel, library: TfLibrary): Graph<Tensor> {
  let resting: number | null = null;
  const read = async (output: Tensor): Promise<OutputValues> => {
    const data = await output.data();
    return { data: data as Float32Array | Int32Array, words: 1 };
  };
  const { inHostMemory, ...about } = library;
  return {
    ...about,
    inputs: model.inputs,
    outputs: model.outputs,
    operatorOf: (output) => model.operatorOf(output),
    async run(input, values, dims, outputs) {
      const tensor = inputTensor(tf, input.type, values, dims);
      try {
        return await model.run(tensor, input.name, outputs);
      } finally {
        tensor.dispose();
      }
    },
    dimsOf: ({ shape }) => shape,
    read: async (output) => ({ type: output.dtype, values: await read(output) }),
    reducer: (form) => (inHostMemory ? hostReduce(form, read) : createDeviceReduce(tf, form, read)),
    dispose(outputs) {
      for (const output of outputs) output.dispose();
      const { numTensors } = tf.memory();
      resting ??= numTensors;
      if (numTensors !== resting) throw new Error(`a batch left ${numTensors - resting} tensors behind`);
    },
    async close() {
      model.dispose();
    },
  };
}

function hostReduce(form: OutputForm, read: (output: Tensor) => Promise<OutputValues>) {
  const reduce = createReduce(form);
  return async (output: Tensor, count: number) => {
    const values = await read(output);
    return Array.from({ length: count }, (_, index) => reduce(values, index));
  };
}

/** Whole numbers are rounded and kept in 0..255. TensorFlow.js has no type for half precision or bytes. */
function inputTensor(tf: Tf, type: GraphInput['type'], values: Float32Array, dims: readonly number[]): Tensor {
  if (type === 'float32') return tf.tensor(values, [...dims], 'float32');
  return tf.tensor(Int32Array.from(Uint8ClampedArray.from(values)), [...dims], 'int32');
}
