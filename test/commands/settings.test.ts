import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTIONS, pick, variableName } from '../../src/commands/options.js';
import { type Layers, settle } from '../../src/commands/settings.js';
import { UsageError } from '../../src/pipeline/errors.js';

const FOLDER = path.resolve('/somewhere');
const layers = (given: Partial<Layers>): Layers => ({ flags: {}, env: {}, file: {}, folder: FOLDER, ...given });
const one = (key: keyof typeof OPTIONS, given: Partial<Layers>) => {
  const { values, origins } = settle(pick(OPTIONS, [key]), layers(given));
  return [values[key], origins[key]];
};

describe('settle', () => {
  it('takes flags over environment over file over defaults, and says which', () => {
    const flags = { seed: ['1'] };
    const env = { MASKAUDIT_SEED: '2' };
    const file = { seed: 3 };
    expect(one('seed', { flags, env, file })).toEqual([1, 'flag']);
    expect(one('seed', { env, file })).toEqual([2, 'environment']);
    expect(one('seed', { file })).toEqual([3, 'file']);
    expect(one('seed', {})).toEqual([0, 'default']);
  });
  it('takes a variable that is set to nothing as not set', () => {
    expect(one('limit', { env: { MASKAUDIT_LIMIT: '' } })).toEqual([null, 'default']);
  });
  it('lets a flag replace a whole list of a weaker layer', () => {
    expect(one('ignore', { flags: { ignore: ['D005'] }, file: { ignore: ['L', 'B'] } })).toEqual([['D005'], 'flag']);
  });
  it('merges pairs key by key', () => {
    const [card] = one('card', {
      flags: { card: ['size=128', 'order=0,2,1'] },
      env: { MASKAUDIT_CARD: 'size=64' },
      file: { card: { size: '256', range: '0..1' } },
    });
    expect(card).toEqual({ size: '128', order: '0,2,1', range: '0..1' });
  });
  it('splits lists at commas and counts a name once', () => {
    expect(one('class', { flags: { class: ['covid, lung', '3', 'covid'] } })[0]).toEqual(['covid', 'lung', '3']);
  });
  it('makes paths absolute', () => {
    expect(one('csv', { flags: { csv: ['a/b.csv'] } })[0]).toBe(path.join(FOLDER, 'a', 'b.csv'));
  });
  it('reads switches from the environment', () => {
    expect(one('quiet', { env: { MASKAUDIT_QUIET: 'yes' } })).toEqual([true, 'environment']);
    expect(one('quiet', { env: { MASKAUDIT_QUIET: '0' } })).toEqual([false, 'environment']);
    expect(() => one('quiet', { env: { MASKAUDIT_QUIET: 'maybe' } })).toThrow(
      'MASKAUDIT_QUIET maybe: expected true or false',
    );
  });
});

describe('a wrong value is a usage error that names flag or variable, value, and what would be right', () => {
  it.each([
    ['jobs', 'many', '--jobs many: expected a whole number from 1 to 256'],
    ['jobs', '0', '--jobs 0: expected a whole number from 1 to 256'],
    ['jobs', '1.5', '--jobs 1.5: expected a whole number'],
    ['limit', '-3', '--limit -3: expected a whole number of at least 1'],
    ['limit', '0x10', '--limit 0x10: expected'],
    ['iouBelow', '1.2', '--iou-below 1.2: expected a number from 0 to 1'],
    ['shard', '0/4', '--shard 0/4: expected I/N with I from 1 to N'],
    ['shard', '5/4', '--shard 5/4: expected'],
    ['shard', '1', '--shard 1: expected'],
    ['probe', 'heart', '--probe heart: expected lungs'],
    ['layout', 'mask', '--layout mask: expected auto, covid-qu-ex or masks; did you mean masks?'],
    ['maskEncoding', 'threshold:256', '--mask-encoding threshold:256: expected'],
    ['card', 'size', '--card size: expected key=value'],
    ['class', 'covid,,lung', '--class covid,,lung: a name in the list is empty'],
    ['csv', '', '--csv needs a value (FILE)'],
  ] as const)('--%s %s', (key, text, message) => {
    const call = () => one(key, { flags: { [key]: [text] } });
    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
  });
  it('names the variable', () => {
    expect(() => one('jobs', { env: { MASKAUDIT_JOBS: 'x' } })).toThrow('MASKAUDIT_JOBS x: expected');
  });
});

describe('right values', () => {
  it.each([
    ['shard', '2/4', { index: 2, count: 4 }],
    ['iouBelow', '.5', 0.5],
    ['limit', '1e3', 1000],
    ['maskEncoding', 'Threshold:128', 'threshold:128'],
    ['maskEncoding', 'equals:255', 'equals:255'],
    ['layout', 'COVID-QU-Ex', 'covid-qu-ex'],
    ['card', 'mean=0.5,0.5', { mean: '0.5,0.5' }],
  ] as const)('--%s %s', (key, text, value) => {
    expect(one(key, { flags: { [key]: [text] } })[0]).toEqual(value);
  });
});

it('names variables after flags', () => {
  expect(variableName('iouBelow')).toBe('MASKAUDIT_IOU_BELOW');
});
