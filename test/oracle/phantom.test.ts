import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesUnder, maskaudit, scratch } from './cli.js';
import { disagreements } from './compare.js';
import { readCovidTree } from './tree-world.js';

const { folder, remove } = scratch('phantom');
afterAll(remove);

const phantom = (home: string, ...more: string[]) =>
  maskaudit(
    'phantom',
    join(home, 'data'),
    '--images',
    '36',
    '--size',
    '64',
    '--predictions',
    join(home, 'predictions'),
    ...more,
  );

describe('what the program makes of its own phantom, judged from the files', () => {
  it('the clean set has no error, and every figure is right', () => {
    const home = join(folder, 'clean');
    expect(phantom(home, '--seed', '4').status).toBe(0);
    const bare = readCovidTree(join(home, 'data'), null);
    expect(bare.samples.length).toBe(36);
    const run = join(home, 'run-bare');
    const done = maskaudit('audit', bare.dataset, '--out', run);
    expect(done.status, done.stderr).toBe(0);
    expect(disagreements(run, bare).slice(0, 20)).toEqual([]);
  });
  it('with simulated predictions', () => {
    const home = join(folder, 'predicted');
    expect(phantom(home, '--seed', '5', '--miss-rate', '0.3').status).toBe(0);
    const world = readCovidTree(join(home, 'data'), join(home, 'predictions'));
    const run = join(home, 'run');
    maskaudit('audit', world.dataset, '--predictions', world.predictions!, '--out', run);
    expect(disagreements(run, world).slice(0, 20)).toEqual([]);
  });
  it('the same seed gives the same bytes, another seed others', () => {
    for (const [name, seed] of [
      ['a', '7'],
      ['b', '7'],
      ['c', '8'],
    ])
      phantom(join(folder, name), '--seed', seed);
    const [a, b, c] = ['a', 'b', 'c'].map((name) =>
      [...filesUnder(join(folder, name))].map(([k, v]) => `${k} ${v.toString('base64')}`),
    );
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });
});
