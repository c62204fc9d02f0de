import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, interrupted, maskaudit, scratch } from './cli.js';
import { parseCsv, type Row } from './csv.js';
import { type Asked, type Gated, hybridMap, mannWhitney, recount } from './hybrid-recount.js';
import { type Slide, writeMasksWorld } from './masks-world.js';
import { decodePng, gray } from './png.js';
import { seeded } from './random.js';
import { countClass, outcomeOf } from './scores.js';
import { paint } from './shapes.js';
import type { World } from './world.js';

const { folder, remove } = scratch('hybrid');
afterAll(remove);

const CLASSES = ['background', 'cyst', 'node', 'rib'].map((key, index) => ({ index, key, name: `The ${key}` }));
const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/onnx/${name}.onnx`, import.meta.url));

/** What the segmenters say from dark to bright: `plain` the classes in order, `mixed` others, on maps of 4 x 4; `coarse` on 2 x 2. */
const MODELS: Record<string, { from: string; card?: object }> = {
  gate: { from: 'gate' },
  plain: { from: 'nchw-softmax' },
  mixed: { from: 'nhwc-logits', card: { classes: ['background', 'node', 'cyst', 'rib'] } },
  coarse: { from: 'transposed-half-size' },
};
const IMAGES = 120;
const fileOf = (model: string) => join(folder, `${model}.onnx`);

interface Hybrid {
  name: string;
  segmenter: Record<string, string>;
  threshold: number | Record<string, number>;
}
const EACH_ITS_OWN = { cyst: 'plain', node: 'mixed', rib: 'coarse' };
const HYBRIDS: Hybrid[] = [
  { name: 'one segmenter for all', threshold: 0.5, segmenter: { cyst: 'plain', node: 'plain', rib: 'plain' } },
  { name: 'one class', threshold: 0.9, segmenter: { node: 'mixed' } },
  {
    ...{ name: 'two of them share a segmenter', threshold: { cyst: 0.5, rib: 0.9, node: 0.1 } },
    segmenter: { cyst: 'plain', node: 'mixed', rib: 'plain' },
  },
  { name: 'two grids', threshold: { rib: 0.02, cyst: 0.7310585786300049, node: 0.5 }, segmenter: EACH_ITS_OWN },
  { name: 'all go on', threshold: 0, segmenter: EACH_ITS_OWN },
  { name: 'none goes on', threshold: 1, segmenter: { cyst: 'plain', rib: 'coarse' } },
];

/**
 * Images of 4 x 4 cells. The first three cells of the first row are dark and tell the gate how probable each class is, mostly what
 * the annotation says, with ties; the others are as bright as their class, or not. One file is damaged and one has no annotation.
 */
function planSlides(seed: number, count: number): Slide[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const side = random.pick([4, 8, 16]);
    const size = { width: side, height: side };
    const there = [1, 2, 3].filter(() => random.chance(0.45));
    const isCell = Array.from({ length: 16 }, (_, k) => k > 2);
    const truths = isCell.map((free) => (free && there.length > 0 && random.chance(0.2) ? random.pick(there) : 0));
    const grays = truths.map((c, k) => {
      if (k < 3) return 32 + (truths.includes(k + 1) === random.chance(0.75) ? 1 : -1) * random.between(0, 5);
      const seen = random.chance(0.5) ? c : random.pick([0, 0, 0, 1, 2, 3]);
      return [random.between(0, 60), 102, 153, 255][seen];
    });
    const cell = (x: number, y: number) => Math.floor((x * 4) / side) + 4 * Math.floor((y * 4) / side);
    const labels = paint(size, (x, y) => truths[cell(x, y)]);
    return {
      ...{ ...size, split: i % 3 === 0 ? 'val' : 'test', stem: `slide${i}`, labels: i === 7 ? null : labels },
      ...{
        image: gray(
          side,
          side,
          paint(size, (x, y) => grays[cell(x, y)]),
        ),
        kind: 'gray' as const,
      },
      ...{ prediction: null, bytes: i === 11 ? { image: Buffer.from('no picture') } : {}, unreadable: false },
    };
  });
}

function writeWorld(seed: number, count: number, home: string): World {
  const config = { classes: CLASSES, masks: 'masks' };
  return writeMasksWorld(home, planSlides(seed, count), { shape: 'split-first', form: 'nested', config });
}

function audit(world: World, model: string, run: string, ...more: string[]): Row[] {
  const call = ['audit', world.dataset, ...world.args, '--model', model, '--fail-on', 'none', '--out', run, '--no-ui'];
  const { status, stderr } = maskaudit(...call, '--class', 'cyst,node,rib', ...more);
  expect(status, stderr).toBe(0);
  return rowsOf(run, 'images');
}

const rowsOf = (run: string, name: string) => parseCsv(readFileSync(join(run, `${name}.csv`), 'utf8')).rows;
const summaryOf = (run: string) => JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));

/** Each model of a hybrid asked alone about every image that can be read, in the order of images.csv. */
function askAlone(world: World, models: readonly string[], home: string): Map<string, Asked> {
  const gateRun = join(home, 'gate');
  const images = audit(world, fileOf('gate'), gateRun, '--level', 'image').map(({ image }) => image);
  const said = CLASSES.slice(1).map(({ key }) => rowsOf(gateRun, key));
  for (const model of models) audit(world, fileOf(model), join(home, model), '--save-predictions');
  return new Map(
    images.flatMap((image, i) => {
      const { truth } = world.samples.find((sample) => sample.image === image)!;
      const cells = said.map((rows) => rows[i].max_probability);
      if (cells.includes('')) return [];
      const maps = models.map((model) => {
        const file = join(home, model, 'predictions', `${image}.png`);
        return [model, existsSync(file) ? (decodePng(readFileSync(file)).samples as Uint8Array) : new Uint8Array(1)];
      });
      return [[image, { truth, probability: [0, ...cells.map(Number)], maps: Object.fromEntries(maps) }]];
    }),
  );
}

let world: World;
/** Every image that can be read, with what each model says of it alone. */
let everyImage: Map<string, Asked>;

beforeAll(() => {
  for (const [model, { from, card }] of Object.entries(MODELS)) {
    copyFileSync(fixture(from), fileOf(model));
    if (card) writeFileSync(`${fileOf(model)}.maskaudit.json`, JSON.stringify(card));
  }
  world = writeWorld(1, IMAGES, join(folder, 'world'));
  everyImage = askAlone(world, ['plain', 'mixed', 'coarse'], join(folder, 'alone'));
  expect(everyImage.size).toBe(IMAGES - 1);
  expect(images().filter(({ truth }) => truth).length).toBe(IMAGES - 2);
}, 240_000);

const images = () => [...everyImage.values()];

function writeHybrid({ name, segmenter, threshold }: Hybrid): string {
  const file = join(folder, `${name}.json`);
  const files = Object.fromEntries(Object.entries(segmenter).map(([key, model]) => [key, `${model}.onnx`]));
  writeFileSync(file, JSON.stringify({ hybrid: { gate: 'gate.onnx', segmenter: files, threshold } }));
  return file;
}

describe.each(HYBRIDS)('$name', (hybrid) => {
  const home = join(folder, hybrid.name);
  const [plain, all] = [join(home, 'plain-run'), join(home, 'all-run')];
  const gated: Gated[] = CLASSES.flatMap(({ index, key }) => {
    const model = hybrid.segmenter[key];
    const threshold = typeof hybrid.threshold === 'number' ? hybrid.threshold : hybrid.threshold[key];
    return model === undefined ? [] : [{ index, key, threshold, model }];
  });

  beforeAll(() => {
    const file = writeHybrid(hybrid);
    audit(world, file, plain, '--save-predictions');
    audit(world, file, all, '--save-predictions', '--segment-all', '--batch', '3', '--jobs', '2');
  }, 120_000);

  it.each(['plain-run', 'all-run'])('every pixel is what the gate’s and the segmenter’s own audits say: %s', (name) => {
    let scored = 0;
    for (const [image, of] of everyImage) {
      if (of.truth === null) continue;
      const map = decodePng(readFileSync(join(home, name, 'predictions', `${image}.png`))).samples;
      expect([...map], image).toEqual([...hybridMap(of, gated)]);
      scored++;
    }
    expect(scored).toBe(IMAGES - 2);
  });

  it('rows of a class have the gate’s probability, the stage and the outcome', () => {
    for (const { index, key } of CLASSES.slice(1)) {
      const own = gated.find((of) => of.index === index);
      for (const row of rowsOf(plain, key)) {
        const of = everyImage.get(row.image);
        const told = [row.gate_probability, row.stage, row.outcome];
        if (of === undefined) {
          expect(told, row.image).toEqual(['', '', 'unscored']);
          continue;
        }
        const passes = own !== undefined && of.probability[index] >= own.threshold;
        const stage = own === undefined ? '' : passes ? 'segmenter' : 'gate';
        const pair = { truth: of.truth, predicted: of.truth && hybridMap(of, gated) };
        const outcome = outcomeOf(countClass(pair, index, null));
        expect(told, row.image).toEqual([`${of.probability[index]}`, stage, outcome]);
      }
    }
  });

  it('misses of the gate and misses of the segmenters are the misses', () => {
    for (const run of [plain, all]) {
      const { classes, hybrid: told } = summaryOf(run);
      expect(told.classes.map(({ key }: Gated) => key)).toEqual(gated.map(({ key }) => key));
      const anyGoesOn = images().filter(({ probability }) =>
        gated.some(({ index, threshold }) => probability[index] >= threshold),
      ).length;
      expect(told).toMatchObject({ segmentAll: run === all, images: IMAGES - 1, segmented: anyGoesOn });
      expect(told.segmentedShare).toBe(anyGoesOn / (IMAGES - 1));
      for (const [g, of] of gated.entries()) {
        const { positives, negatives, hits, misses, disjoint, falseAlarms, passed } = recount(
          images(),
          gated,
          of,
          of.threshold,
        );
        const expected = { positives, negatives, hits, misses, disjoint, falseAlarms, passed };
        expect(told.classes[g]).toMatchObject({ key: of.key, threshold: of.threshold, ...expected });
        const { outcomes } = classes[of.index];
        expect(misses.gate + misses.segmenter).toBe(outcomes.miss);
        expect(outcomes).toMatchObject({ hit: hits, disjoint, false_alarm: falseAlarms });
        expect(hits + disjoint + misses.gate + misses.segmenter).toBe(positives);
        const auc = mannWhitney(images(), of.index);
        if (auc === null) expect(told.classes[g].gateAuc).toBeNull();
        else expect(told.classes[g].gateAuc).toBeCloseTo(auc, 12);
      }
    }
  });

  it.each([
    ['plain-run', false],
    ['all-run', true],
  ] as const)('the table over thresholds: %s', (name, segmentAll) => {
    const { hybrid: told } = summaryOf(join(home, name));
    for (const [g, of] of gated.entries()) {
      const rows: Record<string, unknown>[] = told.classes[g].thresholds;
      const at = rows.map(({ threshold }) => threshold as number);
      expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
      expect(at).toEqual(expect.arrayContaining([0, of.threshold, 1]));
      for (const row of rows) {
        const c = recount(images(), gated, of, row.threshold as number);
        const known = (value: number, side: 'positives' | 'negatives') =>
          segmentAll || c.unseen[side] === 0 ? value : null;
        const hits = known(c.hits, 'positives');
        const falseAlarms = known(c.falseAlarms, 'negatives');
        expect(row, `${of.key} at ${row.threshold}`).toEqual({
          threshold: row.threshold,
          segmented: c.segmented,
          segmentedShare: c.segmented / (IMAGES - 1),
          hits,
          misses: { gate: c.misses.gate, segmenter: known(c.misses.segmenter, 'positives') },
          disjoint: known(c.disjoint, 'positives'),
          falseAlarms,
          sensitivity: hits === null || c.positives === 0 ? null : hits / c.positives,
          specificity: falseAlarms === null || c.negatives === 0 ? null : (c.negatives - falseAlarms) / c.negatives,
          unknown: segmentAll ? 0 : c.unseen.positives + c.unseen.negatives,
        });
      }
    }
  });

  it.each(['plain-run', 'all-run'])('the page has each class’s figures and the threshold in force: %s', (name) => {
    const page = readFileSync(join(home, name, 'report.html'), 'utf8');
    const section = /<section id="hybrid".*?<\/section>/s.exec(page)?.[0] ?? '';
    expect(section.split('>in force</text>').length - 1).toBe(gated.length);
    expect(section).not.toMatch(/NaN|undefined<|null</);
    const [classes, ...tables] = section.split('<table').slice(1);
    expect(tables.length).toBe(gated.length);
    gated.forEach((of, g) => {
      const { misses, passed } = recount(images(), gated, of, of.threshold);
      const row = classes.split('<tr')[2 + g].replace(/<[^>]*>/g, ' ');
      expect(row).toMatch(
        new RegExp(`The ${of.key} .*\\b${passed}\\b.*\\b${misses.gate}\\b.*\\b${misses.segmenter}\\b`, 's'),
      );
      expect(tables[g].match(/\(in force\)/g)?.length).toBe(1);
    });
  });

  it('P006 names every disagreement of the stages, and nothing else', () => {
    const expected: string[] = [];
    for (const [image, of] of everyImage) {
      if (of.truth === null) continue;
      for (const own of gated) {
        const passes = of.probability[own.index] >= own.threshold;
        const found = (threshold: number) =>
          hybridMap(
            of,
            gated.map((each) => (each === own ? { ...own, threshold } : each)),
          ).includes(own.index);
        if (passes !== found(0)) expected.push(`${image} ${own.key}`);
      }
    }
    const named = rowsOf(all, 'findings').filter(({ rule }) => rule === 'P006');
    expect(named.map(({ image, class: key }) => `${image} ${key}`).sort()).toEqual(expected.sort());
  });
});

it('the images are of every kind', () => {
  const gated = CLASSES.slice(1).map(({ index, key }) => ({ index, key, threshold: 0.5, model: 'plain' }));
  for (const of of gated) {
    const { hits, disjoint, misses, falseAlarms } = recount(images(), gated, of, 0.5);
    for (const n of [hits, disjoint, misses.gate, misses.segmenter, falseAlarms]) expect(n, of.key).toBeGreaterThan(0);
    expect(images().filter(({ probability }) => probability[of.index] === 0.5).length).toBeGreaterThan(1);
  }
  const isContested = ({ maps: { plain, mixed }, probability: [, cyst, node] }: Asked) =>
    cyst >= 0.5 && node >= 0.5 && plain.some((c, i) => c === 1 && mixed[i] === 2);
  expect(images().filter(isContested).length).toBeGreaterThan(5);
});

describe('parts of a run make the whole', () => {
  const home = join(folder, 'parts');
  const whole = join(home, 'whole');
  let call: string[];

  beforeAll(() => {
    const { dataset, args } = writeWorld(9, 240, join(home, 'world'));
    call = ['audit', dataset, ...args, '--model', writeHybrid(HYBRIDS[3]), '--no-ui', '--quiet'];
    maskaudit(...call, '--out', whole);
  }, 120_000);

  /** The files of a run, without run.json and the page, which have times. */
  function results(run: string) {
    const files = filesUnder(run);
    for (const name of ['run.json', 'report.html']) expect(files.delete(name), name).toBe(true);
    return files;
  }
  function expectWhole(run: string) {
    const [expected, found] = [results(whole), results(run)];
    expect([...found.keys()]).toEqual([...expected.keys()]);
    for (const [name, bytes] of expected) expect(bytes.equals(found.get(name)!), name).toBe(true);
  }

  it.each([
    ['--jobs', '3'],
    ['--batch', '7'],
  ])('%s %s changes nothing', (...more) => {
    const run = join(home, more.join(''));
    maskaudit(...call, ...more, '--out', run);
    expectWhole(run);
  });

  it('shards, merged', () => {
    const shards = [1, 2, 3].map((i) => join(home, `shard-${i}`));
    shards.forEach((run, i) => {
      maskaudit(...call, '--shard', `${i + 1}/3`, '--out', run);
    });
    const merged = join(home, 'merged');
    const { status, stderr } = maskaudit('merge', ...shards.reverse(), '--out', merged);
    expect(status, stderr).toBe(1);
    expectWhole(merged);
    expect(summaryOf(merged).hybrid).toEqual(summaryOf(whole).hybrid);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('%s, then --resume', async (signal) => {
    const run = join(home, signal);
    const journal = () => (existsSync(run) && readdirSync(run).find((name) => /^journal/.test(name))) || null;
    let caught = false;
    for (const lines of [30, 8, 2]) {
      rmSync(run, { recursive: true, force: true });
      const ready = () => {
        const name = journal();
        return name !== null && readFileSync(join(run, name), 'utf8').split('\n').length > lines;
      };
      const done = await interrupted([...call, '--jobs', '1', '--batch', '1', '--out', run], signal, ready);
      caught = done.signalled && done.status !== 0 && done.status !== 1;
      if (caught && signal === 'SIGINT') expect(done.status).toBe(130);
      if (caught) break;
    }
    expect(caught).toBe(true);
    const { status, stderr } = maskaudit(...call, '--resume', '--out', run);
    expect(status, stderr).toBe(1);
    expectWhole(run);
  });

  it('--resume with another threshold, or with --segment-all, is a wrong call', async () => {
    const run = join(home, 'changed');
    await interrupted([...call, '--jobs', '1', '--out', run], 'SIGKILL', () => existsSync(join(run, 'journal.ndjson')));
    const refused = { status: 2, stderr: expect.stringContaining('hybrid was') };
    expect(maskaudit(...call, '--segment-all', '--resume', '--out', run)).toMatchObject(refused);
    writeHybrid({ ...HYBRIDS[3], threshold: 0.5 });
    expect(maskaudit(...call, '--resume', '--out', run)).toMatchObject(refused);
  });
});
