import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskaudit, scratch } from './cli.js';
import { disagreements } from './compare.js';
import { planPlates, spoilPredictions, writeCovidWorld } from './covid-world.js';
import type { World } from './world.js';

/** A judge that never objects is worth nothing: each of these changes to a right run has to be noticed. */
const { folder, remove } = scratch('tampering');
afterAll(remove);

let world: World;
const run = join(folder, 'run');
beforeAll(() => {
  const plates = planPlates({ seed: 71, count: () => 4, size: () => ({ width: 32, height: 32 }) });
  spoilPredictions(plates, 72, { missing: 0.1, damaged: 0.1 });
  world = writeCovidWorld(join(folder, 'world'), plates);
  maskaudit('audit', world.dataset, '--predictions', world.predictions!, ...world.args, '--out', run);
});

// biome-ignore lint/suspicious/noExplicitAny: JSON
type Json = any;
const summary = (change: (s: Json) => void) => (text: string) => {
  const made = JSON.parse(text);
  change(made);
  return JSON.stringify(made);
};
const lines = (change: (lines: string[]) => string[]) => (text: string) => {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return change(text.split(end)).join(end);
};

const TAMPERINGS: [string, string, (text: string) => string][] = [
  [
    'a ratio off by 1e-8',
    'summary.json',
    summary((s) => {
      s.classes[2].dice.imageMean += 1e-8;
    }),
  ],
  [
    'a count off by one',
    'summary.json',
    summary((s) => {
      s.classes[1].truth.pixels++;
    }),
  ],
  [
    'an outcome off by one',
    'summary.json',
    summary((s) => {
      s.splits.test.classes[3].outcomes.hit++;
    }),
  ],
  [
    'a confusion transposed',
    'summary.json',
    summary((s) => {
      s.confusion = s.confusion.map((_: Json, c: number) => s.confusion.map((r: Json) => r[c]));
    }),
  ],
  [
    'an interval missing',
    'summary.json',
    summary((s) => {
      s.classes[2].confidence95.sensitivity = null;
    }),
  ],
  [
    'a weight missing',
    'summary.json',
    summary((s) => {
      s.classes[2].weights.enetLog = null;
    }),
  ],
  [
    'a rule miscounted',
    'summary.json',
    summary((s) => {
      s.findings.P001 = 99;
    }),
  ],
  ['a row left out', 'images.csv', lines((l) => [...l.slice(0, 3), ...l.slice(4)])],
  ['a row twice', 'covid.csv', lines((l) => [l[0], l[1], ...l.slice(1)])],
  ['NaN', 'lung.csv', (text) => text.replace(/,hit,/, ',NaN,')],
  ['an outcome', 'covid.csv', (text) => text.replace(/,empty,/, ',hit,')],
  ['findings left out', 'findings.csv', lines((l) => [l[0], ''])],
  ['a severity', 'findings.csv', (text) => text.replace(',error,', ',info,')],
  [
    'a strange error',
    'findings.csv',
    (text) => `${text}D004,error,,,,,,strange,x,${text.includes('\r\n') ? '\r\n' : '\n'}`,
  ],
];

describe('the judge notices', () => {
  it('nothing where nothing was changed', () => expect(disagreements(run, world)).toEqual([]));
  it.each(TAMPERINGS)('%s in %s', (name, file, change) => {
    const copy = join(folder, name);
    cpSync(run, copy, { recursive: true });
    const text = readFileSync(join(run, file), 'utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(join(copy, file), changed);
    expect(disagreements(copy, world)).not.toEqual([]);
  });
});
