import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, type Json, same } from './agree.js';
import { type Card, PLAIN } from './classifier.js';
import {
  type Classified,
  type ClassifiedWorld,
  writeClassifiedCovid,
  writeClassifiedMasks,
} from './classifier-world.js';
import { maskaudit, scratch } from './cli.js';
import { parseCsv, type Row } from './csv.js';
import { calibrationOf, detectionOf, type Told } from './detection-scores.js';
import { expectSame } from './same-run.js';
import { countClass, diceOf, iouOf, outcomeOf, summaryOf } from './scores.js';

const { folder, remove } = scratch('classifier');
afterAll(remove);

/** A copy of the model with a card beside it. */
function model(name: string, card: object): string {
  const file = join(folder, name, 'heat.onnx');
  mkdirSync(join(folder, name));
  cpSync(new URL('../../fixtures/onnx/heat.onnx', import.meta.url).pathname, file);
  writeFileSync(`${file}.maskaudit.json`, JSON.stringify({ ...card, preprocess: 'unit' }));
  return file;
}

function audit(world: ClassifiedWorld, file: string, out: string, ...more: string[]) {
  const call = ['audit', world.dataset, '--model', file, '--out', join(folder, out), '--level', 'image'];
  const done = maskaudit(...call, ...world.args, '--fail-on', 'none', '--quiet', ...more);
  expect(done.status, done.stderr).toBe(0);
}

const table = (out: string, name: string) => parseCsv(readFileSync(join(folder, out, name), 'utf8'));

/** The network computes in single precision. */
function near(cell: string, due: number | null, what: string, wrong: string[]): void {
  const isNear = due === null ? cell === '' : cell !== '' && Math.abs(Number(cell) - due) < 2e-6;
  if (!isNear) wrong.push(`${what}: ${cell}, should be ${due}`);
}

const pixel = (label: number | null) => (label === null ? null : Uint8Array.of(label));
const pairOf = ({ label, predicted }: Classified) => ({ truth: pixel(label), predicted: pixel(predicted) });

/** Where a run is not what has to come of the world. */
function disagreements(out: string, world: ClassifiedWorld): string[] {
  const wrong: string[] = [];
  const keyOf = (index: number | null) => (index === null ? '' : world.classes[index].key);
  const byImage = new Map(world.samples.map((sample) => [sample.image, sample]));
  const answers = (row: Row, sample: Classified, what: string) => {
    const { label, predicted, probabilities, heatInLungs } = sample;
    same(row.label, keyOf(label), `${what} label`, wrong);
    same(row.predicted, keyOf(predicted), `${what} predicted`, wrong);
    near(row.probability, predicted === null ? null : probabilities![predicted], `${what} probability`, wrong);
    near(row.heat_in_lungs, heatInLungs, `${what} heat_in_lungs`, wrong);
    same([row.split, row.source], [sample.split, sample.source], `${what} split, source`, wrong);
  };

  const { rows } = table(out, 'images.csv');
  same(rows.map(({ image }) => image).sort(), [...byImage.keys()].sort(), 'images.csv', wrong);
  for (const row of rows) {
    const sample = byImage.get(row.image)!;
    const { label, predicted, size } = sample;
    answers(row, sample, row.image);
    same(row.status, sample.status, `${row.image} status`, wrong);
    const sizes = size === null ? ['', ''] : [String(size.width), String(size.height)];
    same([row.width, row.height], sizes, `${row.image} size`, wrong);
    same(row.accuracy, predicted === null ? '' : String(Number(predicted === label)), `${row.image} accuracy`, wrong);
  }
  for (const { index, key } of world.classes.slice(1)) {
    const of = table(out, `${key}.csv`).rows;
    same(
      of.map(({ image }) => image),
      rows.map(({ image }) => image),
      `${key}.csv`,
      wrong,
    );
    for (const row of of) {
      const what = `${key}.csv ${row.image}`;
      const sample = byImage.get(row.image)!;
      const counts = countClass(pairOf(sample), index, null);
      answers(row, sample, what);
      near(row.truth_pixels, counts.truth, `${what} truth`, wrong);
      const cells = { predicted_pixels: counts.predicted, tp: counts.tp, fp: counts.fp, fn: counts.fn };
      for (const [name, due] of Object.entries(cells)) near(row[name], due, `${what} ${name}`, wrong);
      near(row.iou, iouOf(counts), `${what} iou`, wrong);
      near(row.dice, diceOf(counts), `${what} dice`, wrong);
      same(row.outcome, outcomeOf(counts), `${what} outcome`, wrong);
      near(row.max_probability, sample.probabilities?.[index] ?? null, `${what} max_probability`, wrong);
    }
  }

  const samples = rows.map(({ image }) => byImage.get(image)!);
  const summary = JSON.parse(readFileSync(join(folder, out, 'summary.json'), 'utf8'));
  same([summary.unit, summary.complete, summary.pixelThresholds], ['image', true, null], 'summary.json', wrong);
  compareGroup(summary, samples, world, 'whole', wrong);
  for (const [name, group] of Object.entries(summary.splits)) {
    const some = samples.filter(({ split }) => split === name);
    compareGroup(group, some, world, name, wrong);
  }
  return wrong;
}

function compareGroup(got: Json, samples: Classified[], { classes }: ClassifiedWorld, what: string, wrong: string[]) {
  const { detection: _, classes: rows, ...due } = summaryOf(samples.map(pairOf), classes, null);
  closeAll(got, due, what, wrong);
  const labels = samples.filter(({ label }) => label !== null).length;
  const shares = rows.map(({ truth }) => truth.images / labels).sort((a, b) => a - b);
  rows.forEach((of, c) => {
    const { name, weights, ...row } = of;
    // Of images the frequency of a class is its share of them.
    const medianFrequency = shares[1] / (of.truth.images / labels);
    closeAll(got.classes[c], { ...row, weights: { ...weights, medianFrequency } }, `${what} ${of.key}`, wrong);
  });
  const scored = samples.filter((sample): sample is Classified & Told => sample.predicted !== null);
  closeAll(got.detection, detectionOf(scored, classes), `${what} detection`, wrong);
  const calibration = calibrationOf(scored);
  for (const [name, value] of Object.entries(calibration)) {
    near(String(got.detection.calibration[name]), value, `${what} ${name}`, wrong);
  }
}

/** Only where no rounding of the network can change an answer or an order of images is every figure certain. */
function expectCertain({ samples }: ClassifiedWorld, { decide }: Card): void {
  const scored = samples.filter(({ predicted }) => predicted !== null);
  for (const c of [0, 1, 2]) {
    const sorted = scored.map(({ probabilities }) => probabilities![c]).sort((a, b) => a - b);
    const steps = sorted.slice(1).map((p, i) => p - sorted[i]);
    expect(Math.min(...steps.filter((step) => step > 1e-12))).toBeGreaterThan(1e-6);
    if (decide[c] !== null) expect(Math.min(...sorted.map((p) => Math.abs(p - decide[c]!)))).toBeGreaterThan(1e-5);
  }
  for (const { probabilities } of scored) {
    const [first, second] = [...probabilities!].sort((a, b) => b - a);
    expect(first - second).toBeGreaterThan(1e-5);
  }
}

const CLASSES = ['healthy', 'covid', 'non-covid'];
const WARM: Card = { temperature: 1.7, decide: [null, 0.2, 0.25] };
let world: ClassifiedWorld;
let plain: string;

beforeAll(() => {
  world = writeClassifiedCovid(join(folder, 'world'), 24, PLAIN);
  plain = model('plain', { classes: CLASSES });
  audit(world, plain, 'whole');
});

describe('the audit of a classifier', () => {
  it('has the classes, answers and figures that its pixels give', () => {
    expectCertain(world, PLAIN);
    const seen = world.samples.filter(({ predicted }) => predicted !== null);
    // A world in which nothing is wrong, or nothing is right, would show little.
    for (const c of [0, 1, 2]) {
      expect(seen.filter(({ label, predicted }) => label === c && predicted === c).length).toBeGreaterThan(5);
      expect(seen.filter(({ label, predicted }) => label === c && predicted !== c).length).toBeGreaterThan(3);
    }
    expect(seen.filter(({ heatInLungs }) => heatInLungs === null).length).toBeGreaterThan(3);
    expect(seen.filter(({ heatInLungs }) => heatInLungs === 0).length).toBeGreaterThan(3);
    expect(new Set(world.samples.map(({ status }) => status)).size).toBe(2);
    expect(disagreements('whole', world).slice(0, 20)).toEqual([]);
  });

  it('with a temperature and probabilities of their own in the card', () => {
    const warm = writeClassifiedCovid(join(folder, 'warm-world'), 30, WARM);
    expectCertain(warm, WARM);
    const others = writeClassifiedCovid(join(folder, 'same-world'), 30, { ...WARM, decide: PLAIN.decide });
    expect(warm.samples.some(({ predicted }, i) => predicted !== others.samples[i].predicted)).toBe(true);
    // In some both classes reach their own, and the first of them by more.
    const [, covid, other] = WARM.decide as number[];
    const reached = ({ probabilities: p }: Classified) => p !== null && p[1] / covid > p[2] / other && p[2] >= other;
    expect(warm.samples.some(reached)).toBe(true);
    const card = { classes: CLASSES, temperature: 1.7, decide: { covid: 0.2, 'non-covid': 0.25 } };
    audit(warm, model('warm', card), 'warm-run');
    expect(disagreements('warm-run', warm).slice(0, 20)).toEqual([]);
  });

  it('by label masks, of which the larger class counts', () => {
    const masks = writeClassifiedMasks(folder, 23, PLAIN);
    expectCertain(masks, PLAIN);
    expect(new Set(masks.samples.map(({ label }) => label)).size).toBe(4);
    audit(masks, model('masked', { classes: ['none', 'covid', 'non-covid'] }), 'masks-run');
    expect(disagreements('masks-run', masks).slice(0, 20)).toEqual([]);
  });

  it.each([2, 3])('of %i shards that are merged is the whole', (n) => {
    const shards = Array.from({ length: n }, (_, i) => `shard-${i + 1}-of-${n}`);
    shards.forEach((out, i) => {
      audit(world, plain, out, '--shard', `${i + 1}/${n}`);
    });
    const runs = shards.map((out) => join(folder, out)).reverse();
    const { status, stderr } = maskaudit('merge', ...runs, '--out', join(folder, `merged-${n}`), '--fail-on', 'none');
    expect(status, stderr).toBe(0);
    expectSame(join(folder, `merged-${n}`), join(folder, 'whole'));
  });

  it.each([0, 1, 40])('that goes on after %i images is the whole', (done) => {
    const run = join(folder, `resumed-${done}`);
    mkdirSync(run);
    const lines = readFileSync(join(folder, 'whole', 'journal.ndjson'), 'utf8').split('\n');
    writeFileSync(join(run, 'journal.ndjson.part'), `${lines.slice(0, done + 1).join('\n')}\n{"index":`);
    audit(world, plain, `resumed-${done}`, '--resume');
    const { images } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
    expect(images.resumed).toBe(done);
    expectSame(run, join(folder, 'whole'));
  });

  it('in other batches has the same answers', () => {
    audit(world, plain, 'batches', '--batch', '5', '--jobs', '1');
    for (const name of ['summary.json', 'images.csv', 'covid.csv', 'non-covid.csv']) {
      const [one, other] = ['batches', 'whole'].map((out) => readFileSync(join(folder, out, name), 'utf8'));
      expect(one, name).toBe(other);
    }
  });
});
