import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, EngineOptions, ModelOutput, Pixels } from '../../../src/pipeline/engines/engine.js';
import { tensorflowEntry, whyNoGpu } from '../../../src/pipeline/engines/tensorflow/entry.js';
import { bindingIn } from '../../../src/pipeline/engines/tensorflow/locate.js';
import { tryTensorflow } from '../../../src/pipeline/engines/tensorflow/process.js';
import { runModelImport } from '../../../src/pipeline/run-model-import.js';
import { INSTALL_MS, installOnce } from './native.js';
import { EXPECTED, twin as knownTwin, twinImages, twinOptions } from './twins.js';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/tensorflow/', import.meta.url));
const fixture = (name: string) => path.join(FIXTURES, name);
const twin = (name: string) => path.join(path.dirname(knownTwin('twin.onnx')), name);

function expectTwin(outputs: readonly ModelOutput[], images: readonly number[]): void {
  const labels = outputs.map((output) => Array.from(output.labels).join(''));
  expect(labels).toEqual(images.map((i) => Array.from(EXPECTED[i].labels).join('')));
  for (const [k, output] of outputs.entries()) {
    const close = EXPECTED[images[k]].maxProbability.map((p) => expect.closeTo(p, 5));
    expect(output).toMatchObject({ width: 32, height: 32, maxProbability: close, constant: false, nonFinite: false });
  }
}

let installed: string;
let folder: string;
beforeAll(async () => {
  installed = await installOnce();
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-tensorflow-test-'));
}, INSTALL_MS);
afterAll(() => rmSync(folder, { recursive: true }));

let opened: Engine[] = [];
afterEach(async () => {
  await Promise.all(opened.map((engine) => engine.close()));
  opened = [];
});

async function open(model: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await tensorflowEntry.open(twinOptions(model, options));
  opened.push(engine);
  return engine;
}

async function failure(model: string, options: Partial<EngineOptions> = {}): Promise<[string, string]> {
  const outcome = await open(model, options).catch((error: Error) => error);
  if (!(outcome instanceof Error)) throw new Error('it opened');
  return [outcome.name, outcome.message];
}

/** One row of each value v in 0..1, as wide as there are rows. */
function rows(...values: number[]): Pixels {
  const side = values.length;
  const data = Uint8Array.from({ length: side * side }, (_, i) => Math.round(values[Math.floor(i / side)] * 255));
  return { width: side, height: side, channels: 1, data };
}
const RAMP = [0, 0.4, 0.6, 1];
const columnOf = ({ labels, width }: { labels: Uint8Array; width: number }) =>
  Array.from({ length: labels.length / width }, (_, row) => labels[row * width]);

describe.each([
  ['a SavedModel', twin('twin-saved')],
  ['a layers model', twin('twin-layers/model.json')],
  ['a graph model', twin('twin-graph/model.json')],
])('%s gives the labels that numpy gives', (_, model) => {
  test('two images a call, and one that is left', async () => {
    const engine = await open(model, { batch: 2 });
    expect(engine.info).toMatchObject({ engine: 'tensorflow', device: 'cpu', inputWidth: 32, inputHeight: 32 });
    expect(engine.info.version).toMatch(/^TensorFlow 2\.\d+\.\d+$/);
    expect(engine.info.notes).toContain('softmax from the graph (Softmax)');
    expectTwin(await engine.infer(twinImages()), [0, 1, 2]);
    expectTwin(await engine.infer(twinImages().reverse()), [2, 1, 0]);
  });

  test('calls at the same time keep their order', async () => {
    const engine = await open(model);
    const calls = Array.from({ length: 12 }, (_, k) => engine.infer([twinImages()[k % 3], twinImages()[(k + 1) % 3]]));
    for (const [k, outputs] of (await Promise.all(calls)).entries()) expectTwin(outputs, [k % 3, (k + 1) % 3]);
  });

  test('no tensor is left behind by any of 300 batches', async () => {
    // The session itself counts them after each batch, and fails where one is left.
    const engine = await open(model, { batch: 3 });
    for (let i = 0; i < 300; i++) await engine.infer(twinImages());
    expectTwin(await engine.infer(twinImages()), [0, 1, 2]);
  });
});

describe('each kind of SavedModel, labels worked out by hand', () => {
  test('logits of any size: each image in its own', async () => {
    const engine = await open(fixture('logits-any-size'));
    const outputs = await engine.infer([rows(...RAMP), rows(1, 0.6), rows(0.4, 0)]);
    expect(outputs.map(columnOf)).toEqual([
      [0, 1, 2, 3],
      [3, 2],
      [1, 0],
    ]);
    expect(engine.info).toMatchObject({ inputWidth: null, inputHeight: null });
  });
  test('a fixed batch is filled up', async () => {
    const engine = await open(fixture('fixed-batch'));
    const outputs = await engine.infer([rows(...RAMP), rows(...RAMP.toReversed()), rows(...RAMP)]);
    expect(outputs.map(columnOf)).toEqual([
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [0, 1, 2, 3],
    ]);
    expect(engine.info.notes).toContain('batch 2 from the graph');
  });
  test('bytes in, labels out', async () => {
    const engine = await open(fixture('byte-labels'));
    const [output] = await engine.infer([rows(...RAMP)]);
    expect(columnOf(output)).toEqual([0, 1, 2, 3]);
    expect(output.maxProbability).toEqual([null, null, null, null]);
    expect(engine.info.notes).toEqual(
      expect.arrayContaining(["preprocess byte from the graph's uint8 input", 'labels from the graph (ArgMax)']),
    );
  });
  test('one sigmoid for the class that was chosen', async () => {
    const engine = await open(fixture('sigmoid-one'), { classes: ['covid'] });
    const [output] = await engine.infer([rows(...RAMP)]);
    expect(columnOf(output)).toEqual([0, 0, 2, 2]);
    expect(output.maxProbability).toEqual([null, null, expect.closeTo(1 / (1 + Math.exp(-10)), 6), null]);
    expect(engine.info.knownClasses).toEqual([2]);
  });
  test('of two outputs the one that is named', async () => {
    expect(await failure(fixture('two-outputs'))).toEqual([
      'UsageError',
      expect.stringMatching(/^two-outputs gives 2 maps .*"outputName" in its card must say which to read$/),
    ]);
    const engine = await open(fixture('two-outputs'), { card: { outputName: 'probabilities' } });
    expect(columnOf((await engine.infer([rows(...RAMP)]))[0])).toEqual([0, 1, 2, 3]);
  });
  test('values that are no numbers', async () => {
    const engine = await open(fixture('nan'));
    const [black, ramp] = await engine.infer([rows(0, 0, 0, 0), rows(...RAMP)]);
    expect(black.nonFinite).toBe(true);
    expect(columnOf(black)).toEqual([0, 0, 0, 0]);
    expect([ramp.nonFinite, columnOf(ramp)]).toEqual([false, [0, 1, 2, 3]]);
  });
});

describe('what is wrong is said before the first image', () => {
  test('classes and shapes, as for any other engine', async () => {
    expect(await failure(fixture('five-classes'))).toEqual([
      'UsageError',
      expect.stringMatching(/^five-classes gives 5 channels \(softmax\), and this dataset has 4 classes/),
    ]);
    expect(await failure(twin('twin-saved'), { card: { size: '64' } })).toEqual([
      'UsageError',
      expect.stringMatching(
        /^twin-saved: the command line says size 64 x 64 \(height x width\), and its input is x float32/,
      ),
    ]);
    expect(await failure(fixture('half'))).toEqual([
      'UsageError',
      expect.stringMatching(
        /^half takes or gives values of a type that TensorFlow\.js does not have, such as half precision/,
      ),
    ]);
  });
  test('no signature', async () => {
    expect(await failure(fixture('no-signature'))).toEqual([
      'UsageError',
      expect.stringMatching(
        /^no-signature has no signature serving_default \(it has none\): save it with model\.export/,
      ),
    ]);
  });
  test('a damaged model', async () => {
    const damaged = path.join(folder, 'damaged');
    cpSync(twin('twin-saved'), damaged, { recursive: true });
    writeFileSync(path.join(damaged, 'variables/variables.data-00000-of-00001'), 'short');
    expect(await failure(damaged)).toEqual([
      'WorkError',
      expect.stringMatching(/^damaged can't be loaded by TensorFlow: /),
    ]);
    writeFileSync(path.join(damaged, 'saved_model.pb'), 'no protobuf');
    expect(await failure(damaged)).toEqual([
      'WorkError',
      expect.stringMatching(/^damaged is no SavedModel that can be/),
    ]);
  });
});

describe('the device is the one that computed', () => {
  test('it computes, on the CPU', async () => {
    const { device, version } = await tryTensorflow(bindingIn(installed), 'auto');
    expect({ device, version }).toEqual({ device: 'cpu', version: expect.stringMatching(/^2\.\d+/) });
  });
  test('--device gpu without one is an error with its reason', async () => {
    const alone = 'the TensorFlow that is installed computes on the CPU alone';
    expect(await tensorflowEntry.probe('gpu', true)).toEqual({
      reason: alone,
      remedy: 'maskaudit engine install --gpu',
    });
    expect(await failure(twin('twin-saved'), { device: 'gpu' })).toEqual([
      'WorkError',
      `--device gpu: ${alone}: maskaudit engine install --gpu`,
    ]);
  });
  test('what TensorFlow says of a GPU that it can not use', () => {
    const said =
      'E0000 00:00:1795693538.359933   20250 cuda_platform.cc:51] failed call to cuInit: INTERNAL: CUDA error: UNKNOWN ERROR (303)';
    expect(whyNoGpu(['WARNING: all log messages', said])).toBe(
      "TensorFlow can't use a GPU here: failed call to cuInit: INTERNAL: CUDA error: UNKNOWN ERROR (303)",
    );
    expect(whyNoGpu([])).toBe('TensorFlow found no GPU');
  });
});

test('the process ends with the engine, and a call after that is an error', async () => {
  const engine = await open(twin('twin-saved'));
  const call = engine.infer(twinImages()).catch((error: Error) => error.message);
  await engine.close();
  expect(['object', 'string']).toContain(typeof (await call));
  await expect(engine.infer(twinImages())).rejects.toThrow('the engine is closed');
});

describe('a Keras file', () => {
  const context = { signal: new AbortController().signal, onStep() {} };

  test('becomes a SavedModel that gives the same labels, with a card of what is known', async () => {
    const file = path.join(folder, 'net.keras');
    cpSync(twin('twin.keras'), file);
    const result = await runModelImport({ file, out: null, overwrite: false }, context);
    expect(result).toMatchObject({ savedModel: path.join(folder, 'net.savedmodel'), parameters: 560 });
    const card = JSON.parse(readFileSync(result.card, 'utf8'));
    expect(card).toMatchObject({ layout: 'NHWC', size: [32, 32], channels: 1, output: 'softmax' });
    const engine = await open(result.savedModel);
    expectTwin(await engine.infer(twinImages()), [0, 1, 2]);
    expect(engine.info.notes).toContain('softmax from net.savedmodel.maskaudit.json');
    await expect(runModelImport({ file, out: null, overwrite: false }, context)).rejects.toThrow(
      'net.savedmodel is there already: --overwrite replaces it, --out DIR names another folder',
    );
  });

  test('with layers of its own: they are named, and nothing is left behind', async () => {
    const file = fixture('custom-layers.keras');
    const out = path.join(folder, 'custom');
    await expect(runModelImport({ file, out, overwrite: false }, context)).rejects.toThrow(
      /^custom-layers\.keras has layers that Keras alone does not know: Scale, Lambda \(Lambda layers hold Python code, which is not run here\); in the program/,
    );
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    ['nowhere.keras', /^no model at /],
    ['twin.onnx', /^twin\.onnx is no Keras file \(\.keras, \.h5\)$/],
    ['twin-saved', /^twin-saved is no Keras file \(\.keras, \.h5\); a SavedModel needs no import/],
  ])('%s', async (name, message) => {
    const file = twin(name);
    await expect(runModelImport({ file, out: null, overwrite: false }, context)).rejects.toThrow(message);
  });
});
