import { fileURLToPath } from 'node:url';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import type { Engine, EngineOptions } from './engine.js';
import { startBackend } from './tfjs/bundled-tf.js';
import { openTfjsSession } from './tfjs/tfjs-session.js';
import { WASM_FOLDER } from './wasm-files.js';

/** One thread gains nothing by more: images are ready sooner. */
const BATCH = 1;

/** A session of a TF.js model on TensorFlow.js's WebAssembly backend, on the calling thread. */
export async function openWasmSession(options: EngineOptions): Promise<Engine> {
  setWasmPaths(fileURLToPath(WASM_FOLDER));
  return openTfjsSession(await startBackend('wasm'), options, {
    engine: 'wasm',
    version: `tfjs ${version_wasm}`,
    defaultBatch: BATCH,
    inHostMemory: true,
    deviceUsed: () => ({ device: 'cpu', note: null }),
  });
}
