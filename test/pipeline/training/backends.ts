import type * as layers from '@tensorflow/tfjs-layers';
import { loadTensorflow } from '../../../src/pipeline/engines/tensorflow/load.js';
import { locateTensorflow } from '../../../src/pipeline/engines/tensorflow/locate.js';
import { composedOps } from '../../../src/pipeline/training/kernels/composed-ops.js';
import { nativeOps } from '../../../src/pipeline/training/kernels/native-ops.js';
import type { TrainerTf } from '../../../src/pipeline/training/kernels/node-backend.js';
import type { Ops } from '../../../src/pipeline/training/kernels/ops.js';
import type { LayerGraph } from '../../../src/pipeline/training/trainer.js';
import { installOnce } from '../engines/native.js';

/** TensorFlow.js with its layers, which are an oracle here and nothing else. */
export type TestTf = TrainerTf & Pick<typeof layers, 'loadLayersModel'>;

await installOnce();
const located = locateTensorflow();
if (located === null) throw new Error('native TensorFlow was installed, and is not found');

/** Native TensorFlow: what is tested here is what trains. */
export const tf = loadTensorflow(located.packageFolder) as unknown as TestTf;
await tf.ready();

/** Both kinds of kernels. */
export const OPS: [string, Ops][] = [
  ['composed', composedOps(tf)],
  ['native', nativeOps(tf)],
];

/** Repeatable values between -1 and 1 that no two sizes share a pattern of. */
export function values(size: number, seed = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: size }, (_, i) => hashed(i, seed));
}

/** Integer hash in 32 bits, as features.py has it too. */
export function hashed(index: number, seed: number): number {
  let h = Math.imul(index ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}

/** A network as TF.js's own layers have it. */
export function layersModel({ topology, weights }: LayerGraph) {
  const weightData = new Float32Array(weights.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of weights) {
    weightData.set(values, at);
    at += values.length;
  }
  const weightSpecs = weights.map(({ name, shape }) => ({ name, shape: [...shape], dtype: 'float32' as const }));
  const artifacts = { modelTopology: topology as object, weightSpecs, weightData: weightData.buffer };
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}
