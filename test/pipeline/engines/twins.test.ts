import { describe, expect, test } from 'vitest';
import type { ModelOutput } from '../../../src/pipeline/engines/engine.js';
import { onnxEntry } from '../../../src/pipeline/engines/onnx.js';
import { wasmEntry } from '../../../src/pipeline/engines/wasm.js';
import { EXPECTED, twin, twinImages, twinOptions } from './twins.js';

function expectTwin(outputs: readonly ModelOutput[], images: readonly number[]): void {
  expect(outputs.map(({ labels }) => Array.from(labels).join(''))).toEqual(images.map((i) => EXPECTED[i].labels));
  for (const [k, output] of outputs.entries()) {
    const close = EXPECTED[images[k]].maxProbability.map((p) => expect.closeTo(p, 5));
    expect(output).toMatchObject({ width: 32, height: 32, maxProbability: close, constant: false, nonFinite: false });
  }
}

// The webgpu engine has the same test, with a driver for it, in webgpu.test.ts.
describe.each([
  ['onnx', onnxEntry, twin('twin.onnx')],
  ['wasm, layers model', wasmEntry, twin('twin-layers/model.json')],
  ['wasm, graph model', wasmEntry, twin('twin-graph/model.json')],
] as const)('%s gives the labels that numpy gives', (_, entry, model) => {
  test.each([1, 2, 3])('%i images a call', async (batch) => {
    const engine = await entry.open(twinOptions(model, { batch }));
    try {
      expect(engine.info).toMatchObject({ engine: entry.name, device: 'cpu', batch, inputWidth: 32, inputHeight: 32 });
      expect(engine.info.notes).toContain('softmax from the graph (Softmax)');
      expectTwin(await engine.infer(twinImages()), [0, 1, 2]);
      expectTwin(await engine.infer(twinImages().reverse()), [2, 1, 0]);
    } finally {
      await engine.close();
    }
  });

  test('calls at the same time, over two sessions, keep their order', async () => {
    const engine = await entry.open(twinOptions(model, { jobs: 2 }));
    try {
      const calls = Array.from({ length: 12 }, (_, k) =>
        engine.infer([twinImages()[k % 3], twinImages()[(k + 1) % 3]]),
      );
      for (const [k, outputs] of (await Promise.all(calls)).entries()) expectTwin(outputs, [k % 3, (k + 1) % 3]);
    } finally {
      await engine.close();
    }
  });
});
