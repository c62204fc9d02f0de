import { expect, test } from 'vitest';
import { checkEngine } from '../../../src/pipeline/doctor/check-engine.js';
import { readTwins } from '../../../src/pipeline/doctor/twins.js';
import type { Engine, EngineEntry, EngineInfo, Pixels } from '../../../src/pipeline/engines/engine.js';
import { onnxEntry } from '../../../src/pipeline/engines/onnx.js';
import { wasmEntry } from '../../../src/pipeline/engines/wasm.js';

const info = { engine: 'onnx', device: 'cuda:0', version: 'fake 1.0', loadMs: 3, warmUpMs: 40 } as EngineInfo;

/** An engine that gives the right labels, with some of them changed; and what was done with it. */
function fake(change: (labels: Uint8Array) => void = () => {}, parts: Partial<EngineEntry> = {}) {
  const done: string[] = [];
  const known = new Map(readTwins().map(({ image, labels }) => [Buffer.from(image.data).toString('hex'), labels]));
  const infer = async (images: readonly Pixels[]) => {
    done.push('infer');
    return images.map(({ data, width, height }) => {
      const labels = Uint8Array.from(known.get(Buffer.from(data).toString('hex')) ?? '', Number);
      change(labels);
      return { width, height, labels, maxProbability: [], constant: false, nonFinite: false, sumError: null };
    });
  };
  const engine: Engine = { info, sessions: 1, infer, close: async () => void done.push('close') };
  const reads = (model: string) => model.endsWith('.onnx');
  const entry: EngineEntry = {
    name: 'onnx',
    devices: ['gpu'],
    reads,
    probe: async () => null,
    open: async () => engine,
    ...parts,
  };
  return { entry, done };
}

test.each([onnxEntry, wasmEntry])('$name computes on the CPU what it should, and takes some time', async (entry) => {
  const check = await checkEngine(entry, 'cpu');
  expect(check).toMatchObject({ engine: entry.name, device: 'cpu', used: 'cpu', trouble: null });
  for (const ms of [check.imageMs, check.warmUpMs]) expect(ms).toBeGreaterThan(0);
});

test('what computed, as the engine says, and what it reads', async () => {
  const { entry, done } = fake();
  expect(await checkEngine(entry, 'gpu')).toEqual({
    engine: 'onnx',
    device: 'gpu',
    reads: ['ONNX'],
    trouble: null,
    used: 'cuda:0',
    version: 'fake 1.0',
    loadMs: 3,
    warmUpMs: 40,
    imageMs: expect.any(Number),
  });
  const calls = done.filter((name) => name === 'infer').length;
  expect([calls >= 3, calls % 3, done.at(-1)]).toEqual([true, 0, 'close']);
});

test('one wrong label an image is an engine that does not work', async () => {
  const { entry, done } = fake((labels) => {
    labels[5] = (labels[5] + 1) % 4;
  });
  const check = await checkEngine(entry, 'gpu');
  expect(check).toMatchObject({ used: 'cuda:0', trouble: { remedy: null } });
  const [wrong, pixels] = check.trouble?.reason.match(/\d+/g)?.map(Number) ?? [];
  expect(wrong).toBe(pixels / 1024);
  expect(check.trouble?.reason).toMatch(
    /^it computes wrong results: \d+ of \d+ labels of a small model are not what they have to/,
  );
  expect(done.at(-1)).toBe('close');
});

test('what the probe says is passed on, and nothing is loaded', async () => {
  const asked: unknown[] = [];
  const trouble = { reason: 'no driver', remedy: 'apt-get install one' };
  const probe: EngineEntry['probe'] = async (...of) => {
    asked.push(of);
    return trouble;
  };
  const open = () => Promise.reject(new Error('it was opened'));
  expect(await checkEngine(fake(undefined, { probe, open }).entry, 'gpu')).toMatchObject({
    trouble,
    used: null,
    imageMs: null,
  });
  expect(asked).toEqual([['gpu', true]]);
});

test('whatever goes wrong is the reason', async () => {
  const open = () => Promise.reject(new Error('out of file handles'));
  const probe = () => Promise.reject(new Error('no such folder'));
  const infer = () => Promise.reject(new Error('device lost'));
  const dying = fake().entry;
  const reasons = [
    await checkEngine(fake(undefined, { open }).entry, 'gpu'),
    await checkEngine(fake(undefined, { probe }).entry, 'gpu'),
    await checkEngine({ ...dying, open: async (options) => ({ ...(await dying.open(options)), infer }) }, 'gpu'),
  ].map(({ trouble }) => trouble?.reason);
  expect(reasons).toEqual(['out of file handles', 'no such folder', 'device lost']);
});
