import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig, loadConfig } from '../../src/commands/config.js';
import { UsageError } from '../../src/pipeline/errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const fault = (value: unknown) => checkConfig(value, 'maskaudit.config.json');

describe('loadConfig', () => {
  it('finds the file in a folder above, and takes its paths from there', async () => {
    const file = write('maskaudit.config.json', '{"dataset": "data", "model": "m.onnx", "jobs": 3}');
    mkdirSync(path.join(folder, 'a', 'b'), { recursive: true });
    const config = await loadConfig(null, path.join(folder, 'a', 'b'));
    expect(config.path).toBe(file);
    expect(config.options).toEqual({
      dataset: path.join(folder, 'data'),
      model: path.join(folder, 'm.onnx'),
      jobs: 3,
    });
  });
  it.each([
    ['maskaudit.config.js', 'export default { seed: 5 };'],
    ['maskaudit.config.mjs', 'export default { seed: 5 };'],
    ['package.json', '{"name": "x", "type": "module", "maskaudit": {"seed": 5}}'],
  ])('reads %s', async (name, text) => {
    if (name !== 'package.json') write('package.json', '{"type": "module"}');
    write(name, text);
    expect((await loadConfig(null, folder)).options).toEqual({ seed: 5 });
  });
  it('prefers a file of its own to package.json', async () => {
    write('package.json', '{"maskaudit": {"seed": 1}}');
    write('maskaudit.config.json', '{"seed": 2}');
    expect((await loadConfig(null, folder)).options).toEqual({ seed: 2 });
  });
  it('does not mind a package.json that is none of its business', async () => {
    write('package.json', 'not json at all');
    expect((await loadConfig(null, folder)).path).toBeNull();
  });
  it('takes --config from anywhere', async () => {
    const file = write('other/settings.json', '{"layout": "masks"}');
    expect((await loadConfig(file, folder)).options).toEqual({ layout: 'masks' });
  });
  it.each([
    ['maskaudit.config.json', '{"seed": ', 'maskaudit.config.json is not JSON'],
    ['maskaudit.config.json', '', 'maskaudit.config.json is empty'],
    ['maskaudit.config.mjs', 'export default {', "maskaudit.config.mjs can't be loaded"],
    ['maskaudit.config.mjs', 'export const config = {};', 'maskaudit.config.mjs is empty'],
    ['maskaudit.config.json', '{"seeds": 1}', 'maskaudit.config.json: unknown key "seeds"; did you mean seed?'],
  ])('refuses %s with %j', async (name, text, message) => {
    write(name, text);
    await expect(loadConfig(null, folder)).rejects.toThrow(UsageError);
    await expect(loadConfig(null, folder)).rejects.toThrow(message);
  });
  it('grades rules by code, from codes and their beginnings', async () => {
    write('maskaudit.config.json', '{"severity": {"P00": "info", "P001": "warning"}}');
    const { severity } = await loadConfig(null, folder);
    expect(severity).toMatchObject({ P001: 'warning', P002: 'info', P007: 'info' });
    expect(severity).not.toHaveProperty('D001');
    write('maskaudit.config.json', '{"severity": {"P099": "info"}}');
    await expect(loadConfig(null, folder)).rejects.toThrow(/maskaudit\.config\.json: severity: unknown rule "P099"/);
  });
  it('refuses a --config that is not there, or is something else', async () => {
    await expect(loadConfig(path.join(folder, 'no.json'), folder)).rejects.toThrow(/no\.json: no such file/);
    await expect(loadConfig(write('a.yaml', 'x: 1'), folder)).rejects.toThrow(/a\.yaml: .*\.json, \.js or \.mjs/);
  });
});

describe('checkConfig', () => {
  it('fills in names and background, in index order', async () => {
    const { classes } = await fault({
      classes: [
        { index: 2, key: 'b', name: 'Bee' },
        { index: 1, key: 'a' },
      ],
    });
    expect(classes).toEqual([
      { index: 0, key: 'background', name: 'Background', aliases: [] },
      { index: 1, key: 'a', name: 'a', aliases: [] },
      { index: 2, key: 'b', name: 'Bee', aliases: [] },
    ]);
  });
  it('takes one rule or a list of them', async () => {
    expect(await fault({ select: 'P', failOn: ['P001', 'error'] })).toEqual({
      select: ['P'],
      failOn: ['P001', 'error'],
    });
  });
  it('takes card settings of any plain type as text', async () => {
    expect(await fault({ card: { size: 256, softmax: true } })).toEqual({ card: { size: '256', softmax: 'true' } });
  });
  it.each([
    [
      {
        classes: [
          { index: 1, key: 'a' },
          { index: 3, key: 'b' },
        ],
      },
      'classes: the index 2 is missing',
    ],
    [
      {
        classes: [
          { index: 1, key: 'a' },
          { index: 1, key: 'b' },
        ],
      },
      'classes: the index 1 is given twice',
    ],
    [
      {
        classes: [
          { index: 1, key: 'a' },
          { index: 2, key: 'A' },
        ],
      },
      'classes: the key "A" is given twice',
    ],
    [{ classes: [{ index: 1, key: '../a' }] }, 'classes.0.key: a key names files'],
    [{ classes: [{ index: 1, key: 'images' }] }, 'classes.0.key: this key is the name of another file'],
    [{ classes: [{ index: 1, key: 'a', nam: 'A' }] }, 'unknown key "classes.0.nam"; did you mean name?'],
    [{ thresholds: { speckPixel: 3 } }, 'unknown key "thresholds.speckPixel"; did you mean speckPixels?'],
    [{ jobs: 0 }, 'jobs: expected a whole number from 1 to 256, got 0'],
    [{ jobs: 'many' }, 'jobs: '],
    [{ layout: 'mask' }, 'layout: expected auto, covid-qu-ex or masks; did you mean masks?, got "mask"'],
    [{ maskEncoding: 'threshold' }, 'maskEncoding: expected'],
    [{ severity: { D001: 'fatal' } }, 'severity.D001: '],
    [{ patient: 'P[' }, 'patient: expected a regular expression with a group'],
    [{ patient: 'P\\d+' }, 'patient: expected a regular expression with a group'],
    [[], 'maskaudit.config.json: '],
    [{ seed: -1, batch: 0 }, /seed: [\s\S]*\n {2}batch: /],
  ])('refuses %j', async (value, message) => {
    await expect(fault(value)).rejects.toThrow(UsageError);
    await expect(fault(value)).rejects.toThrow(message);
  });
});
