import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WorkError } from '../errors.js';
import { type DeviceChoice, type EngineEntry, type Trouble, troubleWords } from './engine.js';
import { checkModelFile, isTfjsModel } from './model-file.js';
import { openThreads } from './session-threads.js';
import { WASM_FOLDER } from './wasm-files.js';

const NO_GPU: Trouble = { reason: 'WebAssembly computes on the CPU alone', remedy: 'use --device cpu' };

/** TensorFlow.js on WebAssembly, which comes with this program and works everywhere: one thread a session, `jobs` of them. */
export const wasmEntry: EngineEntry = {
  name: 'wasm',
  devices: ['cpu'],
  reads: isTfjsModel,
  probe: async (device) => troubleOn(device),
  async open(options) {
    const trouble = troubleOn(options.device);
    if (trouble !== null) throw new WorkError(troubleWords(trouble));
    await checkModelFile(options.model, 'a model.json');
    return openThreads('wasm', options);
  },
};

function troubleOn(device: DeviceChoice): Trouble | null {
  if (device === 'gpu') return NO_GPU;
  const file = fileURLToPath(new URL('tfjs-backend-wasm-simd.wasm', WASM_FOLDER));
  return existsSync(file) ? null : { reason: `${file} is not there: maskaudit is not installed whole`, remedy: null };
}
