import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { startBackend } from '../../../../src/pipeline/engines/tfjs/bundled-tf.js';
import { WASM_FOLDER } from '../../../../src/pipeline/engines/wasm-files.js';

/** TensorFlow.js with its wasm backend, on this thread: the sources that every backend shares. */
export function startWasm() {
  setWasmPaths(fileURLToPath(WASM_FOLDER));
  return startBackend('wasm');
}
