import { nativePlanes } from './native-planes.js';
import { nativeVariables } from './native-variables.js';
import { createRunner, type TrainerTf } from './node-backend.js';
import type { Ops } from './ops.js';

/** By TensorFlow's own kernels, one for each operation. @param tf one for which `isNodeBackend` holds */
export function nativeOps(tf: TrainerTf): Ops {
  const runner = createRunner(tf);
  return { ...nativePlanes(tf, runner), ...nativeVariables(tf, runner) };
}
