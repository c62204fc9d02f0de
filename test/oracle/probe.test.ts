import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageRecord, ProbedPrediction } from '../../src/pipeline/record.js';
import type { Summary } from '../../src/pipeline/summary.js';
import { maskaudit, scratch } from './cli.js';

const { folder, remove } = scratch('probe');
afterAll(remove);

const MODEL = new URL('../../fixtures/model/unet-small.onnx', import.meta.url).pathname;
const data = join(folder, 'data');
const filesOf = (root: string, leaf: string) =>
  (readdirSync(root, { recursive: true }) as string[]).filter(
    (file) => file.includes(`${leaf}/`) && file.endsWith('.png'),
  );

function audit(dataset: string, out: string, ...more: string[]) {
  const done = maskaudit('audit', dataset, '--model', MODEL, '--out', join(folder, out), '--fail-on', 'none', ...more);
  return { ...done, records: done.status === 0 ? recordsOf(out) : [] };
}

function recordsOf(out: string): ImageRecord[] {
  const lines = readFileSync(join(folder, out, 'journal.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  return lines.map((line) => JSON.parse(line) as ImageRecord);
}

const raw = (file: string) => sharp(file).toColourspace('b-w').raw().toBuffer();

/** A copy of the set whose pictures are black where `black` says so of a pixel of the lung mask. */
async function blackedOut(name: string, black: (lung: number) => boolean): Promise<string> {
  const copy = join(folder, name);
  cpSync(data, copy, { recursive: true });
  for (const file of filesOf(copy, '/images')) {
    const lung = await raw(join(copy, file.replace('/images/', '/lung masks/')));
    const picture = await raw(join(copy, file));
    const side = Math.sqrt(picture.length);
    const hidden = Buffer.from(picture.map((value, i) => (black(lung[i]) ? 0 : value)));
    await sharp(hidden, { raw: { width: side, height: side, channels: 1 } })
      .png()
      .toFile(join(copy, `${file}.new`));
    renameSync(join(copy, `${file}.new`), join(copy, file));
  }
  return copy;
}

beforeAll(() => {
  expect(maskaudit('phantom', data, '--images', '14', '--size', '64', '--seed', '12').status).toBe(0);
});

describe('--probe lungs', () => {
  it('says of each image what an audit of blacked-out pictures says', async () => {
    const { records } = audit(data, 'probed', '--probe', 'lungs');
    const hidden = {
      withoutLungs: audit(await blackedOut('without', (lung) => lung > 0), 'run-without').records,
      lungsAlone: audit(await blackedOut('alone', (lung) => lung === 0), 'run-alone').records,
    };
    expect(records.length).toBe(14);
    const plain = audit(data, 'plain').records;
    records.forEach((record, i) => {
      expect(record.probe?.withoutLungs.confusion).toEqual(hidden.withoutLungs[i].confusion);
      expect(record.probe?.lungsAlone.confusion).toEqual(hidden.lungsAlone[i].confusion);
      expect(record.probe?.lungsAlone.maxProbability).toEqual(hidden.lungsAlone[i].maxProbability);
      const { probe: _, ...rest } = record;
      expect(rest).toEqual(plain[i]);
    });
    expect(records.some(({ confusion, probe }) => `${confusion}` !== `${probe?.withoutLungs.confusion}`)).toBe(true);
    expect(records.some(({ confusion, probe }) => `${confusion}` !== `${probe?.lungsAlone.confusion}`)).toBe(true);
  });

  it('adds up to the figures of summary.json', () => {
    const records = recordsOf('probed');
    const { probe } = JSON.parse(readFileSync(join(folder, 'probed', 'summary.json'), 'utf8')) as Summary;
    expect(probe?.images).toBe(14);
    const seen = (record: ImageRecord) => ({ intact: record, ...record.probe }) as Record<string, ProbedPrediction>;
    for (const name of ['intact', 'withoutLungs', 'lungsAlone'] as const) {
      const images = records.map((record) => seen(record)[name]);
      const at = (r: number, c: number) => images.reduce((sum, { confusion }) => sum + confusion[4 * r + c], 0);
      const all = [0, 1, 2, 3].flatMap((r) => [0, 1, 2, 3].map((c) => at(r, c))).reduce((sum, n) => sum + n, 0);
      expect(probe?.[name].accuracy).toBeCloseTo((at(0, 0) + at(1, 1) + at(2, 2) + at(3, 3)) / all, 12);
      for (const c of [1, 2, 3]) {
        const rows = images.map(({ confusion }) => {
          const score = confusion.filter((_, i) => i % 4 === c).reduce((sum, n) => sum + n, 0);
          return { has: confusion.slice(4 * c, 4 * c + 4).some((n) => n > 0), told: score > 0, score };
        });
        const [positive, negative] = [rows.filter(({ has }) => has), rows.filter(({ has }) => !has)];
        const wins = positive.flatMap((p) =>
          negative.map((n) => (p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0)),
        );
        const of = probe?.[name].classes[c];
        expect(of?.auc).toBeCloseTo(wins.reduce<number>((sum, win) => sum + win, 0) / wins.length, 12);
        expect(of?.sensitivity).toBeCloseTo(positive.filter(({ told }) => told).length / positive.length, 12);
        expect(of?.specificity).toBeCloseTo(negative.filter(({ told }) => !told).length / negative.length, 12);
      }
    }
  });

  it('leaves out an image whose lungs are not known, and goes on from where it was stopped', () => {
    const copy = join(folder, 'one-missing');
    cpSync(data, copy, { recursive: true });
    const [first] = filesOf(copy, 'lung masks');
    rmSync(join(copy, first));
    const { records } = audit(copy, 'one-missing-run', '--probe', 'lungs');
    expect(records.filter(({ probe }) => probe).length).toBe(13);
    const other = maskaudit('audit', copy, '--model', MODEL, '--out', join(folder, 'one-missing-run'), '--resume');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('probe was "lungs"');
  });

  it('takes the lungs of a masks layout from its class of that name, lesions included', async () => {
    const labels = join(folder, 'labels');
    mkdirSync(join(labels, 'images'), { recursive: true });
    mkdirSync(join(labels, 'masks'));
    for (const [i, file] of filesOf(data, '/images').entries()) {
      const [lung, infection] = await Promise.all(
        ['lung masks', 'infection masks'].map((leaf) => raw(join(data, file.replace('/images/', `/${leaf}/`)))),
      );
      const map = Buffer.from(lung.map((value, p) => (infection[p] > 0 ? 2 : value > 0 ? 1 : 0)));
      const side = Math.sqrt(map.length);
      cpSync(join(data, file), join(labels, 'images', `${i}.png`));
      const png = sharp(map, { raw: { width: side, height: side, channels: 1 } });
      await png
        .toColourspace('b-w')
        .png()
        .toFile(join(labels, 'masks', `${i}.png`));
    }
    const classes = ['background', 'lung', 'covid', 'non-covid'].map((key, index) => ({ index, key, name: key }));
    writeFileSync(join(labels, 'maskaudit.config.json'), JSON.stringify({ classes }));
    const { records, stderr } = audit(
      labels,
      'labels-run',
      '--probe',
      'lungs',
      '--config',
      join(labels, 'maskaudit.config.json'),
    );
    expect(records.length, stderr).toBe(14);
    const before = recordsOf('probed');
    const whole = (confusion: number[] | undefined) => confusion?.reduce((sum, count) => sum + count, 0);
    // The model sees the same pictures: it predicts as many pixels of each class, whatever the annotation calls them.
    const predicted = (confusion: number[] = []) =>
      [0, 1, 2, 3].map((c) => whole(confusion.filter((_, i) => i % 4 === c)));
    const sorted = (runs: ImageRecord[]) =>
      runs.map(({ probe }) => predicted(probe?.withoutLungs.confusion).join()).sort();
    expect(sorted(records)).toEqual(sorted(before));
  });

  it('refuses what has no lungs, and what has no model', () => {
    const bare = join(folder, 'bare');
    cpSync(data, bare, { recursive: true });
    for (const file of filesOf(bare, 'lung masks')) rmSync(join(bare, file));
    const none = audit(bare, 'bare-run', '--probe', 'lungs');
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('not one image has a lung mask');
    const unmodelled = maskaudit('audit', data, '--probe', 'lungs', '--out', join(folder, 'none'));
    expect(unmodelled.status).toBe(2);
    expect(unmodelled.stderr).toContain('--probe needs --model');
  });
});
