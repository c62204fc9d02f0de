import { expect, test } from 'vitest';
import { openSession } from '../../../../src/pipeline/engines/session.js';
import { loadTfjsModel } from '../../../../src/pipeline/engines/tfjs/load-model.js';
import type { Tensor } from '../../../../src/pipeline/engines/tfjs/tf.js';
import { type TfLibrary, tfGraph } from '../../../../src/pipeline/engines/tfjs/tf-graph.js';
import type { TfModel } from '../../../../src/pipeline/engines/tfjs/tf-model.js';
import { EXPECTED, twin, twinImages, twinOptions } from '../twins.js';
import { startWasm } from './backend.js';

const tf = await startWasm();
const library = (inHostMemory: boolean): TfLibrary => ({
  engine: 'wasm',
  version: 'tfjs',
  defaultBatch: 2,
  deviceUsed: () => ({ device: 'cpu', note: null }),
  inHostMemory,
});
const FILE = twin('twin-layers/model.json');
const open = async (change: (model: TfModel) => TfModel, inHostMemory: boolean) => {
  const model = change(await loadTfjsModel(tf, FILE));
  return openSession(twinOptions(FILE), async () => tfGraph(tf, model, library(inHostMemory)));
};

test.each([true, false])(
  'the same labels where outputs lie in host memory (%s), and nothing is left behind',
  async (inHostMemory) => {
    const before = tf.memory().numTensors;
    const engine = await open((model) => model, inHostMemory);
    const resting = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) {
      const outputs = await engine.infer(twinImages());
      expect(outputs.map(({ labels }) => Array.from(labels).join(''))).toEqual(EXPECTED.map(({ labels }) => labels));
      expect(tf.memory().numTensors).toBe(resting);
    }
    await engine.close();
    expect(tf.memory().numTensors).toBe(before);
  },
);

test('a model that leaves tensors behind in every batch is an error, not a slow death', async () => {
  const left: Tensor[] = [];
  const engine = await open((model) => {
    const run: TfModel['run'] = (...of) => {
      left.push(tf.tensor([1]), tf.tensor([2]));
      return model.run(...of);
    };
    return { ...model, run };
  }, true);
  await expect(engine.infer(twinImages())).rejects.toThrow('a batch left 2 tensors behind');
  await engine.close();
  tf.dispose(left);
});

test('what fails in a run names the model and what it was fed', async () => {
  const run = () => Promise.reject(new Error("Kernel 'Where' not registered for backend 'wasm'"));
  await expect(open((model) => ({ ...model, run }), true)).rejects.toThrow(
    "model.json failed on an input of 1 x 32 x 32 x 1: Kernel 'Where' not registered for backend 'wasm'",
  );
});
