import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/pipeline/png/encode.js';
import { openRun } from '../../../src/pipeline/viewing/run.js';
import { makeFolder, maskaudit, removeFolder, watched } from '../../commands/program.js';
import { readPage } from './read-page.js';

let folder: string;
const below = (...names: string[]) => path.join(folder, ...names);
const pageOf = (run: string) => readFileSync(below(run, 'report.html'), 'utf8');
const run = (args: string[]) => {
  const { code, stderr } = maskaudit([...args, '--quiet', '--fail-on', 'none'], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
};

/** Bars are as long as their figures say, to a hundredth of the longest; those of nothing have no length. */
function expectProportional(lengths: number[], figures: number[]): void {
  expect(lengths).toHaveLength(figures.length);
  const [longest, most] = [Math.max(...lengths), Math.max(...figures)];
  expect(most).toBeGreaterThan(0);
  lengths.forEach((length, i) => {
    expect(Math.abs(length / longest - figures[i] / most)).toBeLessThan(0.01);
    expect(length > 0).toBe(figures[i] > 0);
  });
}

beforeAll(() => {
  folder = makeFolder();
  const phantom = [
    'phantom',
    'set',
    '--images',
    '90',
    '--size',
    '64',
    '--seed',
    '5',
    '--faults',
    'D001,D003,L006,L008',
  ];
  const errors = ['--predictions', 'pred', '--miss-rate', '.3', '--false-alarm-rate', '.3', '--disjoint-rate', '.2'];
  expect(maskaudit([...phantom, ...errors], folder).code).toBe(0);
  run(['audit', 'set', '--predictions', 'pred', '--out', 'audit']);
  run(['audit', 'set', '--predictions', 'pred', '--out', 'a', '--shard', '1/2']);
  run(['audit', 'set', '--predictions', 'pred', '--out', 'b', '--shard', '2/2']);
  run(['merge', 'a', 'b', '--out', 'merged']);
  run(['stats', 'set', '--out', 'stats']);
});
afterAll(() => removeFolder(folder));

// Formats of the page, spelled out once more.
const four = (x: number | null) => (x === null ? '–' : x.toFixed(4));
const whole = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const range = (of: [number, number] | null) => (of === null ? '–' : `${four(of[0])}-${four(of[1])}`);
/** A percentage of the page says a share to its last digit. */
function expectShare(cell: string, share: number | null): void {
  if (share === null) {
    expect(cell).toBe('–');
    return;
  }
  const found = /^(<|>)?(\d+(?:\.(\d+))?) %$/.exec(cell);
  expect(found, cell).not.toBeNull();
  if (found?.[1]) return;
  const digits = found?.[3]?.length ?? 0;
  expect(Math.abs(Number(found?.[2]) - share * 100)).toBeLessThanOrEqual(0.5001 * 10 ** -digits);
  expect(cell === '0 %').toBe(share === 0);
  expect(cell === '100 %').toBe(share === 1);
}

/** The page without what says how and when it was made. */
const lasting = (page: string): string =>
  page
    .replace(/<tr><th scope="row">(Started|Command)<[\s\S]*?<\/tr>/g, '')
    .replaceAll(/\d{4}-\d\d-\d\d/g, '')
    .replaceAll(/\s+/g, ' ');

describe('the figures of the page are those of summary.json', () => {
  const CONVENTIONS = ['pooled', 'imageMean', 'imageMeanTruth', 'imageMeanSmoothed', 'batchSmoothed', 'absentAsZero'];

  it.each(['audit', 'merged', 'a'])('in every table of scores (%s)', (name) => {
    const { table } = readPage(pageOf(name));
    const summary = JSON.parse(readFileSync(below(name, 'summary.json'), 'utf8'));
    const headline = table('Honest beside naive');
    expect(headline.rows).toHaveLength(4);
    expect(headline.heads).toEqual([
      'Class',
      'IoU, pooled',
      'IoU, smoothed mean',
      'Inflation',
      'Free perfect scores',
      'IoU, 95\u00a0% interval',
      'Dice, pooled',
      'Sensitivity',
      'Sensitivity, 95\u00a0% interval',
    ]);
    for (const [i, c] of summary.classes.entries()) {
      const { hit, miss, disjoint } = c.outcomes;
      const found = hit + miss + disjoint === 0 ? null : hit / (hit + miss + disjoint);
      const inflation = c.inflation === null ? '–' : c.inflation.toFixed(4).replace('-', '−');
      expect(headline.rows[i]).toEqual([
        c.name,
        four(c.iou.pooled),
        four(c.iou.imageMeanSmoothed),
        inflation === '−0.0000' ? '0.0000' : inflation.replace(/^(?=\d)(?!0\.0000)/, '+'),
        whole(c.emptyPerfect),
        range(c.confidence95.pooledIou),
        four(c.dice.pooled),
        four(found),
        range(c.confidence95.sensitivity),
      ]);
    }
    for (const [measure, caption, means] of [
      ['iou', 'IoU of each class by every convention', summary.meanIou],
      ['dice', 'Dice of each class by every convention', summary.meanDice],
    ]) {
      const { heads, rows } = table(caption);
      expect(heads.slice(1)).toEqual(CONVENTIONS);
      summary.classes.forEach((c: Record<string, Record<string, number | null>>, i: number) => {
        expect(rows[i].slice(1)).toEqual(CONVENTIONS.map((convention) => four(c[measure][convention])));
      });
      for (const [row, mean] of [
        [rows[4], means.all],
        [rows[5], means.foreground],
      ]) {
        expect(row.slice(1)).toEqual(CONVENTIONS.map((key) => `${four(mean[key])} (${mean.classes[key]})`));
      }
    }
    const confusion = table('Pixels of the scored images: rows annotated, columns predicted');
    expect(confusion.rows.map((row) => row.slice(1))).toEqual(summary.confusion.map((row: number[]) => row.map(whole)));
  });

  it.each(['audit', 'stats'])('in the tables of balance, outcomes, groups and weights (%s)', (name) => {
    const { table, tables } = readPage(pageOf(name));
    const summary = JSON.parse(readFileSync(below(name, 'summary.json'), 'utf8'));
    const balance = table('Annotated pixels and images of each class').rows;
    const weights = table('Proposed weights').rows;
    const loss = table('Share of the loss that each class gets').rows;
    const steps = table('Pixels at each step').rows;
    for (const [i, c] of summary.classes.entries()) {
      expect([balance[i][1], balance[i][3]]).toEqual([whole(c.truth.pixels), whole(c.truth.images)]);
      expectShare(balance[i][2], c.truth.pixelShare);
      expectShare(balance[i][4], c.truth.imageShare);
      expect(steps[i].slice(1, 3)).toEqual([whole(c.path.raw), whole(c.path.encoded)]);
      const formulas = ['inverseFrequency', 'medianFrequency', 'effectiveNumber', 'enetLog'];
      formulas.forEach((formula, f) => {
        const weight = c.weights[formula];
        if (weight === null) expect(weights[i][f + 1]).toBe('–');
        else expect(Number(weights[i][f + 1].replaceAll(',', '')) / weight).toBeCloseTo(1, 3);
      });
      ['none', ...formulas].forEach((formula, f) => {
        expectShare(loss[i][f + 1], c.lossShare[formula]);
      });
    }
    expect(tables.has('Images by outcome')).toBe(name === 'audit');
    if (name === 'audit') {
      const outcomes = table('Images by outcome');
      for (const [i, c] of summary.classes.entries()) {
        expect(outcomes.rows[i].slice(1)).toEqual(
          outcomes.heads.slice(1).map((head) => whole(c.outcomes[head.replace(' ', '_')])),
        );
      }
    }
    const groups = table('Each class in each split and source').rows;
    const named = [
      ...Object.entries(summary.splits).map(([key, group]) => ({ name: `split ${key}`, group })),
      ...Object.entries(summary.sources).map(([key, group]) => ({ name: `source ${key}`, group })),
    ] as { name: string; group: typeof summary }[];
    expect(groups).toHaveLength(named.length * 3);
    for (const [g, { name: title, group }] of named.entries()) {
      for (const c of group.classes.slice(1)) {
        const row = groups[g * 3 + c.index - 1];
        expect(row.slice(0, 3)).toEqual([title, c.name, whole(group.images)]);
        expectShare(row[3], c.truth.imageShare);
        expectShare(row[4], c.truth.pixelShare);
        if (name === 'stats') continue;
        const { hit, miss, disjoint, false_alarm: alarms } = c.outcomes;
        expect(row.slice(5, 7)).toEqual([four(c.iou.pooled), range(c.confidence95.pooledIou)]);
        expect(row[7]).toMatch(new RegExp(`^${hit} of ${hit + miss + disjoint}( |$)`));
        expect(row[8]).toBe(whole(alarms));
      }
    }
  });

  it('in the plots: bars of balance and outcomes, and the distribution of IoU', () => {
    const { plot } = readPage(pageOf('audit'));
    const summary = JSON.parse(readFileSync(below('audit', 'summary.json'), 'utf8'));
    for (const [caption, key] of [
      ['Share of all pixels', 'pixelShare'],
      ['Share of the images that have it', 'imageShare'],
    ]) {
      const shares = summary.classes.map(({ truth }: { truth: Record<string, number> }) => truth[key]);
      expectProportional(
        plot(caption).bars.map(({ width }) => width),
        shares,
      );
    }
    const drawn = ['hit', 'miss', 'disjoint', 'false_alarm'];
    const { bars, alt } = plot('Images with the class in truth or prediction');
    const foreground = summary.classes.slice(1);
    expect(bars.map(({ fill }) => fill)).toEqual(foreground.flatMap(() => drawn));
    expectProportional(
      bars.map(({ width }) => width),
      foreground.flatMap(({ outcomes }: { outcomes: Record<string, number> }) => drawn.map((key) => outcomes[key])),
    );
    for (const { name, outcomes: o } of foreground) {
      expect(alt).toContain(
        `${name}: hit ${o.hit}, miss ${o.miss}, disjoint ${o.disjoint}, false alarm ${o.false_alarm}`,
      );
    }
    const [, ...rows] = readFileSync(below('audit', 'covid.csv'), 'utf8').trim().split('\n');
    const overlaps = rows.map((row) => row.split(',')[8]).filter((iou) => Number(iou) > 0);
    const bins = Array.from(
      { length: 20 },
      (_, i) => overlaps.filter((iou) => Math.ceil(Number(iou) * 20) === i + 1).length,
    );
    const { miss, disjoint, false_alarm: alarms } = summary.classes[2].outcomes;
    expectProportional(
      plot('COVID-19: images by IoU').bars.map(({ height }) => height),
      [miss, disjoint, alarms, ...bins],
    );
  });

  it.each(['audit', 'stats'])('in the findings, with the first files of each rule (%s)', (name) => {
    const { table, all } = readPage(pageOf(name));
    const summary = JSON.parse(readFileSync(below(name, 'summary.json'), 'utf8'));
    const rules = table('Findings by rule').rows;
    expect(Object.fromEntries(rules.map(([rule, , findings]) => [rule, Number(findings.replace(',', ''))]))).toEqual(
      summary.findings,
    );
    const { findings, lateFindings } = openRun(below(name));
    const listed = [...findings(lateFindings(summary))];
    for (const [rule] of rules) {
      const shown = table(`First findings of ${rule}`).rows;
      const first = listed.filter((finding) => finding.rule === rule).slice(0, 8);
      expect(shown.map((row) => [row[0], row[1]])).toEqual(
        first.map((finding) => [finding.image || finding.path || 'the whole set', finding.class]),
      );
      expect(all(`#${rule} details`)).toHaveLength(1);
    }
  });
});

describe('the page', () => {
  it.each(['audit', 'merged', 'stats', 'a'])('needs no script and no network, and runs none (%s)', (name) => {
    const page = pageOf(name);
    const { all } = readPage(page);
    expect(all('script,iframe,object,embed,link,form,base,img')).toEqual([]);
    const policy = all('meta').find((meta) => meta.getAttribute('http-equiv') === 'Content-Security-Policy');
    expect(policy?.getAttribute('content')).toMatch(/default-src 'none'/);
    for (const element of all('*')) {
      for (const { name: attribute, value } of element.attributes) {
        expect(attribute).not.toMatch(/^on/i);
        if (/^(xlink:)?(href|src)$/.test(attribute)) expect(value).toMatch(/^(#|data:image\/png;base64,)/);
        expect(value).not.toMatch(/url\((?!#)|javascript:/i);
      }
    }
    expect(page).not.toMatch(/@import|url\((?!#)/);
  });

  it('can be read without seeing it: headings in order, words for every drawing, heads for every column', () => {
    const { all } = readPage(pageOf('audit'));
    const levels = all('h1,h2,h3,h4').map(({ tagName }) => Number(tagName[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => {
      expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
    const drawings = all('svg').filter((svg) => svg.getAttribute('aria-hidden') !== 'true');
    expect(drawings.length).toBeGreaterThan(20);
    for (const svg of drawings) {
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.getAttribute('aria-label')).toMatch(/\S/);
    }
    for (const head of all('thead th')) expect(head.getAttribute('scope')).toBe('col');
    for (const head of all('tbody th')) expect(head.getAttribute('scope')).toBe('row');
    for (const dash of all('abbr')) expect(dash.getAttribute('title')).toMatch(/^undefined: \S/);
    const ids = all('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of all('a,use')) expect(ids).toContain(link.getAttribute('href')?.slice(1));
  });

  it('shows the worst cases as pictures, twelve at most', () => {
    const { all } = readPage(pageOf('audit'));
    const cases = all('figure.case');
    expect(cases.length).toBeGreaterThan(5);
    expect(cases.length).toBeLessThanOrEqual(12);
    for (const one of cases) {
      expect(all('svg', one)).toHaveLength(4);
      expect(one.querySelector('image')?.getAttribute('href')).toMatch(/^data:image\/png;base64,iVBOR/);
    }
    expect(statSync(below('audit', 'report.html')).size).toBeLessThan(2e6);
  });

  it('has no scores where nothing was scored', () => {
    const { document, tables } = readPage(pageOf('stats'));
    for (const id of ['scores', 'outcomes', 'cases']) expect(document.querySelector(`#${id}`)).toBeNull();
    for (const id of ['verdict', 'balance', 'weights', 'findings']) {
      expect(document.querySelector(`#${id}`)).not.toBeNull();
    }
    expect(tables.has('Honest beside naive')).toBe(false);
  });

  it('is a file of the run', () => {
    expect(JSON.parse(readFileSync(below('audit', 'run.json'), 'utf8')).files).toContain('report.html');
  });

  it('of merged shards is that of the whole', () => {
    expect(lasting(pageOf('merged'))).toBe(lasting(pageOf('audit')));
  });

  it('is made again by `report`, the same, also where run.json is lost', () => {
    const { code, stdout } = maskaudit(['report', 'audit', '--out', 'again'], folder);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'again/report.html\n' });
    expect(pageOf('again')).toBe(pageOf('audit'));
    expect(maskaudit(['report', 'nowhere'], folder)).toMatchObject({ code: 2 });
  });

  it('of a journal that was cut off says that it is not the whole', () => {
    const journal = readFileSync(below('audit', 'journal.ndjson'), 'utf8').split('\n').slice(0, 31).join('\n');
    expect(maskaudit(['phantom', 'other', '--images', '3'], folder).code).toBe(0);
    writeFileSync(below('other', 'journal.ndjson.part'), `${journal}\n{"index":`);
    expect(maskaudit(['report', 'other'], folder).code).toBe(0);
    const { document } = readPage(pageOf('other'));
    expect(document.querySelector('.banner')?.textContent).toMatch(/interrupted.*30 of 90 images/);
  });
});

/** A masks dataset: gray squares of 8 pixels, each with its annotation and, where one is given, its prediction. */
function makeSquares(
  at: string,
  images: { name: string; truth: number; predicted?: number }[],
  classes: object[],
): void {
  const write = (file: string, value: number, others: number) => {
    const data = new Uint8Array(64).fill(others).fill(value, 10, 14);
    mkdirSync(path.dirname(below(at, file)), { recursive: true });
    writeFileSync(below(at, file), encodePng({ width: 8, height: 8, data }));
  };
  images.forEach(({ name, truth, predicted }, i) => {
    write(`images/${name}.png`, 200 - (i % 100), 30 + (i % 50));
    write(`masks/${name}.png`, truth, 0);
    if (predicted !== undefined) write(`predicted/${name}.png`, predicted, 0);
  });
  writeFileSync(below(at, 'maskaudit.config.json'), JSON.stringify({ classes }));
}

describe('a page of hostile names', () => {
  const EVIL = '<img src=x onerror=alert(1)>"\'`--><script>alert(2)</script>';
  const names = [
    '<script>alert(1)<script>',
    '"onload=alert(1) x="',
    "' onmouseover='alert(1)",
    'gnp\u202egpj.exe',
    'esc\u001b[31mred',
    '&lt;b&gt;',
    'javascript:alert(1)',
    ']]><!--',
  ];

  it('shows them and lets none of them act', () => {
    const images = names.map((name, i) => ({ name, truth: 1, predicted: i % 2 }));
    makeSquares('evil', images, [{ index: 1, key: 'lesion', name: EVIL }]);
    run([
      'audit',
      'evil',
      '--predictions',
      'evil/predicted',
      '--config',
      'evil/maskaudit.config.json',
      '--out',
      'hostile',
    ]);
    const page = pageOf('hostile');
    const { all, document, table } = readPage(page);
    expect(all('script,img,b,iframe')).toEqual([]);
    for (const element of all('*')) {
      for (const { name } of element.attributes) expect(name).toMatch(/^(?!on)[a-z][a-z0-9:-]*$/i);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be in the page
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    const text = document.querySelector('main')?.textContent ?? '';
    expect(text).toContain('<script>alert(1)<script>');
    expect(text).toContain('"onload=alert(1) x="');
    expect(text).toContain('gnp\\u202egpj.exe');
    expect(text).toContain('esc\\x1b[31mred');
    expect(text).toContain('&lt;b&gt;');
    expect(table('Honest beside naive').rows[1][0]).toBe(EVIL);
    expect(all('figure.case').length).toBeGreaterThan(2);
  });
});

describe('a page of next to nothing', () => {
  it('of one image without the class has dashes that say why, and no NaN', () => {
    makeSquares('one', [{ name: 'a', truth: 0, predicted: 0 }], [{ index: 1, key: 'lesion' }]);
    const config = ['--config', 'one/maskaudit.config.json'];
    run(['audit', 'one', '--predictions', 'one/predicted', ...config, '--out', 'little']);
    run(['stats', 'one', ...config, '--out', 'less']);
    for (const name of ['little', 'less']) {
      const { document, all } = readPage(pageOf(name));
      expect(document.querySelector('body')?.textContent).not.toMatch(/NaN|Infinity|\[object|\bnull\b/);
      for (const cell of all('td,th')) expect(cell.textContent).not.toBe('undefined');
      for (const element of all('svg *')) {
        for (const { value } of element.attributes) expect(value).not.toMatch(/NaN|Infinity/);
      }
      expect(all('abbr').length).toBeGreaterThan(0);
    }
    const { rows } = readPage(pageOf('little')).table('Honest beside naive');
    expect(rows[1].slice(1)).toEqual(['–', '1.0000', '–', '1', '–', '–', '–', '–']);
  });
});

describe('a run that was interrupted', () => {
  it('has a page that says so, and after --resume the page of an uninterrupted run', async () => {
    const images = Array.from({ length: 900 }, (_, i) => ({ name: `i${i}`, truth: i % 3, predicted: (i * 7) % 3 }));
    makeSquares('many', images, [
      { index: 1, key: 'cyst' },
      { index: 2, key: 'node' },
    ]);
    const call = ['audit', 'many', '--predictions', 'many/predicted', '--config', 'many/maskaudit.config.json'];
    const slow = [...call, '--fail-on', 'none', '--jobs', '1', '--out', 'stopped'];
    const stopped = await watched([...slow, '--format', 'ndjson'], folder, (text, kill) => {
      if (text.includes('"type":"progress"')) kill();
    });
    expect(stopped.code).toBe(130);
    const { images: done } = JSON.parse(readFileSync(below('stopped', 'summary.json'), 'utf8'));
    expect(done).toBeLessThan(900);
    const banner = readPage(pageOf('stopped')).document.querySelector('.banner')?.textContent;
    expect(banner).toContain(`interrupted: all figures are about ${done} of 900 images`);
    expect(maskaudit([...slow, '--resume', '--quiet'], folder).code).toBe(0);
    run([...call, '--out', 'straight']);
    expect(lasting(pageOf('stopped'))).toBe(lasting(pageOf('straight')));
    expect(readPage(pageOf('stopped')).document.querySelector('.banner')).toBeNull();
  });
});
