import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { tensor as tfTensor } from '@tensorflow/tfjs-core';
import { InferenceSession, type Tensor as OrtTensor, Tensor } from 'onnxruntime-node';
import { startBackend } from '../../../../src/pipeline/engines/tfjs/bundled-tf.js';
import { loadTfjsModel } from '../../../../src/pipeline/engines/tfjs/load-model.js';
import { programFile } from '../../../../src/pipeline/program-files.js';

/** An output, row by row, channels innermost. */
export interface Planes {
  shape: readonly number[];
  values: Float32Array;
}

/** What TensorFlow.js computes of N x rows x columns x channels, by the name of each output. */
export async function byTfjs(modelJson: string, image: Planes): Promise<Map<string, Planes>> {
  setWasmPaths(fileURLToPath(programFile('dist/tfjs/')));
  const model = await loadTfjsModel(await startBackend('wasm'), modelJson);
  const input = tfTensor(image.values, [...image.shape]);
  const found = new Map<string, Planes>();
  for (const { name } of model.outputs) {
    const [output] = await model.run(input, model.inputs[0].name, [name]);
    found.set(name, { shape: output.shape, values: (await output.data()) as Float32Array });
    output.dispose();
  }
  input.dispose();
  model.dispose();
  return found;
}

/** What ONNX Runtime computes of the same, with the axes back in TensorFlow's order. */
export async function byOnnx(file: string, image: Planes): Promise<Map<string, Planes>> {
  const session = await InferenceSession.create(file);
  const [n, rows, columns, channels] = image.shape;
  const nchw = moved(image.values, [n, rows * columns, channels]);
  const outputs = await session.run({
    [session.inputNames[0]]: new Tensor('float32', nchw, [n, channels, rows, columns]),
  });
  await session.release();
  const inOrder = ({ data, dims: [count, classes, ...places] }: OrtTensor): Planes => {
    const size = places.reduce((product, side) => product * side, 1);
    return { shape: [count, ...places, classes], values: moved(data as Float32Array, [count, classes, size]) };
  };
  return new Map(session.outputNames.map((name) => [name, inOrder(outputs[name])]));
}

/** The last two of three axes exchanged. */
function moved(values: Float32Array, [n, a, b]: readonly number[]): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < a; j++) for (let k = 0; k < b; k++) out[(i * b + k) * a + j] = values[(i * a + j) * b + k];
  }
  return out;
}

export function largestDifference(a: Planes, b: Planes): number {
  return a.values.reduce((most, value, i) => Math.max(most, Math.abs(value - b.values[i])), 0);
}

/** The arg max of each pixel. */
export function labelsOf({ shape, values }: Planes): number[] {
  const classes = shape[shape.length - 1];
  return Array.from({ length: values.length / classes }, (_, pixel) => {
    const scores = values.subarray(pixel * classes, (pixel + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
}
