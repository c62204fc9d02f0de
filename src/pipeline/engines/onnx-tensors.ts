import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { WorkError } from '../errors.js';
import type { GraphInput, TensorForm } from '../model/graph-input.js';
import { fromHalf, toHalf } from '../model/half.js';
import type { OutputValues } from '../model/reduce.js';
import type { OnnxRuntime } from './onnx-runtime.js';

/** A session's inputs or outputs as plain data. */
export function tensorForms(metadata: readonly InferenceSession.ValueMetadata[]): TensorForm[] {
  return metadata.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, shape: value.shape }
      : { name: value.name, type: 'no tensor', shape: [] },
  );
}

/** Preprocessed values in the element type of the graph's input; those of whole numbers are rounded and kept in 0..255. */
export function inputTensor(
  ort: OnnxRuntime,
  type: GraphInput['type'],
  values: Float32Array,
  dims: readonly number[],
): Tensor {
  if (type === 'float32') return new ort.Tensor(type, values, dims);
  if (type === 'uint8') return new ort.Tensor(type, new Uint8Array(Uint8ClampedArray.from(values).buffer), dims);
  if (type === 'int32') return new ort.Tensor(type, Int32Array.from(Uint8ClampedArray.from(values)), dims);
  const half = new Uint16Array(values.length);
  toHalf(values, half);
  return new ort.Tensor(type, half, dims);
}

/**
 * An output's values as numbers: half precision widened, 64-bit integers as pairs of words.
 * @throws WorkError for an element type that is no number.
 */
export function outputValues({ type, data }: Tensor, model: string): OutputValues {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return { data: new Int32Array(data.buffer, data.byteOffset, data.length * 2), words: 2 };
  }
  if (type === 'float16') {
    // A Float16Array from Node 24 on, before that the patterns themselves.
    const { buffer, byteOffset, length } = data as Uint16Array;
    const wide = new Float32Array(length);
    fromHalf(new Uint16Array(buffer, byteOffset, length), wide);
    return { data: wide, words: 1 };
  }
  if (Array.isArray(data)) throw new WorkError(`${model} gives ${type} values, where numbers are expected`);
  return { data: data as OutputValues['data'], words: 1 };
}
