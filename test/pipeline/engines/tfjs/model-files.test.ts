import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readModelFiles } from '../../../../src/pipeline/engines/tfjs/model-files.js';

const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-tfjs-'));
const file = path.join(folder, 'model.json');
afterAll(() => rmSync(folder, { recursive: true }));

/** 3 floats, 2 quantised to a byte each, and one truth value: 15 bytes. */
const WEIGHTS = [
  { name: 'a', shape: [3], dtype: 'float32' },
  { name: 'b', shape: [1, 2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: 0 } },
  { name: 'c', shape: [], dtype: 'bool' },
];
const TOPOLOGY = { model_config: {} };
const manifest = (...paths: string[]) => [{ paths, weights: WEIGHTS }];
const model = (json: unknown) => writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json));
const shard = (name: string, bytes: number, value: number) =>
  writeFileSync(path.join(folder, name), Buffer.alloc(bytes, value));
const failure = async () => {
  const { name, message } = await readModelFiles(file).then(
    () => ({ name: '', message: 'it was read' }),
    (error: Error) => error,
  );
  expect(name).toBe('WorkError');
  return message;
};

beforeEach(() => {
  shard('one.bin', 10, 1);
  shard('two.bin', 5, 2);
});

test('weight files are joined in the order of the manifest, wherever they are cut', async () => {
  model({ modelTopology: TOPOLOGY, weightsManifest: manifest('one.bin', 'two.bin'), format: 'layers-model' });
  const { kind, artifacts } = await readModelFiles(file);
  expect(kind).toBe('layers');
  expect(artifacts.weightSpecs).toEqual(WEIGHTS);
  const bytes = Buffer.from(artifacts.weightData as ArrayBuffer);
  expect([...bytes]).toEqual([...Array(10).fill(1), ...Array(5).fill(2)]);
});

test.each([
  [{ format: 'graph-model', modelTopology: { versions: {} } }, 'graph'],
  [{ modelTopology: { node: [] } }, 'graph'],
  [{ modelTopology: { class_name: 'Sequential' } }, 'layers'],
])('%j is a %s model', async (json, kind) => {
  model(json);
  expect((await readModelFiles(file)).kind).toBe(kind);
});

describe('an error names the file', () => {
  test('that is missing', async () => {
    model({ modelTopology: TOPOLOGY, weightsManifest: manifest('one.bin', 'three.bin') });
    expect(await failure()).toBe(
      `model.json names the weight file three.bin, which is not there: it belongs at ${path.join(folder, 'three.bin')}`,
    );
  });
  test.each([[4], [6]])('with %i bytes in place of 5', async (bytes) => {
    shard('two.bin', bytes, 2);
    model({ modelTopology: TOPOLOGY, weightsManifest: manifest('one.bin', 'two.bin') });
    expect(await failure()).toBe(
      `one.bin, two.bin hold ${10 + bytes} bytes, and the weights of model.json take 15: cut short, or of another model`,
    );
  });
  test.each(['../one.bin', '/etc/hostname'])('%s, outside the folder', async (name) => {
    model({ modelTopology: TOPOLOGY, weightsManifest: manifest(name) });
    expect(await failure()).toBe(`model.json names the weight file ${name}, which lies outside its folder`);
  });
  test('a folder in a weight file’s place', async () => {
    model({ modelTopology: TOPOLOGY, weightsManifest: manifest('.') });
    expect(await failure()).toMatch(/hold|can't be read/);
  });
  test('that is cut off', async () => {
    model('{"modelTopology": {"node"');
    expect(await failure()).toMatch(/^model\.json is no JSON \(.*\): was it copied whole\?$/);
  });
  test.each(['null', '[]', '{}', '{"modelTopology": {}}', '{"modelTopology": {"node": []}, "weightsManifest": {}}'])(
    '%s is no model',
    async (text) => {
      model(text);
      expect(await failure()).toMatch(/^model\.json is no TensorFlow\.js model/);
    },
  );
});
