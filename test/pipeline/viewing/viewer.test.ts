import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/pipeline/png/encode.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { openRun } from '../../../src/pipeline/viewing/run.js';
import { type ImageView, openViewer } from '../../../src/pipeline/viewing/viewer.js';
import { makeDataset, makeFolder, maskaudit, removeFolder } from '../../commands/program.js';

let folder: string;
const below = (name: string) => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-viewer-'));
  const faults = ['D001', 'D003', 'D004', 'L001', 'L002'].join();
  const phantom = ['phantom', 'set', '--images', '60', '--size', '64', '--seed', '3', '--faults', faults];
  expect(maskaudit([...phantom, '--predictions', 'pred', '--miss-rate', '.2'], folder)).toMatchObject({ code: 0 });
  const call = ['audit', 'set', '--fail-on', 'none', '--quiet'];
  const model = ['--model', path.resolve('fixtures/model/unet-small.onnx')];
  expect(maskaudit([...call, '--predictions', 'pred', '--out', 'saved'], folder).code).toBe(0);
  expect(maskaudit([...call, ...model, '--limit', '12', '--out', 'model'], folder).code).toBe(0);
  expect(maskaudit([...call, ...model, '--limit', '12', '--save-predictions', '--out', 'kept'], folder).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Counted here, pixel by pixel, in the order that the contract gives: rows truth, columns predicted. */
function recount({ truth, predicted }: ImageView, classes: number): { truth: number[]; confusion: number[] } {
  const counts = { truth: new Array(classes).fill(0), confusion: new Array(classes * classes).fill(0) };
  truth?.forEach((label, i) => {
    counts.truth[label]++;
    if (predicted) counts.confusion[label * classes + predicted[i]]++;
  });
  return counts;
}

async function viewAll(run: string): Promise<{ record: ImageRecord; view: ImageView }[]> {
  const { header, records } = openRun(below(run));
  const viewer = openViewer(header, { folder: below(run) });
  try {
    // All at once: the viewer has to keep them apart by itself.
    return await Promise.all([...records()].map(async (record) => ({ record, view: await viewer.view(record) })));
  } finally {
    await viewer.close();
  }
}

describe('the maps that a viewer shows', () => {
  it.each([
    ['saved', 60],
    ['model', 12],
    ['kept', 12],
  ])('give the counts of every record again (run %s)', async (run, images) => {
    const seen = await viewAll(run);
    expect(seen).toHaveLength(images);
    for (const { record, view } of seen) {
      const counts = recount(view, 4);
      expect(view.record).toBe(record);
      expect(view.truth === null).toBe(record.truth === null);
      expect(view.predicted === null).toBe(record.confusion === null);
      if (record.truth) expect(counts.truth).toEqual(record.truth);
      if (record.confusion) expect(counts.confusion).toEqual(record.confusion);
      if (record.width) expect([view.width, view.height]).toEqual([record.width, record.height]);
      expect(view.faults.join()).not.toMatch(/changed/);
    }
    expect(seen.some(({ record }) => (record.confusion?.[2 * 4 + 2] ?? 0) > 0)).toBe(true);
  });

  it('come with the picture as it is in the file, and name what can not be read', async () => {
    const seen = await viewAll('saved');
    const whole = seen.filter(({ view }) => view.image && view.faults.length === 0);
    expect(whole.length).toBeGreaterThan(40);
    for (const { record, view } of whole.slice(0, 5)) {
      const { data } = await sharp(path.join(below('set'), record.imagePath))
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(Buffer.compare(Buffer.from(view.image as Uint8Array), data)).toBe(0);
    }
    const broken = seen.filter(({ record }) => record.status === 'unreadable');
    expect(broken.length).toBeGreaterThan(0);
    for (const { view } of broken) expect(view.faults.join()).toMatch(/image|mask/);
  });

  it('say so where a file is another one than the run counted', async () => {
    const { header, records } = openRun(below('saved'));
    const pair = [...records()].filter(({ truth, confusion }) => confusion && truth && truth[2] > 0).slice(0, 2);
    const viewer = openViewer(header);
    const [swapped] = pair.map((record) => ({ ...record, confusion: pair[1].confusion, truth: pair[1].truth }));
    expect((await viewer.view(swapped)).faults.join()).toMatch(/annotation has changed/);
    expect((await viewer.view({ ...pair[0], imagePath: 'gone.png' })).faults.join()).toMatch(/gone\.png is not in/);
    expect((await viewer.view(pair[0])).faults).toEqual([]);
    await viewer.close();
  });

  it('are told missing, not thrown, where the dataset has gone', async () => {
    const { header, records } = openRun(below('saved'));
    const viewer = openViewer({ ...header, root: below('nowhere') });
    const [record] = records();
    const view = await viewer.view(record);
    expect(view).toMatchObject({ image: null, truth: null, predicted: null, record });
    expect(view.faults.join()).toMatch(/no such dataset folder/);
    await viewer.close();
  });
});

describe('predictions of any form', () => {
  it.each(['prefixed', 'by class'])('give the counts of every record again (%s)', async (form) => {
    const at = makeFolder();
    try {
      makeDataset(at);
      const config = path.join(at, 'maskaudit.config.json');
      for (const [name, labels] of [
        ['train/images/a', { cyst: 9, node: 0 }],
        ['test/images/c', { cyst: 4, node: 20 }],
      ] as const) {
        for (const [index, [key, pixels]] of Object.entries(labels).entries()) {
          const on = (value: number) => encodePng({ width: 16, height: 16, data: square(pixels, value) });
          const [folderOf, stem] = [path.posix.dirname(name), path.posix.basename(name)];
          const file =
            form === 'by class' ? `other/${key}/${name}.png` : index === 0 ? `other/${folderOf}/p_${stem}.png` : null;
          if (file === null) continue;
          mkdirSync(path.dirname(path.join(at, file)), { recursive: true });
          writeFileSync(path.join(at, file), on(form === 'by class' ? 255 : 1));
        }
      }
      if (form === 'prefixed') {
        const settings = JSON.parse(readFileSync(config, 'utf8'));
        writeFileSync(config, JSON.stringify({ ...settings, predictionPrefix: 'p_' }));
      }
      const call = ['audit', 'data', '--predictions', 'other', '--out', 'run', '--fail-on', 'none', '--quiet'];
      expect(maskaudit(call, at)).toMatchObject({ code: 0, stderr: '' });
      const { header, records } = openRun(path.join(at, 'run'));
      const viewer = openViewer(header);
      let scored = 0;
      for (const record of records()) {
        const view = await viewer.view(record);
        const counts = recount(view, 3);
        expect(counts.truth).toEqual(record.truth);
        expect(view.predicted === null).toBe(record.confusion === null);
        if (record.confusion) expect(counts.confusion).toEqual(record.confusion);
        scored += record.confusion ? 1 : 0;
      }
      expect(scored).toBe(2);
      await viewer.close();
    } finally {
      removeFolder(at);
    }
  });

  function square(pixels: number, value: number): Uint8Array {
    return new Uint8Array(256).fill(value, 100, 100 + pixels);
  }
});

describe('a run that is read', () => {
  it('gives its records by position as it gives them in order', () => {
    const run = openRun(below('saved'));
    const records = [...run.records()];
    const index = run.index();
    expect(index.count).toBe(60);
    for (const position of [59, 0, 31, 30]) expect(index.at(position)).toEqual(records[position]);
    expect(() => index.at(60)).toThrow(RangeError);
    index.close();
  });

  it('finds the findings that findings.csv holds', () => {
    const run = openRun(below('saved'));
    const summary = run.summary();
    const late = run.lateFindings(summary);
    const counts: Record<string, number> = {};
    for (const { rule } of run.findings(late)) counts[rule] = (counts[rule] ?? 0) + 1;
    expect(counts).toEqual(summary.findings);
    expect(run.manifest().files).toContain('findings.csv');
    expect(readdirSync(below('saved'))).toContain('findings.csv');
  });
});
