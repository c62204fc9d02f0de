import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as core from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { WorkError } from '../../errors.js';
import type { Tf } from './tf.js';

/** The TensorFlow.js that comes with this program, for the backends that come with it: their modules register them. */
const TF: Tf = {
  memory: core.memory,
  tidy: core.tidy,
  dispose: core.dispose,
  tensor: core.tensor,
  range: core.range,
  reshape: core.reshape,
  slice: core.slice,
  concat: core.concat,
  transpose: core.transpose,
  cast: core.cast,
  abs: core.abs,
  add: core.add,
  sub: core.sub,
  mul: core.mul,
  div: core.div,
  exp: core.exp,
  greater: core.greater,
  notEqual: core.notEqual,
  isFinite: core.isFinite,
  max: core.max,
  min: core.min,
  sum: core.sum,
  loadGraphModel,
  loadLayersModel,
};

/** @throws WorkError where the backend does not start. */
export async function startBackend(name: 'wasm' | 'webgpu'): Promise<Tf> {
  if (!(await core.setBackend(name))) throw new WorkError(`TensorFlow.js can't start its ${name} backend`);
  await core.ready();
  return TF;
}
