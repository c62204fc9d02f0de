import { WorkError } from '../errors.js';
import { type EngineEntry, type Trouble, troubleWords } from './engine.js';
import { checkModelFile, isTfjsModel } from './model-file.js';
import { openThreads } from './session-threads.js';

const NO_GPU: Trouble = { reason: 'WebAssembly computes on the CPU alone', remedy: 'use --device cpu' };

/** TensorFlow.js on WebAssembly, which comes with this program and works everywhere: one thread a session, `jobs` of them. */
export const wasmEntry: EngineEntry = {
  name: 'wasm',
  devices: ['cpu'],
  reads: isTfjsModel,
  probe: async (device) => (device === 'gpu' ? NO_GPU : null),
  async open(options) {
    if (options.device === 'gpu') throw new WorkError(troubleWords(NO_GPU));
    await checkModelFile(options.model, 'a model.json');
    return openThreads('wasm', options);
  },
};
