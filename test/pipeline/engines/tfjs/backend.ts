import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { startBackend } from '../../../../src/pipeline/engines/tfjs/bundled-tf.js';

/** TensorFlow.js with its wasm backend, on this thread: the sources that every backend shares. */
export function startWasm() {
  setWasmPaths(fileURLToPath(new URL('../../../../dist/tfjs/', import.meta.url)));
  return startBackend('wasm');
}
