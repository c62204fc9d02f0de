import { describe, expect, it } from 'vitest';
import { type DatasetSpec, DEFAULT_THRESHOLDS } from '../../../src/pipeline/dataset/dataset.js';
import { startSummary } from '../../../src/pipeline/metrics/summary.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { chooseCases, startReportTally } from '../../../src/pipeline/report/figures.js';
import { reportPage } from '../../../src/pipeline/report/page.js';
import { openPlots } from '../../../src/pipeline/report/plot.js';
import type { JournalHeader } from '../../../src/pipeline/sinks/journal.js';
import type { RunFacts } from '../../../src/pipeline/sinks/manifest.js';

const classes = ['background', 'lung', 'covid'].map((key, index) => ({ index, key, name: key, aliases: [] }));
const dataset: DatasetSpec = {
  layout: 'masks',
  subset: 'infection',
  classes,
  ignoreIndex: null,
  nonCovid: 'lung',
  maskEncoding: 'auto',
  patient: null,
  thresholds: DEFAULT_THRESHOLDS,
};

/** Records of 100 x 100 pixels with some covid in truth and prediction; the same ones every time. */
function records(count: number): ImageRecord[] {
  let state = 11;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, (_, index) => {
    const tp = next(3) * next(900);
    const [fp, fn] = [next(2) * next(400), next(2) * next(400)];
    const confusion = [5000, 0, 0, 0, 5000 - tp - fp - fn, fp, 0, fn, tp];
    const image = `${'folder with a long name/'.repeat(4)}image ${index}`;
    return {
      ...{ index, image, split: index % 3 ? 'train' : 'test', source: '', status: 'scored', width: 100, height: 100 },
      ...{ imagePath: `${image}.png`, truthPath: '', predictionPath: '', maxProbability: null, confusion },
      truth: [5000, 5000 - tp - fn, tp + fn],
    };
  });
}

describe('what is gathered for the report', () => {
  it('counts every hit in the bin of its IoU, and every annotated image in that of its area', () => {
    const all = records(3000);
    const tally = startReportTally(dataset);
    for (const record of all) tally.add(record);
    const iouBins = new Array(20).fill(0);
    const areaBins = new Array(7).fill(0);
    for (const { confusion, truth } of all) {
      const [fp, fn, tp] = [confusion?.[5], confusion?.[7], confusion?.[8]] as number[];
      const iou = tp / (tp + fp + fn);
      const bin = Array.from({ length: 20 }, (_, b) => b).find((b) => iou > b / 20 && iou <= (b + 1) / 20);
      if (tp > 0) iouBins[bin as number]++;
      const area = (truth as number[])[2] / 10_000;
      if (area > 0) areaBins[[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1].findIndex((edge) => area <= edge)]++;
    }
    expect(tally.figures.classes[2].iouBins).toEqual(iouBins);
    expect(tally.figures.classes[2].areaBins).toEqual(areaBins);
  });

  it('keeps the worst of each kind, of equals the first', () => {
    const all = records(3000);
    const tally = startReportTally(dataset);
    for (const record of all) tally.add(record);
    const wrong = ({ confusion }: ImageRecord) => (confusion?.[5] ?? 0) + (confusion?.[7] ?? 0);
    const has = ({ confusion }: ImageRecord, tp: boolean, fp: boolean, fn: boolean) =>
      confusion !== null && confusion[8] > 0 === tp && confusion[5] > 0 === fp && confusion[7] > 0 === fn;
    const worst = (of: ImageRecord[]) => of.sort((a, b) => wrong(b) - wrong(a) || a.index - b.index).slice(0, 4);
    const { cases } = tally.figures.classes[2];
    const indices = (kind: keyof typeof cases) => cases[kind].map(({ record }) => record.index);
    const expected = (...of: [boolean, boolean, boolean]) =>
      worst(all.filter((record) => has(record, ...of))).map(({ index }) => index);
    expect(indices('miss')).toEqual(expected(false, false, true));
    expect(indices('disjoint')).toEqual(expected(false, true, true));
    expect(indices('false_alarm')).toEqual(expected(false, true, false));
    expect(cases.hit.every(({ iou }, i) => i === 0 || iou >= cases.hit[i - 1].iou)).toBe(true);
    const chosen = chooseCases(tally.figures, [1, 2], { perClass: 4, total: 5 });
    expect(chosen.flatMap((of) => of.cases)).toHaveLength(5);
    expect(chosen.find(({ index }) => index === 2)?.cases.map(({ kind }) => kind)).toContain('miss');
  });

  it('makes a page of less than a megabyte of 34,000 images and 100,000 findings, before its pictures', async () => {
    const tally = startReportTally(dataset);
    const summary = startSummary({ dataset, metricBatch: 32, seed: 0 });
    for (const record of records(34_000)) {
      tally.add(record);
      summary.add(record);
      for (const rule of ['P001', 'P003', 'L008']) {
        const { image, split, source, imagePath } = record;
        const finding = {
          rule,
          severity: 'warning' as const,
          class: 'covid',
          value: 1,
          path: imagePath,
          relatedPath: '',
        };
        tally.addFinding({ ...finding, image, split, source, message: `something about ${image}` });
      }
    }
    const header = {
      ...{ journal: 1, command: 'audit', root: '/data', dataset, splits: null, classes: ['lung', 'covid'] },
      ...{ limit: null, shard: null, images: 34_000, model: null, card: {}, predictions: '/predictions' },
      ...{ rules: ['P001'], severity: {}, metricBatch: 32, seed: 0, layoutFindings: [] },
    } as JournalHeader;
    const facts: RunFacts = {
      ...{
        schema: 1 as const,
        command: 'audit',
        argv: [],
        version: '0',
        node: '',
        platform: '',
        inputs: {},
        options: {},
      },
      ...{ engine: null, images: { selected: 34_000, done: 34_000, resumed: 0 }, interrupted: false, startedAt: '' },
    };
    const whole = { schema: 1, complete: true, ...summary.finish(), findings: {} } as const;
    const input = { header, summary: whole, figures: tally.figures, facts };
    const page = reportPage(input, await openPlots(), { cases: [], notes: [] });
    expect(page.length).toBeLessThan(1e6);
    expect(page).toContain('and 33,992 more in findings.csv');
  });
});
