import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import type { EngineOptions, Pixels } from '../../../src/pipeline/engines/engine.js';

const FOLDER = new URL('../../../fixtures/twins/', import.meta.url);
const SIZE = 32;

/** One small model in three formats (fixtures/twins/README.md). */
export const twin = (name: 'twin.onnx' | 'twin-layers/model.json' | 'twin-graph/model.json'): string =>
  fileURLToPath(new URL(name, FOLDER));

/** What it gives for its images, by numpy. */
export const EXPECTED: { labels: string[]; maxProbability: number[] }[] = JSON.parse(
  readFileSync(new URL('expected.json', FOLDER), 'utf8'),
).images;

/** The rules of `images` in make.py. */
const RULES: ((x: number, y: number) => number)[] = [
  (x, y) => (x * 5 + y * 3) % 256,
  (x, y) => (x * x * 3 + y * 29 + x * y) % 256,
  (x, y) => ((x - 20) ** 2 + (y - 12) ** 2 < 64 ? 120 + x * 4 : 0),
];

/** Fresh buffers each time: engines take them over. */
export function twinImages(): Pixels[] {
  return RULES.map((rule) => ({
    width: SIZE,
    height: SIZE,
    channels: 1,
    data: Uint8Array.from({ length: SIZE * SIZE }, (_, i) => rule(i % SIZE, Math.floor(i / SIZE))),
  }));
}

export function twinOptions(model: string, more: Partial<EngineOptions> = {}): EngineOptions {
  const dataset = { classes: COVID_QU_EX_CLASSES.infection } as DatasetSpec;
  return { model, dataset, device: 'auto', batch: null, jobs: 1, card: {}, ...more };
}
