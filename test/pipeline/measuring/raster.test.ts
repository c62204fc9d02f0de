import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { createRasterReader } from '../../../src/pipeline/measuring/raster.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-raster-'));
  mkdirSync(path.join(folder, 'folder.png'));
  symlinkSync('itself.png', path.join(folder, 'itself.png'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['folder.png', 'unreadable', "can't be opened: it is a folder, not a file"],
  ['itself.png', 'unreadable', "can't be opened: it is a link that leads back to itself"],
  ['gone.png', 'missing', 'it is gone since the folder was listed'],
  ['\uFFFD.png', 'missing', 'its name is not UTF-8: rename it'],
])('%j is %s: %s', async (name, state, fault) => {
  const raster = createRasterReader(createKernels(), folder);
  expect(await raster.read('lung', name, 0, 'gray')).toMatchObject({ state, fault });
  expect(await raster.inspect('image', name)).toMatchObject({ state, fault });
});
