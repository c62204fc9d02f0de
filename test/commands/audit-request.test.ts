import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT_OPTIONS, auditRequest, STATS_OPTIONS, statsRequest } from '../../src/commands/audit-request.js';
import { type Config, NO_CONFIG } from '../../src/commands/config.js';
import { settle } from '../../src/commands/settings.js';
import { UsageError } from '../../src/pipeline/errors.js';

const CWD = path.resolve('/home/somebody');
const at = (...parts: string[]) => path.join(CWD, ...parts);

interface Case {
  words?: string[];
  flags?: Record<string, string[]>;
  env?: Record<string, string>;
  config?: Partial<Config>;
}
const given = ({ words = [], config = {} }: Case) => ({
  words,
  config: { ...NO_CONFIG, ...config },
  argv: ['audit', 'as', 'typed'],
  cwd: CWD,
  out: at('run'),
});
const layers = ({ flags = {}, env = {}, config = {} }: Case) => ({
  flags,
  env,
  file: config.options ?? {},
  folder: CWD,
});
const auditOf = (test: Case) => {
  const { values, origins } = settle(AUDIT_OPTIONS, layers(test));
  return auditRequest(values, origins, given(test));
};
const statsOf = (test: Case) => {
  const { values, origins } = settle(STATS_OPTIONS, layers(test));
  return statsRequest(values, origins, given(test));
};

describe('the dataset', () => {
  it('is the one named, else the configured one, else the current folder', () => {
    const config = { options: { dataset: '/configured' } };
    expect(auditOf({ words: ['data'], config }).root).toBe(at('data'));
    expect(auditOf({ config }).root).toBe(path.resolve('/configured'));
    expect(auditOf({}).root).toBe(CWD);
  });
});

describe('auditRequest', () => {
  it('asks for everything that was said', () => {
    const request = auditOf({
      words: ['data'],
      flags: {
        ...{ class: ['covid,3'], split: ['test'], layout: ['covid-qu-ex'], subset: ['infection'], limit: ['10'] },
        ...{ shard: ['2/3'], predictions: ['out'], metricBatch: ['8'], jobs: ['2'], batch: ['4'], seed: ['9'] },
        ...{ out: ['run'], csv: ['m.csv'], overlays: ['failures'], select: ['P,L003'], ignore: ['P005'] },
        ...{ engine: ['onnx'], device: ['cpu'], maskEncoding: ['nonzero'], nonCovid: ['mask'], iouBelow: ['0.4'] },
      },
      config: { severity: { D002: 'error' }, dataset: { maskSuffix: '_m', thresholds: { speckPixels: 4 } } },
    });
    expect(request).toEqual({
      command: 'audit',
      root: at('data'),
      ...{ layout: 'covid-qu-ex', subset: 'infection', splits: ['test'], classes: ['covid', '3'], limit: 10 },
      ...{ level: 'auto', labelClasses: null },
      shard: { index: 2, count: 3 },
      config: {
        ...{ maskSuffix: '_m', maskEncoding: 'nonzero', nonCovid: 'mask' },
        thresholds: { speckPixels: 4, iouBelow: 0.4 },
      },
      segmentAll: false,
      probe: null,
      ...{ model: null, card: {}, predictions: at('out'), engine: 'onnx', device: 'cpu', batch: 4, jobs: 2 },
      ...{ metricBatch: 8, seed: 9, out: at('run'), resume: false, csv: at('m.csv'), overlays: 'failures' },
      ...{ savePredictions: false, select: ['P', 'L003'], ignore: ['P005'], severity: { D002: 'error' } },
      argv: ['audit', 'as', 'typed'],
    });
  });
  it('leaves what nobody said to the dataset and the configuration', () => {
    const config = { dataset: { maskEncoding: 'equals:1' as const, thresholds: { iouBelow: 0.7 } } };
    expect(auditOf({ config }).config).toEqual(config.dataset);
    expect(auditOf({}).config).toEqual({ thresholds: {} });
  });
  it('lets a flag for one source outweigh the other of the configuration', () => {
    const config = { options: { predictions: '/p', card: { size: '1' } } };
    const request = auditOf({ flags: { model: ['m.onnx'], card: ['order=1'] }, config });
    expect(request).toMatchObject({ model: at('m.onnx'), predictions: null, card: { size: '1', order: '1' } });
    const env = { MASKAUDIT_MODEL: 'm.onnx' };
    expect(auditOf({ flags: { predictions: ['q'] }, env })).toMatchObject({
      model: null,
      predictions: at('q'),
      card: {},
    });
  });
  it.each<[Case, string]>([
    [{ flags: { model: ['m'], predictions: ['p'] } }, '--model and --predictions exclude each other'],
    [{ flags: { resume: ['true'] } }, '--resume needs --out'],
    [{ flags: { savePredictions: ['true'] } }, '--save-predictions needs --model'],
    [{ flags: { segmentAll: ['true'] } }, '--segment-all needs --model'],
    [{ flags: { probe: ['lungs'] } }, '--probe needs --model'],
    [{ flags: { card: ['size=1'] } }, '--card needs --model'],
  ])('refuses %j', (test, message) => {
    expect(() => auditOf(test)).toThrow(UsageError);
    expect(() => auditOf(test)).toThrow(message);
  });
});

describe('statsRequest', () => {
  it('has no predictions, whatever is configured', () => {
    const config = { options: { model: '/m.onnx', predictions: '/p' } };
    expect(statsOf({ config })).toMatchObject({ command: 'stats', model: null, predictions: null });
  });
});
