import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import type { EngineEntry } from '../../../src/pipeline/engines/engine.js';
import { chooseEngine, ENGINES, openEngine } from '../../../src/pipeline/engines/registry.js';
import { UsageError, WorkError } from '../../../src/pipeline/errors.js';
import type { RunEvent } from '../../../src/pipeline/events.js';
import { EXPECTED, twin, twinImages, twinOptions } from './twins.js';

function fake(name: EngineEntry['name'], ending: string, trouble: string | null): EngineEntry {
  const open = () => Promise.reject(new Error('not to be opened here'));
  const probe = async () => (trouble === null ? null : { reason: trouble, remedy: 'npm install it' });
  return { name, devices: ['cpu'], reads: (model) => model.endsWith(ending), probe, open };
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
    const { entry, skipped } = await chooseEngine({ model: 'a/net.onnx', engine: 'auto', device: 'auto' }, engines);
    expect(entry).toBe(engines[2]);
    expect(skipped).toEqual(['tensorflow: no libtensorflow: npm install it']);
  });
  test('the real ladder takes onnx for .onnx, in any case of letters', async () => {
    const { entry, skipped } = await chooseEngine({ model: 'Net.ONNX', engine: 'auto', device: 'auto' });
    expect([entry.name, skipped]).toEqual(['onnx', []]);
  });
  test('wasm is what is left for a TensorFlow.js model on the CPU, under any name', async () => {
    const ladder = ENGINES.filter(({ name }) => name !== 'tensorflow');
    const { entry, skipped } = await chooseEngine({ model: 'web/lungs.json', engine: 'auto', device: 'cpu' }, ladder);
    expect([entry.name, skipped]).toEqual(['wasm', ['webgpu: WebGPU computes on a GPU: use --device gpu']]);
    expect(ladder.some(({ reads }) => reads('web/lungs.json.maskaudit.json'))).toBe(false);
  });
  test('an engine is asked for the device, and whether it was named', async () => {
    const asked: unknown[] = [];
    const probe: EngineEntry['probe'] = async (...of) => {
      asked.push(of);
      return null;
    };
    const engine = { ...fake('webgpu', '.json', null), probe };
    await chooseEngine({ model: 'model.json', engine: 'auto', device: 'gpu' }, [engine]);
    await chooseEngine({ model: 'model.json', engine: 'webgpu', device: 'cpu' }, [engine]);
    expect(asked).toEqual([
      ['gpu', false],
      ['cpu', true],
    ]);
  });
  test('none works: what is missing is said', async () => {
    const engines = [fake('onnx', '.onnx', 'onnxruntime-node is not installed')];
    await expect(chooseEngine({ model: 'net.onnx', engine: 'auto', device: 'auto' }, engines)).rejects.toThrow(
      'no engine for net.onnx: onnx: onnxruntime-node is not installed: npm install it',
    );
  });
  test.each([
    [
      'net.keras',
      /^no engine for net\.keras: none reads such a file.* maskaudit model import net\.keras makes a SavedModel/,
    ],
    ['old/net.h5', /^no engine for net\.h5: none reads .* maskaudit model import old\/net\.h5 makes a SavedModel/],
    [
      'net.pt',
      /^no engine for net\.pt: none reads such a file; they read \.onnx, SavedModel folders and TensorFlow\.js models \(model\.json\)$/,
    ],
  ])('%s: nothing reads it, and what would', async (model, message) => {
    const error = await chooseEngine({ model, engine: 'auto', device: 'auto' }).catch((reason) => reason);
    expect(error).toBeInstanceOf(WorkError);
    expect(error.message).toMatch(message);
  });
});

test('a SavedModel is known by the file in it; only TensorFlow reads it, and as ONNX it runs without', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-saved.v1-'));
  const tensorflow = ENGINES.find(({ name }) => name === 'tensorflow') as EngineEntry;
  const absent = {
    ...tensorflow,
    probe: async () => ({ reason: 'not installed', remedy: 'maskaudit engine install' }),
  };
  const ladder = ENGINES.map((entry) => (entry === tensorflow ? absent : entry));
  try {
    const choice = { model: folder, engine: 'auto', device: 'auto' } as const;
    await expect(chooseEngine(choice, ladder)).rejects.toThrow('none reads such a file');
    writeFileSync(path.join(folder, 'saved_model.pb'), '');
    await expect(chooseEngine(choice, ladder)).rejects.toThrow(
      `tensorflow: not installed: maskaudit engine install. As ONNX it runs now: python -m tf2onnx.convert --opset 17 --saved-model ${folder} --output`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no such file: the call is wrong, whatever the engine', async () => {
  const options = { dataset: {} as DatasetSpec, device: 'cpu', batch: null, jobs: 1, card: {} } as const;
  const opening = openEngine({ ...options, model: '/nowhere/net.keras', engine: 'auto' }, () => {});
  await expect(opening).rejects.toThrow(new UsageError('no model at /nowhere/net.keras'));
});

test('opens the one that was chosen, and the event says which it became', async () => {
  const events: RunEvent[] = [];
  const options = { ...twinOptions(twin('twin.onnx')), engine: 'auto' } as const;
  const engine = await openEngine(options, (event) => void events.push(event));
  const [output] = await engine.infer([twinImages()[2]]);
  await engine.close();
  expect(Array.from(output.labels).join('')).toBe(EXPECTED[2].labels);
  expect(events).toEqual([{ type: 'engine', info: engine.info, skipped: [] }]);
});

describe('an engine by name is that one or an error', () => {
  test('it works', async () => {
    const { entry, skipped } = await chooseEngine({ model: 'net.onnx', engine: 'onnx', device: 'auto' });
    expect([entry.name, skipped]).toEqual(['onnx', []]);
  });
  test('not there, though another one could', async () => {
    const engines = [fake('tensorflow', '.json', 'no libtensorflow'), fake('wasm', '.json', null)];
    const choice = { model: 'model.json', engine: 'tensorflow', device: 'auto' } as const;
    await expect(chooseEngine(choice, engines)).rejects.toThrow(
      "engine tensorflow can't be used: no libtensorflow: npm install it",
    );
  });
  test('it is not asked whether it works for a model that it does not read', async () => {
    await expect(chooseEngine({ model: 'net.onnx', engine: 'wasm', device: 'auto' })).rejects.toThrow(
      'engine wasm does not read net.onnx; engine onnx reads it',
    );
  });
  test('it does not read the model, and which one does', async () => {
    const engines = [fake('onnx', '.onnx', null), fake('tensorflow', '.keras', null)];
    await expect(chooseEngine({ model: 'net.keras', engine: 'onnx', device: 'auto' }, engines)).rejects.toThrow(
      /^engine onnx does not read net\.keras; engine tensorflow reads it\. .*maskaudit model import/,
    );
  });
});
