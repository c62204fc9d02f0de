import { describe, expect, test } from 'vitest';
import type { EngineEntry } from '../../../src/pipeline/engines/engine.js';
import { chooseEngine, ENGINES } from '../../../src/pipeline/engines/registry.js';
import { WorkError } from '../../../src/pipeline/errors.js';

function fake(name: EngineEntry['name'], ending: string, trouble: string | null): EngineEntry {
  const open = () => Promise.reject(new Error('not to be opened here'));
  return { name, reads: (model) => model.endsWith(ending), probe: async () => trouble, open };
}

test('the ladder, the best first', () => {
  expect(ENGINES.map(({ name }) => name)).toEqual(['tensorflow', 'onnx', 'webgpu', 'wasm']);
});

describe('auto', () => {
  test('the first that reads the model and works, and why not those before it', async () => {
    const engines = [
      fake('tensorflow', '.onnx', 'no libtensorflow'),
      fake('webgpu', '.h5', null),
      fake('onnx', '.onnx', null),
    ];
    const { entry, skipped } = await chooseEngine({ model: 'a/net.onnx', engine: 'auto' }, engines);
    expect(entry).toBe(engines[2]);
    expect(skipped).toEqual(['tensorflow: no libtensorflow', 'webgpu: does not read net.onnx']);
  });
  test('the real ladder takes onnx for .onnx, in any case of letters', async () => {
    const { entry, skipped } = await chooseEngine({ model: 'Net.ONNX', engine: 'auto' });
    expect([entry.name, skipped]).toEqual(['onnx', ['tensorflow: does not read Net.ONNX']]);
  });
  test('none works: what is missing is said', async () => {
    const engines = [fake('onnx', '.onnx', 'onnxruntime-node is not installed: npm install it')];
    await expect(chooseEngine({ model: 'net.onnx', engine: 'auto' }, engines)).rejects.toThrow(
      'no engine for net.onnx: engine onnx is to read it: onnxruntime-node is not installed: npm install it',
    );
  });
  test.each([
    [
      'net.keras',
      /engine tensorflow is to read it.*keras\.models\.load_model\('net\.keras'\)\.export\('saved'\).*tf2onnx\.convert --opset 17 --saved-model saved --output net\.onnx/,
    ],
    ['old/net.h5', /engine tensorflow is to read it.*tf2onnx\.convert --opset 17 --keras net\.h5 --output net\.onnx/],
    ['web/model.json', /engine tensorflow is to read it.*--tfjs web\/model\.json --output model\.onnx/],
    ['saved_model', /engine tensorflow is to read it.*--saved-model saved_model --output model\.onnx/],
    ['net.pt', /no engine knows such a file; \.onnx models can be run/],
  ])('%s: which engine will read it, and how it becomes ONNX', async (model, message) => {
    const error = await chooseEngine({ model, engine: 'auto' }).catch((reason) => reason);
    expect(error).toBeInstanceOf(WorkError);
    expect(error.message).toMatch(message);
  });
});

describe('an engine by name is that one or an error', () => {
  test('it works', async () => {
    const { entry, skipped } = await chooseEngine({ model: 'net.onnx', engine: 'onnx' });
    expect([entry.name, skipped]).toEqual(['onnx', []]);
  });
  test('not there, though another one could', async () => {
    await expect(chooseEngine({ model: 'net.onnx', engine: 'wasm' })).rejects.toThrow(
      "engine wasm can't be used: not part of this version yet",
    );
  });
  test('it does not read the model, and which one does', async () => {
    const engines = [fake('onnx', '.onnx', null), fake('tensorflow', '.keras', null)];
    await expect(chooseEngine({ model: 'net.keras', engine: 'onnx' }, engines)).rejects.toThrow(
      /^engine onnx does not read net\.keras; engine tensorflow reads it\. As ONNX/,
    );
  });
});
