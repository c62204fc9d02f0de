import * as core from '@tensorflow/tfjs-core';
import { WorkError } from '../errors.js';
import type { Engine, EngineOptions } from './engine.js';
import { startBackend } from './tfjs/bundled-tf.js';
import { openTfjsSession } from './tfjs/tfjs-session.js';
import { dawnVersion, findAdapter } from './webgpu-adapter.js';

/** Images a call, where nobody says: enough to fill a GPU with a U-Net of 256 x 256. */
const BATCH = 8;

/** A session of a TF.js model on TensorFlow.js's WebGPU backend over Dawn, on the calling thread. */
export async function openWebgpuSession(options: EngineOptions): Promise<Engine> {
  const adapter = await findAdapter();
  // Without one the backend fails with a TypeError.
  if (adapter === null) throw new WorkError('there is no WebGPU adapter');
  // Registers itself where it finds navigator.gpu, so it may not be imported before.
  await import('@tensorflow/tfjs-backend-webgpu');
  const tf = await startBackend('webgpu');
  const faults = watchFaults((core.backend() as unknown as { device: GPUDevice }).device);
  const engine = await openTfjsSession(tf, options, {
    engine: 'webgpu',
    version: `tfjs ${core.version_core}, webgpu ${dawnVersion()}`,
    defaultBatch: BATCH,
    inHostMemory: false,
    deviceUsed: () => ({
      device: adapter.name,
      note: adapter.software ? `${adapter.name} is no GPU: it computes on the CPU, slower than wasm` : null,
    }),
  });
  faults.check(engine.info.model);
  return {
    ...engine,
    async infer(images) {
      const outputs = await engine.infer(images);
      faults.check(engine.info.model);
      return outputs;
    },
  };
}

/** WebGPU reports what a device refuses beside the results, which are zeros then. */
function watchFaults(device: GPUDevice) {
  let fault: string | null = null;
  device.addEventListener('uncapturederror', (event) => {
    // Else Dawn prints it.
    event.preventDefault();
    fault ??= event.error.message.split('\n')[0].replace(/\.$/, '');
  });
  return {
    check(model: string): void {
      if (fault !== null) throw new WorkError(`${model} failed on the GPU: ${fault}; a smaller --batch may help`);
    },
  };
}
