import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { EngineOptions } from '../../../src/pipeline/engines/engine.js';
import { wasmEntry } from '../../../src/pipeline/engines/wasm.js';
import { EXPECTED, twin, twinImages, twinOptions } from './twins.js';

const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-wasm-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function failure(model: string, options: Partial<EngineOptions> = {}): Promise<[string, string]> {
  const outcome = await wasmEntry.open(twinOptions(model, options)).catch((error: Error) => error);
  if (outcome instanceof Error) return [outcome.name, outcome.message];
  await outcome.close();
  throw new Error('it opened');
}

test('a model under another name, with a card beside it', async () => {
  cpSync(path.dirname(twin('twin-graph/model.json')), folder, { recursive: true });
  const model = path.join(folder, 'lungs.json');
  cpSync(path.join(folder, 'model.json'), model);
  // As if its channels stood for other classes.
  writeFileSync(`${model}.maskaudit.json`, JSON.stringify({ classes: ['background', 'covid', 'lung', 'non-covid'] }));
  const engine = await wasmEntry.open(twinOptions(model));
  const [output] = await engine.infer([twinImages()[1]]);
  await engine.close();
  const swapped = EXPECTED[1].labels.replace(/[12]/g, (label) => (label === '1' ? '2' : '1'));
  expect(Array.from(output.labels).join('')).toBe(swapped);
  expect(output.maxProbability[2]).toBeCloseTo(EXPECTED[1].maxProbability[1], 5);
  expect(engine.info.notes).toContain('classes background, covid, lung, non-covid from lungs.json.maskaudit.json');
});

test('what the first run takes is told apart from loading', async () => {
  const engine = await wasmEntry.open(twinOptions(twin('twin-layers/model.json')));
  await engine.close();
  expect(engine.info.loadMs).toBeGreaterThanOrEqual(0);
  expect(engine.info.warmUpMs).toBeGreaterThan(0);
});

test('a damaged file is named', async () => {
  const model = path.join(folder, 'model.json');
  const shard = path.join(folder, 'group1-shard1of1.bin');
  truncateSync(shard, 2000);
  expect(await failure(model)).toEqual([
    'WorkError',
    'group1-shard1of1.bin holds 2,000 bytes, and the weights of model.json take 2,252: cut short, or of another model',
  ]);
  rmSync(shard);
  expect(await failure(model)).toEqual([
    'WorkError',
    `model.json names the weight file group1-shard1of1.bin, which is not there: it belongs at ${shard}`,
  ]);
});

test('a wrong call stays one on its way out of the thread', async () => {
  const classes = 'background,lung';
  expect(await failure(twin('twin-layers/model.json'), { card: { classes } })).toEqual([
    'UsageError',
    expect.stringMatching(/^model\.json gives 4 channels, and its class order names 2 classes/),
  ]);
  expect(await failure('/nowhere/model.json')).toEqual(['UsageError', 'no model at /nowhere/model.json']);
});

test('there is no GPU in it', async () => {
  expect(await failure(twin('twin-layers/model.json'), { device: 'gpu' })).toEqual([
    'WorkError',
    'WebAssembly computes on the CPU alone: use --device cpu',
  ]);
  expect(await wasmEntry.probe('gpu', true)).toMatchObject({ reason: 'WebAssembly computes on the CPU alone' });
  expect(await wasmEntry.probe('auto', false)).toBeNull();
});

test('a closed engine takes nothing more', async () => {
  const engine = await wasmEntry.open(twinOptions(twin('twin-layers/model.json')));
  await engine.close();
  await expect(engine.infer(twinImages())).rejects.toThrow('the engine is closed');
});
