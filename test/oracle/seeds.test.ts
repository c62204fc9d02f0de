import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { maskaudit, scratch } from './cli.js';
import { disagreements } from './compare.js';
import { planPlates, spoilPredictions, writeCovidWorld } from './covid-world.js';
import { guessSlides, planSlides, writeMasksWorld } from './masks-world.js';
import { seeded } from './random.js';
import type { World } from './world.js';

/** Datasets of which nothing was chosen by hand. More of them: `ORACLE_SEEDS=50 npx vitest run test/oracle/seeds`. */
const { folder, remove } = scratch('seeds');
afterAll(remove);

const seeds = Array.from({ length: Number(process.env.ORACLE_SEEDS ?? 3) }, (_, i) => 500 + i);
const FORMS = ['nested', 'flat', 'class-nested', 'class-flat'] as const;

function audit(world: World, run: string, batch: number) {
  const predictions = ['--predictions', world.predictions!];
  const more = ['--metric-batch', `${batch}`, '--out', run];
  const { stderr } = maskaudit('audit', world.dataset, ...predictions, ...world.args, ...more);
  expect(disagreements(run, world, { batch }).slice(0, 20), stderr.slice(-2000)).toEqual([]);
}

describe('any dataset', () => {
  it.each(seeds)('covid-qu-ex, seed %i', (seed) => {
    const random = seeded(seed);
    const plates = planPlates({
      ...{ seed, count: (split) => (split === 'test' ? 1 : 0) + random.below(5) },
      size: (r) => ({ width: r.between(24, 70), height: r.between(24, 70) }),
    });
    spoilPredictions(plates, seed + 1, { missing: 0.1, damaged: 0.1 });
    const idat = random.chance(0.5) ? random.between(5, 300) : undefined;
    const png = { random: seeded(seed), level: random.below(10), idat, interlaced: random.chance(0.2) };
    const home = join(folder, `covid-${seed}`);
    const world = writeCovidWorld(home, plates, { form: random.pick(FORMS), png });
    audit(world, join(home, 'run'), random.between(1, 40));
  });

  it.each(seeds)('masks, seed %i', (seed) => {
    const random = seeded(seed);
    const n = random.between(2, 12);
    const ignore = random.chance(0.5) ? random.pick([255, 200, 12]) : null;
    const shape = random.pick(['root', 'split-first', 'split-last'] as const);
    const splits =
      shape === 'root' ? [''] : shape === 'split-first' ? ['train', 'x', 'test'] : ['train', 'val', 'test'];
    const size = { size: (r: typeof random) => ({ width: r.between(18, 90), height: r.between(18, 60) }) };
    const slides = planSlides({ seed, splits, count: random.between(1, 8), classes: n, ignore, ...size });
    guessSlides(slides, seed + 1, n, ignore, true);
    const classes = Array.from({ length: n }, (_, index) => ({ index, key: `c${index}`, name: `C ${index}` }));
    const config = { classes, masks: 'masks', ...(ignore === null ? {} : { ignoreIndex: ignore }) };
    const home = join(folder, `masks-${seed}`);
    const png = { random: seeded(seed), level: random.below(10) };
    const world = writeMasksWorld(home, slides, { shape, form: random.pick(FORMS), config, png });
    audit(world, join(home, 'run'), random.between(1, 40));
  });
});
