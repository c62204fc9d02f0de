import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { maskaudit, scratch } from './cli.js';
import { disagreements, type Options } from './compare.js';
import {
  labelsOf,
  OFFICIAL,
  type Plate,
  planPlates,
  type Spelling,
  spoilPredictions,
  type Writing,
  writeCovidWorld,
} from './covid-world.js';
import { HOSTILE } from './hostile.js';
import { type Random, seeded } from './random.js';
import { shift } from './shapes.js';
import type { World } from './world.js';

const { folder, remove } = scratch('covid');
afterAll(remove);

/** Audits `world`, checks exit code and stream, and gives what disagrees. */
function audit(world: World, run: string, options: Options & { status?: number; extra?: string[] } = {}): string[] {
  const predictions = world.predictions ? ['--predictions', world.predictions] : [];
  const extra = options.extra ?? [];
  const done = maskaudit('audit', world.dataset, ...predictions, ...world.args, '--out', run, '--no-ui', ...extra);
  expect(done.status, done.stderr.slice(-2000)).toBe(options.status ?? 1);
  return disagreements(run, world, options).slice(0, 40);
}

const MIRROR: Spelling = {
  root: 'archive/infection_segmentation_data',
  split: { train: 'train', val: 'VAL', test: 'test' },
  source: { 'COVID-19': 'covid-19', 'Non-COVID': 'NON-COVID', Normal: 'normal' },
  part: { images: 'Images', lung: 'lung_masks', infection: 'Infection_Masks' },
};
const ROOTLESS: Spelling = { ...OFFICIAL, root: '' };

const odd = (random: Random) => ({ width: random.between(24, 53), height: random.between(24, 53) });
const even = (random: Random) => ({ width: 2 * random.between(12, 24), height: 2 * random.between(12, 24) });

function mixed(seed: number, each: number, size = even): Plate[] {
  const plates = planPlates({ seed, count: (_, source) => each + (source === 'COVID-19' ? 1 : 0), size });
  spoilPredictions(plates, seed + 1, { missing: 0.08, damaged: 0.05 });
  return plates;
}

describe('every figure of a run over a covid-qu-ex dataset', () => {
  const cases: [string, () => Plate[], Writing, Options & { extra?: string[] }][] = [
    ['official folders', () => mixed(1, 4), {}, {}],
    ['a mirror of other spelling, odd sizes', () => mixed(2, 3, odd), { spelling: MIRROR }, {}],
    ['splits at the top, flat predictions', () => mixed(3, 3), { spelling: ROOTLESS, form: 'flat' }, {}],
    ['a mask for each class', () => mixed(4, 3), { form: 'class-nested' }, {}],
    ['a mask for each class, flat', () => mixed(5, 3), { form: 'class-flat' }, {}],
    ['batches of four', () => mixed(6, 3), {}, { batch: 4, extra: ['--metric-batch', '4'] }],
    ['one worker', () => mixed(7, 2), {}, { extra: ['--jobs', '1'] }],
    ['real size, every PNG filter', () => mixed(8, 1, () => ({ width: 256, height: 256 })), { png: filters(8) }, {}],
    ['stored bytes and many IDAT chunks', () => mixed(9, 2, odd), { png: { ...filters(9), level: 0, idat: 57 } }, {}],
  ];
  it.each(cases)('%s', (name, plan, writing, options) => {
    const home = join(folder, name);
    expect(audit(writeCovidWorld(home, plan(), writing), join(home, 'run'), options)).toEqual([]);
  });

  it('only some splits, and the dataset named from within', () => {
    const home = join(folder, 'some-splits');
    const plates = planPlates({ seed: 11, count: (split) => (split === 'val' ? 0 : 4), size: even });
    spoilPredictions(plates, 12, { missing: 0.1, damaged: 0 });
    const world = writeCovidWorld(home, plates, { spelling: ROOTLESS });
    expect(audit(world, join(home, 'run'))).toEqual([]);
  });

  it('--split and --limit select rows and figures', () => {
    const home = join(folder, 'selection');
    const world = writeCovidWorld(home, mixed(13, 3));
    const some = { ...world, samples: world.samples.filter((s) => s.split !== 'train') };
    expect(audit(some, join(home, 'run'), { extra: ['--split', 'test,val'] })).toEqual([]);
    const limited = maskaudit(
      'audit',
      world.dataset,
      ...world.args,
      '--limit',
      '5',
      '--format',
      'json',
      '--out',
      join(home, 'five'),
    );
    expect(JSON.parse(limited.stdout).images).toBe(5);
  });

  it('the lung subset has background and lung alone', () => {
    const home = join(folder, 'lung');
    const random = seeded(17);
    const plates = planPlates({ seed: 16, count: () => 3, size: odd });
    for (const plate of plates) {
      const right = labelsOf(plate, 'lung')!;
      plate.prediction = { map: shift(plate, right, random.between(-3, 3), random.between(-3, 3)), size: plate };
    }
    const spelling = { ...OFFICIAL, root: 'Lung Segmentation Data/Lung Segmentation Data' };
    const world = writeCovidWorld(home, plates, { spelling, subset: 'lung' });
    expect(audit(world, join(home, 'run'), { status: 0 })).toEqual([]);
  });

  it('both subsets beside each other: --subset chooses', () => {
    const home = join(folder, 'both');
    const infection = writeCovidWorld(home, planPlates({ seed: 21, count: () => 2, size: even }));
    const spelling = { ...OFFICIAL, root: 'Lung Segmentation Data/Lung Segmentation Data' };
    const healthy = planPlates({ seed: 22, count: () => 3, size: even });
    for (const plate of healthy) plate.prediction = { map: labelsOf(plate, 'lung')!, size: plate };
    const lung = writeCovidWorld(home, healthy, { spelling, subset: 'lung' });
    expect(audit(infection, join(home, 'run-infection'), { status: 0 })).toEqual([]);
    expect(audit(lung, join(home, 'run-lung'), { status: 0 })).toEqual([]);
  });

  it('without predictions nothing is scored and nothing is at fault', () => {
    const home = join(folder, 'annotations');
    const world = writeCovidWorld(home, planPlates({ seed: 23, count: () => 3, size: odd }));
    const bare = { ...world, predictions: null };
    bare.samples = world.samples.map((s) => ({ ...s, status: 'unscored', predicted: null, predictionPath: undefined }));
    expect(audit(bare, join(home, 'run'), { status: 0 })).toEqual([]);
  });

  it.each(['nested', 'flat', 'class-nested'] as const)('hostile names, %s predictions', (form) => {
    const home = join(folder, `hostile-${form}`);
    const plates = planPlates({
      seed: 31,
      count: (split, source) => (split === 'train' && source === 'COVID-19' ? HOSTILE.length : 1),
      size: even,
      stem: (split, source, i) => (split === 'train' && source === 'COVID-19' ? HOSTILE[i] : `${split} ${source} ${i}`),
    });
    spoilPredictions(plates, 32, { missing: 0.2, damaged: 0.1 });
    const world = writeCovidWorld(home, plates, { form });
    expect(audit(world, join(home, 'run'))).toEqual([]);
    const done = maskaudit(
      'audit',
      world.dataset,
      '--predictions',
      world.predictions!,
      ...world.args,
      '--out',
      join(home, 'run2'),
    );
    for (const stream of [done.stdout, done.stderr]) expect(stream.includes('\u001b')).toBe(false);
  });
});

function filters(seed: number) {
  return { random: seeded(seed) };
}
