import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import type { ClassSpec, DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import type { Engine, EngineOptions, Pixels } from '../../../src/pipeline/engines/engine.js';
import { onnxEntry } from '../../../src/pipeline/engines/onnx.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const fixture = (name: string) => path.join(ROOT, 'fixtures/onnx', `${name}.onnx`);
const dataset = (classes: readonly ClassSpec[]) => ({ classes }) as DatasetSpec;
const FOUR = dataset(COVID_QU_EX_CLASSES.infection);

let opened: Engine[] = [];
afterEach(async () => {
  await Promise.all(opened.map((engine) => engine.close()));
  opened = [];
});

async function open(model: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const file = model.includes('/') ? model : fixture(model);
  const defaults = { dataset: FOUR, device: 'cpu', batch: null, jobs: 1, card: {} } as const;
  const engine = await onnxEntry.open({ model: file, ...defaults, ...options });
  opened.push(engine);
  return engine;
}

/** 4 x 4, one row of each value v in 0..1. */
function rows(...values: number[]): Pixels {
  const data = Uint8Array.from({ length: 16 }, (_, i) => Math.round(values[i >> 2] * 255));
  return { width: 4, height: 4, channels: 1, data };
}
const RAMP = [0, 0.4, 0.6, 1];
const labelsOf = (labels: Uint8Array) => [0, 4, 8, 12].map((i) => labels[i]);

/** Softmax of the four lines of make.py at v, by the definition. */
function lines(v: number): number[] {
  const exps = [0, 8 * v - 2, 16 * v - 6, 24 * v - 12].map(Math.exp);
  return exps.map((e) => e / exps.reduce((sum, x) => sum + x, 0));
}
/** What the 8-bit image holds of RAMP. */
const SEEN = RAMP.map((v) => Math.round(v * 255) / 255);
const highest = (of: (v: number) => number[]) =>
  of(0).map((_, c) => expect.closeTo(Math.max(...SEEN.map((v) => of(v)[c])), 5));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('each kind of graph, labels worked out by hand', () => {
  test.each(['nchw-softmax', 'nhwc-logits', 'fixed-batch'])('%s: class 0 to 3 from dark to bright', async (model) => {
    const engine = await open(model);
    const [output] = await engine.infer([rows(...RAMP)]);
    expect(labelsOf(output.labels)).toEqual([0, 1, 2, 3]);
    expect(output.maxProbability).toEqual(highest(lines));
    expect(output).toMatchObject({ width: 4, height: 4, constant: false, nonFinite: false });
    expect(engine.info).toMatchObject({ engine: 'onnx', device: 'cpu', inputWidth: 4, inputHeight: 4 });
    expect(engine.info.model).toBe(`${model}.onnx`);
    expect(engine.info.version).toMatch(/^onnxruntime 1\.\d+/);
  });

  test('argmax-labels: 64-bit labels, no probabilities', async () => {
    const [output] = await (await open('argmax-labels')).infer([rows(...RAMP)]);
    expect(labelsOf(output.labels)).toEqual([0, 1, 2, 3]);
    expect(output.maxProbability).toEqual([null, null, null, null]);
  });

  test('byte-labels: 8-bit in and out, values 0..255 without being told', async () => {
    const engine = await open('byte-labels');
    const [output] = await engine.infer([rows(0, 64 / 255, 128 / 255, 192 / 255)]);
    expect(labelsOf(output.labels)).toEqual([0, 1, 2, 3]);
    expect(engine.info.notes).toContain("preprocess byte from the graph's uint8 input");
  });

  test('half-any-size: half precision, images of any size in one call', async () => {
    const engine = await open('half-any-size');
    expect(engine.info).toMatchObject({ inputWidth: null, inputHeight: null });
    const wide: Pixels = { width: 3, height: 1, channels: 1, data: Uint8Array.of(255, 0, 102) };
    const outputs = await engine.infer([rows(...RAMP), rows(1, 1, 0, 0), wide]);
    expect(outputs.map(({ width, height }) => [width, height])).toEqual([
      [4, 4],
      [4, 4],
      [3, 1],
    ]);
    expect(outputs.map(({ labels }) => Array.from(labels).join(''))).toEqual([
      '0000111122223333',
      '3333333300000000',
      '301',
    ]);
    expect(outputs[2].maxProbability[3]).toBeCloseTo(lines(1)[3], 2);
  });

  test('transposed-half-size: the map is smaller than the image, channels last', async () => {
    const [output] = await (await open('transposed-half-size')).infer([rows(...RAMP)]);
    expect(output).toMatchObject({ width: 2, height: 2 });
    // The brightest of each 2 x 2: 0.4 and 1.
    expect(Array.from(output.labels)).toEqual([1, 1, 3, 3]);
  });

  test('colours: red, green or blue is the brightest', async () => {
    const engine = await open('colours');
    const data = Uint8Array.from({ length: 48 }, (_, i) => [9, 200, 90][(i + Math.floor(i / 3)) % 3]);
    const [output] = await engine.infer([{ width: 4, height: 4, channels: 3, data }]);
    // Pixel p holds the three values turned by p: 200 stands at (1 - p) mod 3.
    const expected = Array.from({ length: 16 }, (_, p) => 1 + ((((1 - p) % 3) + 3) % 3));
    expect(Array.from(output.labels)).toEqual(expected);
  });

  test('sigmoid-three: classes without background, none above one half', async () => {
    const engine = await open('sigmoid-three');
    const [output] = await engine.infer([rows(0.1, 0.5, 0.7, 1)]);
    expect(labelsOf(output.labels)).toEqual([1, 0, 2, 2]);
    expect(output.maxProbability[0]).toBeNull();
    expect(output.maxProbability[3]).toBeCloseTo(sigmoid(40 - 32), 5);
    expect(engine.info.knownClasses).toEqual([1, 2, 3]);
  });

  test('two-outputs: the one that the card names', async () => {
    const [output] = await (await open('two-outputs', { card: { outputName: 'probabilities' } })).infer([
      rows(...RAMP),
    ]);
    expect(labelsOf(output.labels)).toEqual([0, 1, 2, 3]);
  });
});

describe('a model of one class', () => {
  test.each([
    ['sigmoid-one', { card: { classes: 'covid' } }],
    ['sigmoid-one', { classes: ['covid'] }],
    ['logit-one', { classes: ['covid'] }],
    ['logit-one', { classes: ['covid'], card: { output: 'logits' } }],
  ])('%s with %j is audited for that class', async (model, options) => {
    const engine = await open(model, options as Partial<EngineOptions>);
    const [output] = await engine.infer([rows(0, 0.49, 0.51, 1)]);
    expect(labelsOf(output.labels)).toEqual([0, 0, 2, 2]);
    expect(output.maxProbability).toEqual([null, null, expect.closeTo(sigmoid(10), 5), null]);
    expect(engine.info.knownClasses).toEqual([2]);
  });
  test('its threshold can be set', async () => {
    const [output] = await (await open('sigmoid-one', { classes: ['covid'], card: { threshold: '0.9' } })).infer([
      rows(0.51, 0.6, 0.62, 1),
    ]);
    // sigmoid(20 v - 10) > 0.9 from v = 0.61.
    expect(labelsOf(output.labels)).toEqual([0, 0, 2, 2]);
  });
});

describe('batches', () => {
  test('a fixed batch is filled up, and the surplus dropped', async () => {
    const engine = await open('fixed-batch', { batch: 8 });
    expect(engine.info.batch).toBe(2);
    expect(engine.info.notes).toContain('batch 2 from the graph, not the 8 of --batch');
    const outputs = await engine.infer([rows(0, 0, 0, 0), rows(...RAMP), rows(1, 1, 1, 0)]);
    expect(outputs.map(({ labels }) => labelsOf(labels))).toEqual([
      [0, 0, 0, 0],
      [0, 1, 2, 3],
      [3, 3, 3, 0],
    ]);
    // The last one shared its batch with a black image; the first with a bright one.
    expect(outputs[2].maxProbability[0]).toBeCloseTo(lines(0)[0], 5);
    expect(outputs[0].maxProbability[3]).toBeCloseTo(lines(0)[3], 5);
  });

  test('more images than a batch, none at all, and calls at the same time keep their order', async () => {
    const engine = await open('nchw-softmax', { batch: 3, jobs: 2 });
    expect(engine.info.batch).toBe(3);
    expect(await engine.infer([])).toEqual([]);
    const calls = Array.from({ length: 20 }, (_, k) =>
      engine.infer(Array.from({ length: 7 }, (_, i) => rows(...RAMP.map((_, r) => RAMP[(r + k + i) % 4])))),
    );
    for (const [k, outputs] of (await Promise.all(calls)).entries()) {
      const expected = Array.from({ length: 7 }, (_, i) => [0, 1, 2, 3].map((r) => (r + k + i) % 4));
      expect(outputs.map(({ labels }) => labelsOf(labels))).toEqual(expected);
    }
  });

  test('buffers are taken over, but only what belongs to the image', async () => {
    const engine = await open('nchw-softmax');
    const own = rows(...RAMP);
    const large = new Uint8Array(64).fill(255);
    const part: Pixels = { width: 4, height: 4, channels: 1, data: large.subarray(8, 24) };
    const shared = new Uint8Array(new SharedArrayBuffer(16)).fill(255);
    const [, second, third] = await engine.infer([own, part, { width: 4, height: 4, channels: 1, data: shared }]);
    expect([own.data.length, large.length, shared.length]).toEqual([0, 64, 16]);
    expect([labelsOf(second.labels), labelsOf(third.labels)]).toEqual([
      [3, 3, 3, 3],
      [3, 3, 3, 3],
    ]);
  });

  test('an image is brought to the model’s size', async () => {
    const engine = await open('nchw-softmax');
    const data = Uint8Array.from({ length: 64 }, (_, i) => Math.round(RAMP[i >> 4] * 255));
    const [output] = await engine.infer([{ width: 8, height: 8, channels: 1, data }]);
    expect(labelsOf(output.labels)).toEqual([0, 1, 2, 3]);
  });
});

describe('outputs that say nothing', () => {
  test('constant', async () => {
    const [output] = await (await open('constant')).infer([rows(...RAMP)]);
    expect(output).toMatchObject({ constant: true, nonFinite: false });
    expect(labelsOf(output.labels)).toEqual([1, 1, 1, 1]);
  });
  test('probabilities that do not sum to 1, in images that the engine has not seen when it was opened', async () => {
    const engine = await open('unsummed');
    expect(engine.info.notes).toContain('softmax from the first output: guessed');
    const [dark, bright] = await engine.infer([rows(0, 0.4, 0.6, 0.8), rows(...RAMP)]);
    expect([dark.sumError, bright.sumError]).toEqual([expect.closeTo(0, 5), expect.closeTo(0.5, 5)]);
    expect(labelsOf(bright.labels)).toEqual([0, 1, 2, 3]);
  });
  test('NaN', async () => {
    // Channel 0 has no value where v is below one half; then 1, 2 and -1 times v are compared.
    const engine = await open('nan', { card: { output: 'logits' } });
    const [output] = await engine.infer([rows(0.2, 0.4, 0.6, 1)]);
    expect(output).toMatchObject({ constant: false, nonFinite: true });
    expect(labelsOf(output.labels)).toEqual([2, 2, 2, 2]);
  });
});

describe('refused before the first image', () => {
  const usage = async (model: string, options: Partial<EngineOptions>, message: RegExp) => {
    const error = await open(model, { jobs: 2, ...options }).catch((reason) => reason);
    expect([error.name, error.message]).toEqual(['UsageError', expect.stringMatching(message)]);
  };
  test('wrong class count', () => usage('five-classes', {}, /five-classes\.onnx gives 5 channels.*has 4 classes/));
  test('which class a one-class model is for', () => usage('sigmoid-one', {}, /say which class it is for/));
  test('a softmax over another axis', () => usage('wrong-axis', {}, /the softmax runs over another axis/));
  test('a classifier', () => usage('classifier', {}, /one answer an image/));
  test('two maps', () => usage('two-outputs', {}, /gives 2 maps \(auxiliary .*probabilities .*outputName/));
  test('labels beyond the classes', () =>
    usage(
      'byte-labels',
      { dataset: dataset(COVID_QU_EX_CLASSES.lung) },
      /gives label [23], and its classes are 0 to 1/,
    ));
  test('another size than the graph’s', () =>
    usage('nchw-softmax', { card: { size: '8' } }, /says size 8 x 8.*\[N,1,4,4\]/));
  test('an unknown setting', () => usage('nchw-softmax', { card: { sise: '8' } }, /did you mean "size"/));
  test('no file, or a folder', async () => {
    await usage('/nowhere/net.onnx', {}, /^no model at \/nowhere\/net\.onnx$/);
    await usage(path.join(ROOT, 'fixtures/'), {}, /is a folder/);
  });
});

describe('what fails', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-onnx-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const failure = async (model: string, options: Partial<EngineOptions> = {}) => {
    const { name, message } = await open(model, options).catch((reason) => reason);
    return [name, message];
  };
  test('a graph that fails when it runs names the model', async () => {
    expect(await failure('fails')).toEqual([
      'WorkError',
      expect.stringMatching(/^fails\.onnx failed on an input of 1 x 1 x 4 x 4/),
    ]);
  });
  test('a file that is no model', async () => {
    const file = path.join(folder, 'junk.onnx');
    writeFileSync(file, 'not a model');
    expect(await failure(file)).toEqual(['WorkError', expect.stringMatching(/^junk\.onnx can't be loaded/)]);
  });
  test('an image whose samples are too few', async () => {
    const engine = await open('nchw-softmax');
    const image: Pixels = { width: 4, height: 4, channels: 1, data: new Uint8Array(15) };
    await expect(engine.infer([image])).rejects.toThrow('4x4x1 has 15 samples');
    expect(labelsOf((await engine.infer([rows(...RAMP)]))[0].labels)).toEqual([0, 1, 2, 3]);
  });
  test.skipIf(existsSync('/dev/nvidia0'))(
    '--device gpu without one: an error with its remedy, never the CPU',
    async () => {
      expect(await failure('nchw-softmax', { device: 'gpu' })).toEqual([
        'WorkError',
        expect.stringMatching(
          /^onnxruntime-node has no CUDA library here .*: node .*--onnxruntime-node-install=cuda12$/,
        ),
      ]);
    },
  );
  test('a closed engine', async () => {
    const engine = await open('nchw-softmax');
    await engine.close();
    await expect(engine.infer([rows(...RAMP)])).rejects.toThrow();
    await engine.close();
  });
});

// onnxruntime's binding aborts the process where a thread is ended inside it: exit status 134 or a signal.
describe('a program that ends while a batch is computed', () => {
  let script: string;
  // Inside the package, which the engine's files are found by.
  const folder = path.join(ROOT, 'node_modules/.cache', `maskaudit-exit-${process.pid}`);
  beforeAll(async () => {
    const input = path.join(ROOT, 'src/pipeline/engines/onnx.ts');
    const bundle = await rolldown({ input, platform: 'node', external: ['onnxruntime-node'] });
    await bundle.write({ dir: folder, format: 'esm' });
    await bundle.close();
    script = path.join(folder, 'exit.mjs');
    const lines = [
      `import { onnxEntry } from './onnx.js';`,
      `const dataset = { classes: ${JSON.stringify(COVID_QU_EX_CLASSES.infection)} };`,
      `const options = { model: process.argv[2], dataset, device: 'cpu', batch: null, jobs: 2, card: {} };`,
      'if (process.argv[4] === "opening") setTimeout(() => process.exit(130), Number(process.argv[3]));',
      'const engine = await onnxEntry.open(options);',
      'const image = () => ({ width: 1500, height: 1500, channels: 1, data: new Uint8Array(2250000) });',
      'for (let i = 0; i < 200; i++) engine.infer([image()]).catch(() => {});',
      'if (process.argv[4] === "close") setTimeout(() => engine.close(), Number(process.argv[3]));',
      'if (process.argv[4] === "running") setTimeout(() => process.exit(130), Number(process.argv[3]));',
    ];
    writeFileSync(script, lines.join('\n'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (milliseconds: number, when: string) =>
    new Promise<{ code: unknown; signal: unknown }>((resolve) => {
      const args = [script, fixture('half-any-size'), String(milliseconds), when];
      execFile(process.execPath, args, (error) => resolve({ code: error?.code ?? 0, signal: error?.signal ?? null }));
    });

  test.each([
    [30, 'opening', 130],
    [120, 'opening', 130],
    [40, 'running', 130],
    [203, 'running', 130],
    [155, 'close', 0],
  ])('%i ms into %s: exit status %i', async (milliseconds, when, code) => {
    expect(await run(milliseconds, when)).toEqual({ code, signal: null });
  });
});
