import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/pipeline/summary.js';
import { parseCsv } from '../oracle/csv.js';
import { makeFolder, maskaudit, removeFolder } from './program.js';
import { inTerminal, LEAVE } from './terminal.js';

const MODEL = new URL('../../fixtures/onnx/heat.onnx', import.meta.url).pathname;
let folder: string;
beforeAll(() => {
  folder = makeFolder();
  const made = ['phantom', 'set', '--images', '60', '--size', '64', '--seed', '9', '--quiet'];
  expect(maskaudit(made, folder).code).toBe(0);
  cpSync(MODEL, path.join(folder, 'heat.onnx'));
});
afterAll(() => removeFolder(folder));

const four = (x: number | null | undefined) => (x === null || x === undefined ? '-' : x.toFixed(4));
const read = (name: string) => readFileSync(path.join(folder, 'run', name), 'utf8');
/** What was written while the screen was there, with its rows one after the other. */
const drawn = (output: string) => stripVTControlCharacters(output.slice(0, output.indexOf(LEAVE)));
/** Cells with any room between them. */
const row = (...cells: (string | number)[]) =>
  new RegExp(cells.map((cell) => `${cell}`.replace(/[.()]/g, '\\$&')).join(' +'));

describe('the screen of a classifier', () => {
  it('counts in images: answers, confusion, the probe, and of an image where its answer comes from', () => {
    const card = ['--card', 'classes=healthy,covid,non-covid', '--class', 'covid,non-covid'];
    const call = ['audit', 'set', '--model', 'heat.onnx', ...card, '--probe', 'lungs', '--out', 'run'];
    const { status, output, steps_left } = inTerminal(
      call,
      folder,
      [
        { until: 'lungs alone', send: '3' },
        { until: 'in lungs', send: '\r' },
        { until: 'edge of the lungs', send: 'q' },
      ],
      { NO_COLOR: '1' },
      [120, 60],
    );
    expect(steps_left).toBe(0);
    expect(status).toBe(1);
    const text = drawn(output);
    const { detection, confusion, classes, probe, accuracy } = JSON.parse(read('summary.json')) as Summary;
    expect(text).toContain(`Scores  accuracy ${four(accuracy)}`);
    for (const { key, counts, sensitivity, specificity } of detection?.classes ?? []) {
      const { tp, fn, fp } = counts;
      expect(text).toMatch(row(key, tp, fn, fp, four(sensitivity), four(specificity)));
    }
    for (const [c, counts] of confusion.entries()) expect(text).toMatch(row(classes[c].key, ...counts));
    const pictures = {
      whole: probe?.intact,
      'lungs blacked out': probe?.withoutLungs,
      'lungs alone': probe?.lungsAlone,
    };
    for (const [name, of] of Object.entries(pictures)) {
      expect(text).toMatch(row(name, four(of?.accuracy), four(of?.classes[1].auc), four(of?.classes[2].auc)));
    }

    const [first] = parseCsv(read('covid.csv')).rows;
    const seen = text.slice(text.indexOf('edge of the lungs'));
    const name = (key: string) => classes.find((c) => c.key === key)?.name;
    expect(seen).toContain(
      `is ${name(first.label)}, told ${first.label === first.predicted ? 'so' : `to be ${name(first.predicted)}`}`,
    );
    expect(seen).toContain(Number(first.probability).toFixed(4));
    expect(seen).toContain(`${Number((100 * Number(first.heat_in_lungs)).toPrecision(3))} % inside the lungs`);
  });
});
