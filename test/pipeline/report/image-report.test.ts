import { cpSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConventionsResult } from '../../../src/pipeline/run-conventions.js';
import type { Summary } from '../../../src/pipeline/summary.js';
import { makeFolder, maskaudit, removeFolder } from '../../commands/program.js';
import { readPage } from './read-page.js';

let folder: string;
const below = (...names: string[]) => path.join(folder, ...names);
const pageOf = (run: string) => readFileSync(below(run, 'report.html'), 'utf8');
const summaryOf = (run: string): Summary => JSON.parse(readFileSync(below(run, 'summary.json'), 'utf8'));
const MODELS = new URL('../../../fixtures/', import.meta.url).pathname;
const audit = (model: string | null, out: string, ...more: string[]) => {
  const call = [
    'audit',
    'set',
    ...(model === null ? [] : ['--model', model]),
    '--out',
    out,
    '--fail-on',
    'none',
    '--quiet',
    ...more,
  ];
  expect(maskaudit(call, folder)).toMatchObject({ code: 0, stderr: '' });
};

/** Cells of the row of covid.csv whose image is of the class and least probable to be, by column. */
function worstMiss(run: string): string[] {
  const [header, ...rows] = readFileSync(below(run, 'covid.csv'), 'utf8').trim().split('\r\n');
  const columns = ['image', 'max_probability', 'heat_in_lungs'].map((name) => header.split(',').indexOf(name));
  const misses = rows.map((row) => row.split(',')).filter((row) => row.includes('miss'));
  const cells = misses.map((row) => columns.map((at) => row[at].replace(/^"|"$/g, '').replaceAll('""', '"')));
  return cells.sort((a, b) => Number(a[1]) - Number(b[1]))[0];
}

const HOSTILE = '<script>alert(1)<script> [x] "q" &amp;';

beforeAll(() => {
  folder = makeFolder();
  expect(maskaudit(['phantom', 'set', '--images', '60', '--size', '64', '--seed', '9', '--quiet'], folder).code).toBe(
    0,
  );
  mkdirSync(below('model'));
  cpSync(path.join(MODELS, 'onnx', 'heat.onnx'), below('model', 'heat.onnx'));
  cpSync(path.join(MODELS, 'onnx', 'gate.onnx'), below('model', 'cold.onnx'));
  audit(null, 'look');
  audit('model/heat.onnx', 'before', '--card', 'classes=healthy,covid,non-covid');
  const [image] = worstMiss('before');
  const source = below('set', path.dirname(path.dirname(image)));
  for (const part of ['images', 'lung masks', 'infection masks']) {
    const [from, to] = [path.basename(image), HOSTILE].map((stem) => path.join(source, part, `${stem}.png`));
    renameSync(from, to);
  }
  audit('model/heat.onnx', 'classified', '--card', 'classes=healthy,covid,non-covid');
  audit('model/cold.onnx', 'cold', '--card', 'classes=healthy,covid,non-covid', '--class', 'covid');
  audit(path.join(MODELS, 'model', 'unet-small.onnx'), 'segmented');
});
afterAll(() => removeFolder(folder));

const four = (x: number | null) => (x === null ? '–' : x.toFixed(4));
const range = (of: readonly number[] | null) => (of === null ? '' : `${four(of[0])}-${four(of[1])}`);
const withRange = (x: number | null, of: readonly number[] | null) => four(x) + range(of);

describe('the page of a classifier', () => {
  it('has the figures of summary.json, in images', () => {
    const { table } = readPage(pageOf('classified'));
    const { detection, confusion, classes, scored, splits, sources } = summaryOf('classified');
    const told = table('Each class against the rest, in images, with 95 % intervals');
    expect(told.heads).toEqual([
      'Class',
      'Images',
      'AUC',
      'Average precision',
      'Sensitivity',
      'Specificity',
      'Precision',
      'F1',
    ]);
    detection?.classes.forEach((of, c) => {
      const { counts, confidence95 } = of;
      const jaccard = classes[c].confidence95.pooledIou;
      expect(told.rows[c]).toEqual([
        classes[c].name,
        String(counts.tp + counts.fn),
        withRange(of.auc, confidence95.auc),
        withRange(of.averagePrecision, confidence95.averagePrecision),
        withRange(of.sensitivity, confidence95.sensitivity),
        withRange(of.specificity, confidence95.specificity),
        withRange(of.precision, confidence95.precision),
        withRange(of.f1, jaccard?.map((j) => (2 * j) / (1 + j)) ?? null),
      ]);
    });
    const cells = table(`The ${scored} scored images, by what they are and what they are told to be`);
    expect(cells.rows.map((row) => row.slice(1, 4).map(Number))).toEqual(confusion);
    const calibration = detection?.calibration;
    expect(table('Calibration').rows).toEqual([
      [
        'As the model gives them',
        ...[calibration?.ece, calibration?.mce, calibration?.brier, calibration?.nll].map((x) => four(x as number)),
      ],
    ]);
    const groups = [...Object.values(splits), ...Object.values(sources)];
    const rows = table('Each class in each split and source').rows;
    groups.forEach((group, g) => {
      for (const c of [1, 2]) {
        const of = group.detection?.classes[c];
        expect(rows[2 * g + c - 1].slice(4, 6)).toEqual([
          withRange(of?.auc ?? null, of?.confidence95.auc ?? null),
          withRange(of?.sensitivity ?? null, of?.confidence95.sensitivity ?? null),
        ]);
      }
    });
    expect(table('Images by outcome').heads).not.toContain('disjoint');
  });

  it('draws ROC, precision and recall of each class, and reliability', () => {
    const { all } = readPage(pageOf('classified'));
    const captions = all('#scores figure.plot figcaption').map(({ textContent }) => textContent);
    expect(captions.filter((text) => text.startsWith('ROC of '))).toHaveLength(3);
    expect(captions.filter((text) => text.startsWith('Precision and recall of '))).toHaveLength(3);
    expect(captions.at(-1)).toMatch(/^Reliability of the answers, calibration error 0\.\d{4}$/);
    for (const curve of all('#scores figure.plot path')) expect(curve.getAttribute('d')).not.toMatch(/NaN|Infinity/);
  });

  it('speaks of images', () => {
    const { all } = readPage(pageOf('classified'));
    for (const section of ['verdict', 'scores', 'outcomes', 'cases', 'balance', 'groups', 'weights']) {
      const [{ textContent }] = all(`#${section}`);
      expect(textContent).not.toMatch(/pixel|\bpx\b|overlap|neither mask/i);
    }
  });

  it('shows the answers that are furthest off, each image once, with heat and its share inside the lungs', () => {
    const { all } = readPage(pageOf('classified'));
    const images = all('figure.case .path').map(({ textContent }) => textContent);
    expect(new Set(images).size).toBe(images.length);
    expect(images.length).toBeGreaterThan(6);
    const [name, probability, share] = worstMiss('classified');
    expect(name).toContain(HOSTILE);
    const [first] = all('figure.case');
    expect(first.querySelector('.path')?.textContent).toBe(name);
    expect(first.textContent).toContain(`probability of COVID-19 ${four(Number(probability))}`);
    const told = all('.panel span', first).map(({ textContent }) => textContent);
    expect(told).toHaveLength(3);
    expect(Number(/: ([\d.]+) % inside the lungs/.exec(told[1])?.[1])).toBeCloseTo(100 * Number(share), 0);
    expect(all('path.heat', first).length).toBeGreaterThan(5);
  });

  it('without heat maps says why, and shows the pictures', () => {
    const { all, document } = readPage(pageOf('cold'));
    expect(document.querySelector('#cases')?.textContent).toContain('There are no heat maps: the graph has no output');
    expect(all('path.heat')).toHaveLength(0);
    expect(all('figure.case image').length).toBeGreaterThan(0);
    const rows = readFileSync(below('cold', 'covid.csv'), 'utf8').trim().split('\r\n').slice(1);
    for (const row of rows) expect(row).toMatch(/,$/);
  });

  it('is made again by `report`, and lets no name act', () => {
    expect(maskaudit(['report', 'classified', '--out', 'again'], folder).code).toBe(0);
    expect(pageOf('again')).toBe(pageOf('classified'));
    const { all } = readPage(pageOf('classified'));
    expect(all('script')).toEqual([]);
    const ids = all('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of all('a,use')) expect(ids).toContain(link.getAttribute('href')?.slice(1));
  });
});

describe('images told by presence alone', () => {
  const conventions = (...more: string[]): ConventionsResult =>
    JSON.parse(maskaudit(['conventions', 'segmented', '--format', 'json', ...more], folder).stdout);
  const CAPTION = 'Images told by presence alone, with 95 % intervals';

  it('are in the page of a segmenter, as `conventions` has them', () => {
    const { table } = readPage(pageOf('segmented'));
    const ways = conventions().told?.classes.flatMap(({ ways }) => ways) ?? [];
    expect(ways.length).toBeGreaterThan(4);
    table(CAPTION).rows.forEach((row, i) => {
      const { counts, sensitivity, specificity, confidence95 } = ways[i].point;
      expect(row.slice(2, 5).map(Number)).toEqual([counts.tp + counts.fn, counts.fn, counts.fp]);
      expect(row[5]).toBe(withRange(sensitivity, confidence95.sensitivity));
      expect(row[6]).toBe(withRange(specificity, confidence95.specificity));
    });
    expect(table(CAPTION).rows).toHaveLength(ways.length);
    expect(readPage(pageOf('classified')).document.querySelector('#told')).toBeNull();
  });

  it('stand beside a classifier with --beside, differences too', () => {
    expect(maskaudit(['report', 'segmented', '--beside', 'classified', '--out', 'both'], folder)).toMatchObject({
      code: 0,
      stdout: 'both/report.html\n',
    });
    const { table, document } = readPage(pageOf('both'));
    const { beside } = conventions('--beside', 'classified');
    const rows = table('Both on the same images, with 95 % intervals').rows;
    const points = beside?.classes.flatMap((c) => [...c.ways.map(({ point }) => point), c.beside.point]) ?? [];
    expect(rows.map((row) => row.slice(3, 5).map(Number))).toEqual(points.map(({ counts }) => [counts.fn, counts.fp]));
    const differences = table('Differences on the same images, the other run minus this one').rows;
    const signed = (x: number) => `${x < 0 ? '-' : x > 0 ? '+' : ''}${four(Math.abs(x))}`;
    const due = beside?.classes.flatMap((c) => [c.aucDifference, ...c.ways.map(({ accuracy }) => accuracy.difference)]);
    expect(differences.map((row) => row[2].split(' ')[0])).toEqual(due?.map((x) => (x === null ? '-' : signed(x))));
    expect(document.querySelector('#told')?.textContent).toContain('Beside classified');
    expect(maskaudit(['report', 'classified', '--beside', 'segmented', '--out', 'turned'], folder).code).toBe(0);
    const turned = readPage(pageOf('turned'));
    expect(turned.tables.has(CAPTION)).toBe(false);
    expect(turned.table('Both on the same images, with 95 % intervals').rows.length).toBeGreaterThan(2);
  });

  it('need two runs with scores', () => {
    expect(maskaudit(['report', 'segmented', '--beside', 'nowhere'], folder).code).toBe(2);
    expect(maskaudit(['report', 'look', '--beside', 'segmented'], folder)).toMatchObject({ code: 2 });
    expect(maskaudit(['report', 'segmented', '--beside', 'look'], folder).stderr).toContain('has no predictions');
  });
});

describe('what is told without the lungs', () => {
  it('stands beside what is told with them, as a table and a plot', () => {
    audit('model/heat.onnx', 'probed', '--card', 'classes=healthy,covid,non-covid', '--probe', 'lungs');
    const { probe, classes } = summaryOf('probed') as Required<Summary>;
    const { table, plot } = readPage(pageOf('probed'));
    const conditions = [probe.intact, probe.withoutLungs, probe.lungsAlone];
    const due = [1, 2].flatMap((c) =>
      conditions.map((of) => {
        const { auc, confidence95, sensitivity, specificity } = of.classes[c];
        const cells = [auc, sensitivity, specificity, of.accuracy].map(four);
        return [classes[c].name, cells[0], confidence95.auc ? range(confidence95.auc) : '–', ...cells.slice(1)];
      }),
    );
    // Blacked-out lungs change what this model says, so that no row stands in for another one.
    expect(new Set(due.map((row) => row.join())).size).toBe(6);
    const { rows } = table('The same images, whole and in part');
    expect(rows.map(([name, , ...cells]) => [name, ...cells])).toEqual(due);
    expect(rows.slice(0, 3).map((row) => row[1])).toEqual(['whole', 'lungs blacked out', 'lungs alone']);
    const [whole, without, alone] = due;
    expect(plot('COVID-19: AUC with its 95 % interval').alt).toBe(
      `COVID-19: AUC with its 95 % interval: whole ${whole[1]}, lungs blacked out ${without[1]}, lungs alone ${alone[1]}`,
    );
  });
});

describe('one image of a classifier, printed', () => {
  it('has its heat in characters, and says where the model gives none', () => {
    const [image] = worstMiss('before');
    const other = image.replace(/[^/]*$/, '');
    const show = (run: string) => maskaudit(['show', run, `${other}${HOSTILE}`], folder).stdout;
    expect(show('classified')).toMatch(/^heat of \S+/m);
    expect(show('classified')).toContain('8 the most');
    expect(show('cold')).toContain('the model gives no heat maps');
  });
});
