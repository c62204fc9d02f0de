import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, interrupted, maskaudit, scratch } from './cli.js';
import { disagreements } from './compare.js';
import { planPlates, spoilPredictions, writeCovidWorld } from './covid-world.js';
import { parseCsv } from './csv.js';
import { expectSame } from './same-run.js';
import type { World } from './world.js';

const { folder, remove } = scratch('shards');
afterAll(remove);

let world: World;
const whole = join(folder, 'whole');
const common = () => ['audit', world.dataset, '--predictions', world.predictions!, ...world.args, '--no-ui', '--quiet'];

beforeAll(() => {
  const plates = planPlates({ seed: 5, count: () => 40, size: () => ({ width: 40, height: 40 }) });
  spoilPredictions(plates, 6, { missing: 0.05, damaged: 0.03 });
  // Pairs that lie in different shards.
  const [first] = plates;
  plates.push({ ...first, split: 'test', stem: 'covid_4000' }, { ...first, stem: 'covid_4001' });
  world = writeCovidWorld(join(folder, 'world'), plates);
  maskaudit(...common(), '--out', whole);
}, 60_000);

describe('the same call gives the same bytes', () => {
  it('agrees with the oracle to begin with', () => {
    const image = (split: string, stem: string) =>
      world.samples.find((s) => s.split === split && s.image.endsWith(`/${stem}`))!.imagePath;
    const faults = [
      { rule: 'D007', files: [image('test', 'covid_4000')] },
      { rule: 'D006', files: [image('train', 'covid_4001')] },
    ];
    expect(disagreements(whole, world, { faults }).slice(0, 20)).toEqual([]);
  });
  it.each(['1', '2', '3'])('%s jobs', (jobs) => {
    const run = join(folder, `jobs-${jobs}`);
    maskaudit(...common(), '--out', run, '--jobs', jobs);
    expectSame(run, whole);
  });
  it('two audits at once', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    await Promise.all([one, two].map((run) => interrupted([...common(), '--out', run], 'SIGINT', () => false)));
    expectSame(one, whole);
    expectSame(two, whole);
  });
});

describe('merge of shards equals the unsharded run', () => {
  it.each([2, 3, 7])('%i shards', (n) => {
    const shards = Array.from({ length: n }, (_, i) => join(folder, `shard-${i + 1}-of-${n}`));
    shards.forEach((run, i) => {
      const { status, stderr } = maskaudit(...common(), '--out', run, '--shard', `${i + 1}/${n}`);
      expect([0, 1], stderr).toContain(status);
    });
    const images = shards.map((run) => parseCsv(String(filesUnder(run).get('images.csv'))).rows.map((r) => r.image));
    const order = parseCsv(String(filesUnder(whole).get('images.csv'))).rows.map((r) => r.image);
    for (const [i, some] of images.entries()) expect(some).toEqual(order.filter((_, k) => k % n === i));
    const merged = join(folder, `merged-${n}`);
    // In any order of the arguments.
    const { status, stderr } = maskaudit('merge', ...[...shards].reverse(), '--out', merged);
    expect(status, stderr).toBe(1);
    expectSame(merged, whole);
  });
  it('a shard twice is a wrong call; one too few is not the whole', () => {
    const [one, two] = [1, 2].map((i) => join(folder, `shard-${i}-of-3`));
    expect(maskaudit('merge', one, one, two, '--out', join(folder, 'twice')).status).toBe(2);
    const part = join(folder, 'part');
    maskaudit('merge', one, two, '--out', part);
    expect(JSON.parse(String(filesUnder(part).get('summary.json'))).complete).toBe(false);
  });
});

describe('--resume after an interruption equals the uninterrupted run', () => {
  const sizeOf = (run: string) =>
    existsSync(run)
      ? (readdirSync(run, { recursive: true }) as string[]).reduce(
          (n, f) => n + (statSync(join(run, f), { throwIfNoEntry: false })?.size ?? 0),
          0,
        )
      : 0;

  it.each(['SIGINT', 'SIGKILL'] as const)('%s', async (signal) => {
    const run = join(folder, signal);
    // As soon as anything is in the folder; where the whole was over by then, sooner.
    let caught = false;
    for (const bytes of [2000, 500, 1]) {
      rmSync(run, { recursive: true, force: true });
      const done = await interrupted([...common(), '--jobs', '1', '--out', run], signal, () => sizeOf(run) >= bytes);
      caught = done.signalled && done.status !== 0 && done.status !== 1;
      if (caught && signal === 'SIGINT') expect(done.status).toBe(130);
      if (caught) break;
    }
    expect(caught).toBe(true);
    if (signal === 'SIGKILL') {
      for (const name of ['summary.json', 'images.csv', 'findings.csv', 'covid.csv']) {
        expect(existsSync(join(run, name)), name).toBe(false);
      }
    }
    const { status, stderr } = maskaudit(...common(), '--out', run, '--resume');
    expect(status, stderr).toBe(1);
    expectSame(run, whole);
  });
});
