import { fileURLToPath } from 'node:url';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import { readTwins } from '../../../src/pipeline/doctor/twins.js';
import type { EngineOptions, Pixels } from '../../../src/pipeline/engines/engine.js';

/** One small model in three formats (fixtures/twins/README.md). */
export const twin = (name: 'twin.onnx' | 'twin-layers/model.json' | 'twin-graph/model.json'): string =>
  fileURLToPath(new URL(`../../../fixtures/twins/${name}`, import.meta.url));

/** What it gives for its images, by numpy. */
export const EXPECTED = readTwins();

/** Fresh buffers each time: engines take them over. */
export const twinImages = (): Pixels[] => readTwins().map(({ image }) => image);

export function twinOptions(model: string, more: Partial<EngineOptions> = {}): EngineOptions {
  const dataset = { classes: COVID_QU_EX_CLASSES.infection } as DatasetSpec;
  return { model, dataset, device: 'auto', batch: null, jobs: 1, card: {}, ...more };
}
