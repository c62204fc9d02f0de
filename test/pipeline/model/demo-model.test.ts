import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import type { Engine } from '../../../src/pipeline/engines/engine.js';
import { openOnnxSession } from '../../../src/pipeline/engines/onnx-session.js';
import { phantomSample } from '../../../src/pipeline/phantom/sample.js';

const MODEL = fileURLToPath(new URL('../../../fixtures/model/unet-small.onnx', import.meta.url));
const dataset = { classes: COVID_QU_EX_CLASSES.infection } as DatasetSpec;

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxSession({ model: MODEL, dataset, device: 'cpu', batch: null, jobs: 1, card: {} });
});
afterAll(() => engine.close());

test('it is small enough to ship, and its card leaves nothing to be assumed', () => {
  expect(statSync(MODEL).size).toBeLessThan(320_000);
  expect(engine.info.notes.join('; ')).not.toMatch(/assumed|guessed/);
  expect(engine.info).toMatchObject({ inputWidth: 128, inputHeight: 128, knownClasses: [0, 1, 2, 3] });
});

// Other pictures than it was trained on (seed 1); worked out with the annotation on the model's own grid.
test('it finds most of the lesions, and the lungs, of phantoms that it never saw', async () => {
  let [both, either, hits, positives, lungs, lungPixels] = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < 48; index++) {
    const sample = phantomSample('demo-model-test', index);
    const width = sample.size;
    const height = sample.size;
    const image = { width, height, channels: 1 as const, data: sample.image.slice() };
    const [{ labels, width: across }] = await engine.infer([image]);
    const scale = width / across;
    let found = false;
    for (const [pixel, label] of labels.entries()) {
      const x = Math.floor(((pixel % across) + 0.5) * scale);
      const y = Math.floor((Math.floor(pixel / across) + 0.5) * scale);
      const truth = sample.infectionMask[y * width + x] > 0;
      if (truth && label === 2) both++;
      if (truth || label === 2) either++;
      if (truth && label === 2) found = true;
      if (sample.lungMask[y * width + x] > 0) {
        lungPixels++;
        if (label > 0) lungs++;
      }
    }
    if (sample.source === 'COVID-19') {
      positives++;
      if (found) hits++;
    }
  }
  expect(positives).toBe(24);
  expect(hits / positives).toBeGreaterThan(0.75);
  expect(both / either).toBeGreaterThan(0.5);
  expect(lungs / lungPixels).toBeGreaterThan(0.9);
});
