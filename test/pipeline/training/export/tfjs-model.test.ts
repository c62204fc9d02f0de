import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModelFiles } from '../../../../src/pipeline/engines/tfjs/model-files.js';
import { WorkError } from '../../../../src/pipeline/errors.js';
import { writeTfjsModel } from '../../../../src/pipeline/training/export/tfjs-model.js';
import { createNetwork } from './made-network.js';

const card = { preprocess: 'unit' as const, classes: ['background', 'lung'] };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 9.4 MB of weights, cut within tensors. */
function large() {
  const net = createNetwork([8, 8, 1], 'large');
  net.conv('a', [1, 512], 3);
  net.conv('b', [512, 512], 3);
  net.conv('scores', [512, 2], 1, { activation: 'softmax' });
  return net.finish();
}

test('weights are cut into files that browsers cache, and come back as they were', async () => {
  const network = large();
  const model = path.join(folder, 'large');
  writeTfjsModel(model, network, card);
  expect(readdirSync(model).sort()).toEqual([
    'group1-shard1of3.bin',
    'group1-shard2of3.bin',
    'group1-shard3of3.bin',
    'model.json',
    'model.json.maskaudit.json',
  ]);
  expect(statSync(path.join(model, 'group1-shard1of3.bin')).size).toBe(4 * 2 ** 20);
  const { kind, artifacts } = await readModelFiles(path.join(model, 'model.json'));
  expect(kind).toBe('layers');
  expect(artifacts.weightSpecs).toEqual(network.weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })));
  const whole = Buffer.concat(network.weights.map(({ values }) => Buffer.from(values.buffer)));
  expect(whole.equals(new Uint8Array(artifacts.weightData as ArrayBuffer))).toBe(true);
  expect(JSON.parse(readFileSync(path.join(model, 'model.json.maskaudit.json'), 'utf8'))).toEqual(card);
});

test('another model takes its place whole, with no file of the first left', () => {
  const model = path.join(folder, 'taken');
  writeTfjsModel(model, large(), card);
  const net = createNetwork([8, 8, 1], 'small');
  net.conv('scores', [1, 2], 1, { activation: 'softmax' });
  writeTfjsModel(model, net.finish(), card);
  expect(readdirSync(model).sort()).toEqual(['group1-shard1of1.bin', 'model.json', 'model.json.maskaudit.json']);
  expect(readdirSync(folder).filter((name) => /\.(part|old)$/.test(name))).toEqual([]);
});

test('a folder that can not be made is a WorkError, and leaves nothing', () => {
  const model = path.join(folder, 'taken', 'model.json', 'below-a-file');
  expect(() => writeTfjsModel(model, large(), card)).toThrow(WorkError);
  expect(existsSync(model)).toBe(false);
});
