import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bash, makeDataset, makeFolder, maskaudit, removeFolder } from './program.js';

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  makeDataset(folder);
  const audit = ['audit', '--fail-on', 'none', '--quiet', '--metric-batch', '2'];
  expect(maskaudit([...audit, '--predictions', 'predictions', '--out', 'run'], folder).code).toBe(0);
  expect(maskaudit(['stats', '--quiet', '--out', 'bare'], folder).code).toBe(0);
}, 60_000);
afterAll(() => removeFolder(folder));

const run = (...args: string[]) => maskaudit(['conventions', ...args], folder);
const summary = () => JSON.parse(readFileSync(path.join(folder, 'run', 'summary.json'), 'utf8'));

describe('conventions', () => {
  it('has the figures of summary.json, from the journal', () => {
    const { code, stdout, stderr } = run('run', '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { classes, meanIou, meanDice, accuracy, metricBatch, complete, ...rest } = JSON.parse(stdout);
    const expected = summary();
    expect(metricBatch).toBe(2);
    expect(complete).toBe(true);
    expect(rest).toMatchObject({ schema: 1, images: 4, scored: 4, counts: 'pixels', reported: [], beside: null });
    expect(classes).toEqual(
      expected.classes.map(({ key, name, iou, dice }: Record<string, unknown>) => ({ key, name, iou, dice })),
    );
    expect({ meanIou, meanDice, accuracy }).toEqual({
      meanIou: expected.meanIou,
      meanDice: expected.meanDice,
      accuracy: expected.accuracy,
    });
  });

  it('ends with 0 where something gives every figure, with 1 where nothing gives one', () => {
    // cyst: tp 64 + 64, union 64 + 256 + 16.
    const pooled = (128 / 336).toFixed(4);
    const given = run('run', '--reported', `cyst.iou=${pooled}`, '--reported', 'bubble.dice=0.5517');
    expect(given.code).toBe(0);
    expect(given.stdout).toContain(`cyst.iou=${pooled}`);
    expect(given.stdout).toMatch(/All of them together:\n {2}pooled {2}all \(4\)/);
    const missing = run('run', '--reported', `cyst.iou=${pooled},cyst.dice=0.9913`);
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain('cyst.dice=0.9913 (0.99125 to 0.99135 round to it): not reproduced');
    const { reported } = JSON.parse(run('run', '--reported', 'cyst.iou=1.000', '--format', 'ndjson').stdout);
    expect(reported[0].matches).toEqual([]);
    expect(reported[0].possibility.flawless).toEqual({ empty: 1, exact: 1, images: 4, wrong: 2 });
  });

  it.each([
    [['run', '--reported', 'cist.iou=0.5'], 'did you mean cyst?'],
    [['run', '--reported', 'cyst.iou=83'], 'write 83%'],
    [['run', '--reported', 'cyst=0.5'], 'expected KEY.iou'],
    [['bare'], 'has no predictions'],
    [['nowhere'], 'not a run folder'],
    [['run', '--beside', 'bare'], 'has no predictions'],
    [['run', '--beside', 'nowhere'], 'not a run folder'],
    [[], 'conventions needs <run>'],
  ])('%j is refused with 2', (args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('stands beside itself without a difference', () => {
    const { beside } = JSON.parse(run('run', '--beside', 'run', '--format', 'json').stdout);
    expect(beside).toMatchObject({ common: 4, hereOnly: 0, besideOnly: 0 });
    const [cyst] = beside.classes;
    expect(cyst).toMatchObject({
      key: 'cyst',
      images: 4,
      disagreeing: 0,
      aucDifference: 0,
      aucDifferenceInterval: null,
    });
    expect(cyst.ways[0].accuracy).toMatchObject({ onlyARight: 0, onlyBRight: 0, difference: 0 });
  });

  it('takes a closed pipe for the end', () => {
    const { code, stderr } = bash('set -o pipefail; maskaudit conventions run | head -1', folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
