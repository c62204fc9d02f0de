import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programVersion } from '../../src/pipeline/program-files.js';
import { type Ended, makeFolder, maskaudit, removeFolder } from './program.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = makeFolder();
afterAll(() => removeFolder(folder));

/** Nothing is installed there, whatever this machine has. */
const HOME = { MASKAUDIT_HOME: path.join(folder, 'home') };

describe('on this machine', () => {
  const here = path.join(folder, 'here');
  beforeAll(() => void mkdirSync(here));

  it('--json gives every engine and device, with what computed or why not', () => {
    const { code, stdout } = maskaudit(['doctor', '--json'], here, HOME);
    const report = JSON.parse(stdout);
    expect([code, report.works, report.schema, report.version]).toEqual([0, true, 1, programVersion()]);
    expect(report.node).toEqual({ version: process.versions.node, needed: '>=20.19', trouble: null });
    expect(report.images).toMatchObject({ formats: ['png', 'jpeg', 'tiff', 'webp', 'gif'], trouble: null });
    expect(report.memory.availableBytes).toBeGreaterThan(1e7);
    expect(report.memory.availableBytes).toBeLessThanOrEqual(report.memory.totalBytes);
    expect(report.terminal).toBeNull();
    const engines = report.engines as { engine: string; device: string; trouble: { remedy: string } | null }[];
    expect(engines.map(({ engine, device }) => `${engine} ${device}`)).toEqual([
      ...['tensorflow gpu', 'tensorflow cpu', 'onnx gpu', 'onnx cpu', 'webgpu gpu', 'wasm cpu'],
    ]);
    const working = engines
      .filter(({ trouble }) => trouble === null)
      .map(({ engine, device }) => `${engine} ${device}`);
    expect(working).toEqual(expect.arrayContaining(['onnx cpu', 'wasm cpu']));
  });

  it('says where files go, and leaves nothing there', () => {
    const { stdout } = maskaudit(['doctor', '--json'], here, HOME);
    const { folders } = JSON.parse(stdout);
    expect(folders).toEqual([
      { purpose: 'Run folder', folder: path.join(here, 'runs'), freeBytes: expect.any(Number), trouble: null },
      { purpose: 'Cache', folder: HOME.MASKAUDIT_HOME, freeBytes: expect.any(Number), trouble: null },
    ]);
    expect([readdirSync(here), readdirSync(folder)]).toEqual([[], ['here']]);
  });

  it('text of 80 columns, commands apart, without colours where nobody looks', () => {
    const { code, stdout } = maskaudit(['doctor'], here, { ...HOME, NO_COLOR: '' });
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    const lines = stdout.split('\n');
    const words = lines.filter((line) => !/^ {6}\S/.test(line) && !line.includes(folder));
    expect(Math.max(...words.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines).toContain('Engines');
    expect(stdout).toMatch(/^ {2}ok {2}onnx {7}cpu {2}onnxruntime 1\.\S+: \S+ ms an image, \d+ ms the first$/m);
    expect(stdout).toMatch(/^ {2}ok {2}ONNX {12}run by onnx on /m);
  });

  it('what a colour says, words say too', () => {
    const { stdout } = maskaudit(['doctor'], here, { ...HOME, NO_COLOR: '', FORCE_COLOR: '1' });
    expect(stdout).toContain('\u001b[31mno\u001b[39m  tensorflow gpu');
    expect(stdout).toContain('\u001b[36mmaskaudit engine install\u001b[39m');
  });

  it('a folder that can not be written to', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const { code, stdout } = maskaudit(['doctor', '--json'], here, {
      MASKAUDIT_HOME: path.join(folder, 'file', 'home'),
    });
    expect(code).toBe(0);
    const reason = `${path.join(folder, 'file')} can't be written to (ENOTDIR)`;
    expect(JSON.parse(stdout).folders[1]).toMatchObject({ freeBytes: null, trouble: { reason, remedy: null } });
  });
});

describe('where nothing is installed beside the program', () => {
  // No node_modules, and the file that wasm computes with is gone.
  let json: Ended;
  let text: Ended;
  beforeAll(() => {
    const bare = path.join(folder, 'bare');
    for (const name of ['dist', 'wasm', 'fixtures/twins', 'package.json']) {
      cpSync(path.join(ROOT, name), path.join(bare, name), {
        recursive: true,
        filter: (file) => !file.endsWith('tfjs-backend-wasm-simd.wasm'),
      });
    }
    const program = path.join(bare, 'dist/maskaudit.js');
    json = maskaudit(['doctor', '--json'], bare, HOME, program);
    text = maskaudit(['doctor'], bare, HOME, program);
  });

  it('exit code 1, and each has its reason', () => {
    expect(json.code).toBe(1);
    const { works, images, engines } = JSON.parse(json.stdout);
    expect(works).toBe(false);
    expect(images).toMatchObject({ formats: [], trouble: { reason: expect.stringMatching(/^sharp does not load: /) } });
    const said = engines.map(({ engine, device, trouble }: { engine: string; device: string; trouble: object }) => ({
      engine,
      device,
      ...trouble,
    }));
    const tensorflow = {
      engine: 'tensorflow',
      reason: 'native TensorFlow is not installed',
      remedy: 'maskaudit engine install',
    };
    const onnx = {
      engine: 'onnx',
      reason: 'onnxruntime-node, which runs .onnx models, is not installed',
      remedy: 'npm install onnxruntime-node@1.30.0 --ignore-scripts',
    };
    expect(said).toEqual([
      { ...tensorflow, device: 'gpu' },
      { ...tensorflow, device: 'cpu' },
      { ...onnx, device: 'gpu' },
      { ...onnx, device: 'cpu' },
      expect.objectContaining({
        engine: 'webgpu',
        device: 'gpu',
        reason: expect.stringMatching(
          /^the npm package webgpu is not installed(, and no GPU is to be seen in \/dev)?$/,
        ),
      }),
      {
        engine: 'wasm',
        device: 'cpu',
        reason: expect.stringMatching(/tfjs-backend-wasm-simd\.wasm is not there: maskaudit is not installed whole$/),
        remedy: null,
      },
    ]);
  });

  it('in words too', () => {
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(
      /^ {2}no {2}ONNX +nothing here runs it\n {6}npm install onnxruntime-node@1\.30\.0 --ignore-scripts$/m,
    );
    expect(text.stdout).toMatch(/\nNo model can be run here\.\n$/);
    expect(text.stderr).toBe('');
  });
});
