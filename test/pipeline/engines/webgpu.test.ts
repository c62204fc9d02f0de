import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../../src/pipeline/png/encode.js';
import { makeFolder, maskaudit, removeFolder } from '../../commands/program.js';
import { findSoftwareGpu } from './software-gpu.js';
import { EXPECTED, twin, twinImages } from './twins.js';

/** A Vulkan driver that computes on the CPU shows that the engine computes the right thing, not that it is fast. */
const found = findSoftwareGpu();
const has = 'env' in found;
const KEYS = ['background', 'lung', 'covid', 'non-covid'];
const MINUTES = 60_000;

const folder = makeFolder();
afterAll(() => removeFolder(folder));

/** A data set whose annotation is what numpy says that the model gives: it has to score 1. */
beforeAll(() => {
  for (const name of ['images', 'masks']) mkdirSync(path.join(folder, name));
  for (const [i, { width, height, data }] of twinImages().entries()) {
    const labels = Uint8Array.from(EXPECTED[i].labels, Number);
    writeFileSync(path.join(folder, 'images', `${i}.png`), encodePng({ width, height, data }));
    writeFileSync(path.join(folder, 'masks', `${i}.png`), encodePng({ width, height, data: labels }));
  }
  const classes = KEYS.map((key, index) => ({ index, key }));
  writeFileSync(path.join(folder, 'maskaudit.config.json'), JSON.stringify({ layout: 'masks', classes }));
});

/** Variables that hide every Vulkan driver. */
const NO_DRIVER = { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' };

/** No native TensorFlow there, whatever this machine has. */
const HOME = { MASKAUDIT_HOME: path.join(folder, 'home') };

function audit(env: Record<string, string>, ...args: string[]) {
  const call = ['audit', folder, '--out', path.join(folder, 'run'), '--fail-on', 'none', '--format', 'json', ...args];
  const { code, stdout, stderr } = maskaudit(call, folder, { ...env, ...HOME });
  return { code, stdout, stderr };
}

if (has) {
  describe(`on ${found.name}`, () => {
    test.each(['twin-layers/model.json', 'twin-graph/model.json'] as const)(
      '%s gives the labels and the highest probabilities that numpy gives',
      (name) => {
        const { code, stdout, stderr } = audit(found.env, '--engine', 'webgpu', '--model', twin(name), '--batch', '2');
        expect([code, stderr]).toEqual([
          0,
          expect.stringContaining(`on ${found.name}: model.json, input 32x32, batch 2`),
        ]);
        expect(JSON.parse(stdout)).toMatchObject({ images: 3, scored: 3, accuracy: 1 });
        for (const c of [1, 2, 3]) {
          const rows = readFileSync(path.join(folder, 'run', `${KEYS[c]}.csv`), 'utf8')
            .trimEnd()
            .split('\n');
          const column = rows[0].split(',').indexOf('max_probability');
          const seen = rows.slice(1).map((row) => Number(row.split(',')[column]));
          expect(seen).toEqual(EXPECTED.map(({ maxProbability }) => expect.closeTo(maxProbability[c], 5)));
        }
      },
      10 * MINUTES,
    );

    test('auto passes it over, being slower than wasm, and --device gpu does not take it for one', () => {
      const model = ['--model', twin('twin-graph/model.json')];
      const auto = audit(found.env, ...model, '--limit', '1');
      expect([auto.code, auto.stderr]).toEqual([
        0,
        expect.stringContaining(`webgpu: the only WebGPU adapter is ${found.name}, which computes on the CPU, slower`),
      ]);
      expect(auto.stderr).toMatch(/^wasm tfjs .* on cpu: /m);
      const gpu = audit(found.env, ...model, '--engine', 'webgpu', '--device', 'gpu');
      expect([gpu.code, gpu.stderr]).toEqual([
        3,
        expect.stringContaining(
          `engine webgpu can't be used: the only WebGPU adapter is ${found.name}, which computes on the CPU`,
        ),
      ]);
    });
  });
}

const title = has
  ? 'without a driver: a clear error'
  : `no software Vulkan driver could be had here (${found.reason}), so its labels are not checked: a clear error`;
test(title, () => {
  const { code, stdout, stderr } = audit(NO_DRIVER, '--engine', 'webgpu', '--model', twin('twin-graph/model.json'));
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(
    /^maskaudit: engine webgpu can't be used: (there is no WebGPU adapter|the npm package webgpu )/m,
  );
  expect(stderr).not.toMatch(/TypeError|This should not happen/);
});
