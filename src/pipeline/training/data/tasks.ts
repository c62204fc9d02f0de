import type { Transferable } from 'node:worker_threads';
import { isImageLevel } from '../../dataset/image-level.js';
import { createKernels } from '../../kernels/load.js';
import type { TrainBatch } from '../trainer.js';
import { createExampleReader, type ExampleSettings, type ExampleTask } from './example-reader.js';

/** One batch, in the order in which it is to be. */
export interface BatchTask {
  examples: readonly ExampleTask[];
}

export interface BatchAnswer extends TrainBatch {
  /** What could not be read any more, a clause each: those places of the batch count in no loss. */
  faults: string[];
}

/** Sets up one thread that makes batches. */
export function startBatches(settings: ExampleSettings) {
  const readExample = createExampleReader(createKernels(), settings);
  const pixels = settings.size.width * settings.size.height;
  return async ({ examples }: BatchTask, transfer: Transferable[]): Promise<BatchAnswer> => {
    const images = new Float32Array(examples.length * pixels * settings.channels);
    const labels = new Uint8Array(examples.length * (isImageLevel(settings.dataset) ? 1 : pixels));
    const faults: string[] = [];
    for (const [index, example] of examples.entries()) {
      const fault = await readExample(example, images, labels, index);
      if (fault !== null) faults.push(fault);
    }
    transfer.push(images.buffer, labels.buffer);
    return { count: examples.length, images, labels, faults };
  };
}
