import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { maskaudit, scratch } from './cli.js';
import { disagreements, type Options } from './compare.js';
import { HOSTILE } from './hostile.js';
import { guessSlides, type MasksPlan, type MasksWriting, planSlides, writeMasksWorld } from './masks-world.js';
import { type Random, seeded } from './random.js';

const { folder, remove } = scratch('masks');
afterAll(remove);

const sizes = (random: Random) => ({ width: random.between(1, 40), height: random.between(1, 40) });
const even = (random: Random) => ({ width: 2 * random.between(9, 20), height: 2 * random.between(9, 20) });
const classes = (n: number) =>
  ['background', 'road', 'tree', 'car', 'sky', 'a-b_c', 'seven'].slice(0, n).map((key, index) => ({
    ...{ index, key, name: `The ${key}` },
  }));

type Case = [string, Partial<MasksPlan>, Omit<MasksWriting, 'config'> & { config?: object }, Options?];
const CASES: Case[] = [
  ['no splits', { splits: [''], count: 12, classes: 3 }, { shape: 'root', form: 'nested' }],
  ['splits first, any size', { size: sizes, classes: 4 }, { shape: 'split-first', form: 'nested' }],
  ['splits last, flat', { classes: 4 }, { shape: 'split-last', form: 'flat' }],
  ['one class and background', { classes: 2 }, { shape: 'split-first', form: 'nested' }],
  ['seven classes, ignored frame', { classes: 7, ignore: 255 }, { shape: 'split-first', form: 'nested' }],
  ['ignore index 9', { classes: 3, ignore: 9 }, { shape: 'root', form: 'flat', config: {} }],
  ['a mask for each class', { classes: 4 }, { shape: 'split-last', form: 'class-nested' }],
  ['a mask for each class, flat', { classes: 3, ignore: 255 }, { shape: 'root', form: 'class-flat' }],
  [
    'affixes and named folders',
    { classes: 3 },
    {
      shape: 'split-first',
      form: 'nested',
      config: { images: 'pictures', masks: 'labels', maskSuffix: '_mask', predictionSuffix: '_pred' },
    },
  ],
  ['a prefix', { classes: 3 }, { shape: 'root', form: 'flat', config: { masks: 'gt', maskPrefix: 'label_' } }],
  [
    'splits of other names',
    { classes: 3, splits: ['site A', '=1+1', 'ünïcode'] },
    { shape: 'split-first', form: 'nested' },
  ],
  ['one pixel', { classes: 3, count: 9, size: () => ({ width: 1, height: 1 }) }, { shape: 'root', form: 'nested' }],
];

describe('every figure of a run over a dataset of label masks', () => {
  it.each(CASES)('%s', (name, plan, writing, options = {}) => {
    const seed = CASES.findIndex(([n]) => n === name) + 100;
    const n = plan.classes!;
    const ignore = plan.ignore ?? null;
    const splits = plan.splits ?? (writing.shape === 'root' ? [''] : ['train', 'val', 'test']);
    const slides = planSlides({ seed, count: 5, size: even, ignore, splits, ...plan, classes: n });
    guessSlides(slides, seed + 50, n, ignore, name !== 'one pixel');
    const home = join(folder, name);
    const config = {
      classes: classes(n),
      masks: 'masks',
      ...writing.config,
      ...(ignore === null ? {} : { ignoreIndex: ignore }),
    };
    const world = writeMasksWorld(home, slides, { ...writing, png: { random: seeded(seed) }, config });
    const run = join(home, 'run');
    const done = maskaudit(
      'audit',
      world.dataset,
      '--predictions',
      world.predictions!,
      ...world.args,
      '--out',
      run,
      '--no-ui',
    );
    // Random pictures of a few pixels may well be near duplicates of each other.
    const wrong = disagreements(run, world, {
      open: name === 'one pixel' || plan.size === sizes ? ['D007', 'D009'] : [],
      ...options,
    });
    expect(wrong.slice(0, 40), done.stderr.slice(-2000)).toEqual([]);
    const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
    expect(summary.classes.map((c: { name: string }) => c.name)).toEqual(config.classes.map((c) => c.name));
  });

  it('hostile names', () => {
    const slides = planSlides({
      ...{ seed: 400, splits: [''], count: HOSTILE.length, classes: 3, ignore: null, size: even },
      stem: (i) => HOSTILE[i],
    });
    guessSlides(slides, 401, 3, null, true);
    const home = join(folder, 'hostile');
    const world = writeMasksWorld(home, slides, {
      shape: 'root',
      form: 'flat',
      config: { classes: classes(3), masks: 'masks' },
    });
    const run = join(home, 'run');
    const done = maskaudit(
      'audit',
      world.dataset,
      '--predictions',
      world.predictions!,
      ...world.args,
      '--out',
      run,
      '--no-ui',
    );
    expect(disagreements(run, world).slice(0, 40), done.stderr.slice(-2000)).toEqual([]);
  });
});
