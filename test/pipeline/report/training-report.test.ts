import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPhantom } from '../../../src/pipeline/run-phantom.js';
import { runReport } from '../../../src/pipeline/run-report.js';
import { runTrain } from '../../../src/pipeline/run-train.js';
import type { TrainRequest } from '../../../src/pipeline/training/train-request.js';
import { makeFolder, maskaudit, removeFolder } from '../../commands/program.js';
import { afterwards, inTerminal } from '../../commands/terminal.js';
import { fakeTrainer } from '../training/fake-trainer.js';
import { madeRequest } from '../training/made-request.js';
import { readPage } from './read-page.js';

const MODELS = path.resolve(import.meta.dirname, '../../../fixtures/model');

let folder: string;
const below = (...names: string[]) => path.join(folder, ...names);

/** Trains with a fake; the model that it writes is a real one for these classes. */
async function train(out: string, change: Partial<TrainRequest> = {}, stopAt = 0): Promise<void> {
  const stop = new AbortController();
  const onStep = (step: number) => void (step === stopAt && stop.abort());
  await runTrain(
    madeRequest(below('set'), below(out), change),
    { signal: stop.signal, emit() {} },
    {
      openTrainer: async (options) => fakeTrainer(options, { onStep }),
      encoderWeights: async () => [],
      writeModels(to) {
        const names = ['unet-small.onnx', 'unet-small.onnx.maskaudit.json'];
        const files = ['model.onnx', 'model.onnx.maskaudit.json'].map((name) => path.join(to, name));
        names.forEach((name, i) => {
          copyFileSync(path.join(MODELS, name), files[i]);
        });
        return [files[0]];
      },
    },
  );
}

beforeAll(async () => {
  folder = makeFolder();
  await runPhantom({ dir: below('set'), images: 60, seed: 4, size: 64, jobs: 1 });
  await train('run', { epochs: 5, classWeights: [0.1, 3, 10, 3] });
  await train('stopped', { epochs: 5 }, 3);
}, 120_000);
afterAll(() => removeFolder(folder));

const text = (...names: string[]) => readFileSync(below(...names), 'utf8');
const pageOf = (run: string) => readPage(text(run, 'report.html'));

/** metrics.csv as a function of the epoch's place and the column. */
function metrics(run: string) {
  const [header, ...rows] = text(run, 'metrics.csv')
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  return {
    epochs: rows.length,
    cell(place: number, column: string): number | null {
      expect(header).toContain(column);
      const field = rows[place][header.indexOf(column)];
      return field === '' ? null : Number(field);
    },
  };
}

const four = (x: number | null) => (x === null ? '–' : x.toFixed(4));
const digits = (x: number | null) => (x === null ? '–' : String(Number(x.toPrecision(4))));

/** Points of a plot's drawn line by the stroke that tells it apart, in pixels. */
function strokes(run: string, caption: string): { dashes: string; points: [number, number][] }[] {
  const { all } = pageOf(run);
  const figure = all('figure.plot').find((one) => one.querySelector('figcaption')?.textContent === caption);
  if (!figure) throw new Error(`no plot "${caption}"`);
  return all('g[aria-label="line"]', figure).map((group) => ({
    dashes: group.getAttribute('stroke-dasharray') ?? 'none',
    points: all('path', group).flatMap((one) =>
      (one.getAttribute('d') ?? '')
        .split(/[ML]/)
        .slice(1)
        .map((pair) => pair.split(',').map(Number) as [number, number]),
    ),
  }));
}

describe('the report of a training', () => {
  it('has in its table of epochs what metrics.csv has', () => {
    const { table } = pageOf('run');
    const { heads, rows } = table('Every epoch');
    const { cell, epochs } = metrics('run');
    expect(epochs).toBe(5);
    expect(rows).toHaveLength(epochs);
    const columns: [head: string, column: string, shown: (x: number | null) => string][] = [
      ['Rate', 'learning_rate', digits],
      ['Loss, training', 'train_loss', digits],
      ['Loss, validation', 'val_loss', digits],
      ['Accuracy, training', 'train_accuracy', four],
      ['Accuracy, validation', 'val_accuracy', four],
      ['Mean Dice, training', 'train_mean_dice', four],
      ['Mean Dice, validation', 'val_mean_dice', four],
      ['Mean Dice, smoothed', 'val_mean_dice_smoothed', four],
      ...[
        ['Healthy lung', 'lung'],
        ['COVID-19', 'covid'],
        ['Non-COVID infection', 'non-covid'],
      ].flatMap(([name, key]): [string, string, (x: number | null) => string][] => [
        [`IoU ${name}, training`, `train_iou_${key}`, four],
        [`IoU ${name}, validation`, `val_iou_${key}`, four],
        [`IoU ${name}, smoothed`, `val_iou_smoothed_${key}`, four],
      ]),
    ];
    expect(heads).toEqual(['Epoch', ...columns.map(([head]) => head)]);
    rows.forEach((row, place) => {
      expect(row.slice(1)).toEqual(columns.map(([, column, shown]) => shown(cell(place, column))));
    });
  });

  it.each([
    ['Mean Dice', 'mean_dice'],
    ['IoU of COVID-19', 'iou_covid'],
    ['Dice of Healthy lung', 'dice_lung'],
    ['Pixel accuracy', 'accuracy'],
    ['Loss', 'loss'],
  ])('draws %s as metrics.csv has it', (caption, column) => {
    const { cell, epochs } = metrics('run');
    const drawn = strokes('run', caption);
    const values = (split: string) => Array.from({ length: epochs }, (_, i) => cell(i, `${split}_${column}`) as number);
    const curves = [
      ['none', values('val')],
      ['6 3', values('train')],
    ] as const;
    // One linear map takes all values to heights: it is found from the extremes and must hold for every point.
    const pairs = curves.flatMap(([dashes, ys]) => {
      const { points } = drawn.find((one) => one.dashes === dashes) ?? { points: [] };
      expect(points).toHaveLength(epochs);
      points.slice(1).forEach(([x], i) => {
        expect(x).toBeGreaterThan(points[i][0]);
      });
      return points.map(([, y], i) => [ys[i], y] as const);
    });
    const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
    const [least, most] = [sorted[0], sorted[sorted.length - 1]];
    expect(most[0]).toBeGreaterThan(least[0]);
    expect(most[1]).toBeLessThan(least[1]);
    for (const [value, y] of pairs) {
      const share = (value - least[0]) / (most[0] - least[0]);
      expect(Math.abs(least[1] + share * (most[1] - least[1]) - y)).toBeLessThan(0.5);
    }
  });

  it('says what came of each class, and the best epoch in every convention', () => {
    const { all, table } = pageOf('run');
    const { bestEpoch, epochs } = JSON.parse(text('run', 'training.json'));
    const { val } = epochs[bestEpoch - 1];
    expect(all('.verdicts li')).toHaveLength(3);
    for (const { key, iou } of val.classes.slice(1)) {
      const sentence = all('.verdicts li').find((one) => one.textContent.startsWith(`${key}:`));
      expect(sentence?.textContent).toContain(`IoU ${four(iou.pooled)}`);
    }
    const { heads, rows } = table('IoU of each class by every convention');
    expect(rows.slice(0, 4).map((row) => row.slice(1))).toEqual(
      val.classes.map(({ iou }: { iou: Record<string, number | null> }) =>
        heads.slice(1).map((name) => four(iou[name])),
      ),
    );
    expect(table('Honest beside naive').rows.map((row) => row.slice(1, 4))).toEqual(
      val.classes.map(({ iou, emptyPerfect }: { iou: Record<string, number>; emptyPerfect: number }) => [
        four(iou.pooled),
        four(iou.imageMeanSmoothed),
        String(emptyPerfect),
      ]),
    );
  });

  it('has the weights that were used, with what they make of the loss', () => {
    const { rows } = pageOf('run').table('Classes of the training split');
    const { trainPixels } = JSON.parse(text('run', 'training.json')).plan;
    expect(rows.map((row) => row[1])).toEqual(['0.1', '3', '10', '3']);
    expect(rows.map((row) => Number(row[2].replaceAll(',', '')))).toEqual(trainPixels);
    const weighted = [0.1, 3, 10, 3].map((weight, c) => weight * trainPixels[c]);
    const all = weighted.reduce((a, b) => a + b);
    rows.forEach((row, c) => {
      expect(Number.parseFloat(row[4])).toBeCloseTo((100 * weighted[c]) / all, 0);
    });
    expect(
      pageOf('stopped')
        .table('Classes of the training split')
        .rows.map((row) => row[1]),
    ).toEqual(['–', '–', '–', '–']);
  });

  it('shows positive validation images with truth, prediction and difference', () => {
    const { all } = pageOf('run');
    const cases = all('#predictions .case');
    expect(cases.length).toBeGreaterThan(3);
    const shown = cases.map((one) => one.querySelector('.path')?.textContent ?? '');
    const covid = text('run', 'audit', 'covid.csv')
      .split('\r\n')
      .map((line) => line.split(','));
    const positives = covid
      .filter(([, split, , pixels]) => split === 'val' && Number(pixels) > 0)
      .map(([image]) => image);
    expect(shown.filter((image) => image.includes('/COVID-19/')).sort()).toEqual(positives.slice().sort());
    for (const one of cases) {
      expect(all('.panel svg', one)).toHaveLength(4);
      expect(one.querySelector('[aria-label^="Truth: "]')?.querySelector('path')).not.toBeNull();
      expect(one.querySelector('[aria-label^="Prediction: "]')).not.toBeNull();
      expect(one.querySelector('.note')).toBeNull();
      // The pixels of truth are those of the audit: hit and missed come to them.
      const image = one.querySelector('.path')?.textContent;
      const [hit, missed] = [/([\d,]+) px hit/, /([\d,]+) px missed/].map((pattern) =>
        Number(pattern.exec(one.textContent)?.[1].replaceAll(',', '')),
      );
      const row = covid.find(([name]) => name === image);
      if (image?.includes('/COVID-19/')) expect(hit + missed).toBe(Number(row?.[3]));
    }
  });

  it('has the findings of the rules about training, with what they mean', () => {
    cpSync(below('run'), below('found'), { recursive: true });
    const training = JSON.parse(text('found', 'training.json'));
    const finding = {
      rule: 'T004',
      severity: 'warning',
      image: '',
      split: 'val',
      source: '',
      class: 'covid',
      value: 1,
    };
    training.findings = [{ ...finding, message: 'made of 8 empty images', path: '', relatedPath: '' }];
    writeFileSync(below('found', 'training.json'), JSON.stringify(training));
    return runReport({ run: below('found'), out: null, beside: null }).then(() => {
      const { all, table } = pageOf('found');
      expect(table('Findings by rule').rows).toEqual([
        ['T004', expect.stringContaining('warning'), '1', 'A validation IoU of 1 that empty masks made'],
      ]);
      expect(table('First findings of T004').rows).toEqual([['validation', 'covid', '1', 'made of 8 empty images']]);
      expect(all('#T004 details')).toHaveLength(1);
    });
  });

  it('draws the smoothed score where it is another one than the pooled', async () => {
    const dashes = (run: string) => strokes(run, 'IoU of COVID-19').map((one) => one.dashes);
    for (const [name, smoothed] of [
      ['naive', 0.5],
      ['honest', 0.1],
    ] as const) {
      cpSync(below('run'), below(name), { recursive: true });
      const training = JSON.parse(text(name, 'training.json'));
      for (const { val } of training.epochs)
        Object.assign(val.classes[2].iou, { pooled: 0.1, imageMeanSmoothed: smoothed });
      writeFileSync(below(name, 'training.json'), JSON.stringify(training));
      await runReport({ run: below(name), out: null, beside: null });
    }
    expect(dashes('naive')).toEqual(['1.5 3', '6 3', 'none']);
    expect(dashes('honest')).toEqual(['6 3', 'none']);
  });

  it('says of an interrupted training that it is not the whole, and has no picture of it', () => {
    const { all } = pageOf('stopped');
    expect(all('.banner').map((one) => one.textContent)).toEqual([expect.stringContaining('--resume')]);
    expect(all('.verdict')[0].textContent).toBe('Interrupted after 0 of 5 epochs. No epoch was finished.');
    expect(all('#predictions .note').map((one) => one.textContent)).toEqual([
      'No model was written that could predict.',
    ]);
    expect(all('#curves')).toEqual([]);
  });

  it('needs no script and no network, and hostile names are text', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'`--><script>alert(2)</script>\u202e';
    cpSync(below('run'), below('evil'), { recursive: true });
    const training = text('evil', 'training.json').replaceAll('"covid"', JSON.stringify(evil));
    writeFileSync(below('evil', 'training.json'), training.replace('"fake"', JSON.stringify(evil)));
    const facts = JSON.parse(text('evil', 'run.json'));
    facts.options.dataset.classes[2] = { ...facts.options.dataset.classes[2], key: evil, name: evil };
    facts.options.encoderWeights = { file: evil };
    facts.inputs.dataset = `/data/${evil.replaceAll('/', '')}`;
    facts.argv = ['train', evil];
    writeFileSync(below('evil', 'run.json'), JSON.stringify(facts));
    await runReport({ run: below('evil'), out: null, beside: null });
    const page = text('evil', 'report.html');
    const { all } = readPage(page);
    expect(all('script,img,iframe,object,embed,link,form,base')).toEqual([]);
    expect(page).not.toContain('\u202e');
    for (const one of all('*')) {
      for (const { name, value } of one.attributes) {
        expect(name).not.toMatch(/^on/i);
        if (name === 'href') expect(value).toMatch(/^(#|data:image\/png;base64,)/);
      }
    }
    expect(all('title')[0].textContent).toContain('<script>alert(2)<script>');
    expect(all('[http-equiv]').map((one) => one.getAttribute('content'))).toEqual([
      expect.stringMatching(/^default-src 'none'; img-src data:;/),
    ]);
  });

  it('comes out of the folder with the same bytes, wherever that lies', async () => {
    const page = text('run', 'report.html');
    cpSync(below('run'), below('moved'), { recursive: true });
    rmSync(below('moved', 'report.html'));
    expect(await runReport({ run: below('moved'), out: below('elsewhere'), beside: null })).toBe(
      below('elsewhere', 'report.html'),
    );
    expect(text('elsewhere', 'report.html')).toBe(page);
  });

  it('says beside a picture what is gone, and is written all the same', async () => {
    cpSync(below('run'), below('bare'), { recursive: true });
    renameSync(below('bare', 'model.onnx'), below('bare', 'other.onnx'));
    await runReport({ run: below('bare'), out: null, beside: null });
    const { all } = pageOf('bare');
    expect(
      all('#predictions .note')
        .map((one) => one.textContent)
        .join(),
    ).toMatch(/model\.onnx/);
    expect(all('#curves figure.plot')).toHaveLength(9);
  });
});

describe('the commands on a training', () => {
  it('report writes it and prints where', () => {
    const { code, stdout, stderr } = maskaudit(['report', 'run', '--out', 'again'], folder);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'again/report.html\n', stderr: '' });
  });

  it('show prints its closing words where there is no terminal, and training.json', () => {
    const { code, stdout } = maskaudit(['show', 'run'], folder);
    expect(code).toBe(0);
    const { bestEpoch, epochs } = JSON.parse(text('run', 'training.json'));
    expect(stdout).toContain(`Mean Dice ${four(epochs[bestEpoch - 1].val.meanDice.pooled)} in validation`);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Next:  maskaudit audit set --model run/model.onnx --split test');
    expect(maskaudit(['show', 'run', '--format', 'json'], folder).stdout).toBe(text('run', 'training.json'));
  });

  it('show has its curves on a terminal, in whatever window, until q', () => {
    const { status, output, steps_left } = inTerminal(['show', 'run'], folder, [
      { until: 'IoU covid', send: 'z', pause: 0.2 },
      { until: 'more curves', send: '2', pause: 0.2 },
      { until: 'Epoch 5', resize: [40, 12] },
      { until: '1', resize: [200, 60] },
      { until: 'Training pixels', send: '?' },
      { until: 'Keys', send: 'q' },
    ]);
    expect({ status, steps_left }).toEqual({ status: 0, steps_left: 0 });
    expect(afterwards(output)).toBe('');
  });

  it('say what is wrong with one that has not ended, and with an image of one', () => {
    mkdirSync(below('going', 'audit'), { recursive: true });
    for (const command of ['show', 'report']) {
      const { code, stderr } = maskaudit([command, 'going'], folder);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/going is a training that has not ended: training\.json is written at its end/),
      });
    }
    const { code, stderr } = maskaudit(['show', 'run', 'Test/COVID-19/images/covid_1'], folder);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/run is a training, which keeps no image/),
    });
  });
});
