import { describe, expect, it } from 'vitest';
import type { ClassSummary, ProbeFigures, Summary } from '../../src/pipeline/summary.js';
import { displayWidth } from '../../src/ui/display-width.js';
import { SUMMARY_LINES, summaryText } from '../../src/ui/summary-text.js';
import { madeClass, madeOptions, madeResult, madeSummary } from './made-summaries.js';

const error = (rule: string, findings: number) => ({ rule, severity: 'error' as const, findings });
const warning = (rule: string, findings: number) => ({ rule, severity: 'warning' as const, findings });
const info = (rule: string, findings: number) => ({ rule, severity: 'info' as const, findings });

/** Figures in the infection set's proportions: 5,826 images, 2,913 COVID-19, 1,457 Non-COVID. */
const background = madeClass({
  index: 0,
  key: 'background',
  truth: { images: 5826, imageShare: 1, pixels: 297_817_088, pixelShare: 0.78 },
  weights: { inverseFrequency: 0.3205, medianFrequency: 0.2053, effectiveNumber: 0.6301, enetLog: 1.702 },
  lossShare: { none: 0.78, inverseFrequency: 0.25, medianFrequency: null, effectiveNumber: null, enetLog: null },
});
const lung = madeClass({
  index: 1,
  key: 'lung',
  truth: { images: 5826, imageShare: 1, pixels: 50_017_075, pixelShare: 0.131 },
  outcomes: { hit: 5826 },
  iou: { pooled: 0.9431, imageMeanSmoothed: 0.9512 },
  pooledIou: [0.9417, 0.9445],
  inflation: 0.0081,
  weights: { inverseFrequency: 1.908, medianFrequency: 1.222, effectiveNumber: 0.6301, enetLog: 7.121 },
});
const covid = madeClass({
  index: 2,
  key: 'covid',
  truth: { images: 2913, imageShare: 0.5, pixels: 20_006_830, pixelShare: 0.0524 },
  outcomes: { miss: 2913, empty: 2913 },
  iou: { pooled: 0, imageMeanSmoothed: 0.5 },
  pooledIou: [0, 0],
  emptyPerfect: 2913,
  inflation: 0.5,
  weights: { inverseFrequency: 4.771, medianFrequency: 1.527, effectiveNumber: 1.062, enetLog: 14.29 },
  lossShare: { none: 0.0524, inverseFrequency: 0.25, medianFrequency: null, effectiveNumber: null, enetLog: null },
});
const nonCovid = madeClass({
  index: 3,
  key: 'non-covid',
  truth: { images: 1457, imageShare: 0.25, pixels: 13_974_543, pixelShare: 0.0366 },
  outcomes: { hit: 1400, miss: 50, disjoint: 7, false_alarm: 112, empty: 4257 },
  iou: { pooled: 0.7212, imageMeanSmoothed: 0.8893 },
  pooledIou: [0.7011, 0.7398],
  emptyPerfect: 4257,
  inflation: 0.1681,
  weights: { inverseFrequency: 6.831, medianFrequency: 1.093, effectiveNumber: 1.678, enetLog: 18.02 },
});

const text = (...given: Parameters<typeof summaryText>) => summaryText(...given).join('\n');
const whole = madeSummary({ images: 5826, classes: [background, lung, covid, nonCovid] });
const neverCovid = [error('P001', 2963), error('M001', 1), warning('M001', 1), warning('P003', 1204), info('L009', 1)];

describe('with the lungs blacked out', () => {
  const figures = (accuracy: number | null, areas: (number | null)[]) => ({
    accuracy,
    classes: [background, lung, covid, nonCovid].map(
      ({ key }, i) => ({ key, auc: areas[i] }) as ProbeFigures['classes'][number],
    ),
  });
  const probed = (withoutLungs: ProbeFigures) =>
    madeSummary({
      images: 160,
      classes: whole.classes,
      probe: {
        images: 160,
        intact: figures(0.76875, [null, null, 0.9023, 0.9202]),
        withoutLungs,
        lungsAlone: withoutLungs,
      },
    });
  const told = probed(figures(0.44375, [null, null, 0.4928, 0.5429]));
  const line = (summary: Summary, given = {}) =>
    text(madeResult(summary), madeOptions({}, given)).match(/^Without.*?(?=\nclass)/ms)?.[0];

  it('accuracy and AUC stand beside those of whole pictures', () => {
    expect(line(told)).toBe(
      'Without the lungs (with them): accuracy 0.4437 (0.7688); AUC covid 0.4928\n(0.9023), non-covid 0.5429 (0.9202)',
    );
    expect(summaryText(madeResult(told), madeOptions()).length).toBeLessThanOrEqual(SUMMARY_LINES);
    expect(line(told, { classes: ['non-covid'] })).toMatch(/AUC non-covid/);
  });
  it('and undefined stays undefined', () => {
    expect(line(probed(figures(null, [null, null, null, null])))).toBe(
      'Without the lungs (with them): accuracy - (0.7688); AUC undefined, all images\nare of one kind',
    );
  });
});

describe('the verdict comes first, the next command last', () => {
  it('a model that never predicts covid: the pooled score, the misses, and what a smoothed score hides', () => {
    expect(text(madeResult(whole, { counts: neverCovid }), madeOptions())).toBe(
      `\
covid: IoU 0.0000 pooled; none of 2,913 positive images has a predicted covid
pixel. A smoothed score would say 0.5000: 2,913 empty images made it.
5,826 images scored; 2,964 errors, 1,205 warnings, 1 info; onnx on cpu, 47 s
class     images pixels   hit  miss astray alarm    IoU 95 % interval smoothed
lung       5,826 13.1 % 5,826     0      0     0 0.9431 0.9417-0.9445   0.9512
covid      2,913 5.24 %     0 2,913      0     0 0.0000 0.0000-0.0000   0.5000
non-covid  1,457 3.66 % 1,400    50      7   112 0.7212 0.7011-0.7398   0.8893
P001 error   2,963 positive images with no predicted pixel of their class
M001 error       1 a class score that empty masks made
P003 warning 1,204 overlap below the threshold (+ 2 more rules)
Files: runs/audit-1 (summary.json, covid.csv, findings.csv, images.csv)
Next:  maskaudit export runs/audit-1 --class covid`,
    );
  });

  it('a class that was lost: where its pixels went, and that empty images made its score', () => {
    const lost = madeClass({
      index: 2,
      key: 'covid',
      outcomes: { empty: 583 },
      iou: { imageMeanSmoothed: 1, batchSmoothed: 1 },
      emptyPerfect: 583,
      path: { raw: 182_331, encoded: 0, batch: 0 },
    });
    const lungs = { ...lung, truth: { ...lung.truth, images: 583 }, outcomes: { ...lung.outcomes, hit: 583 } };
    const summary = madeSummary({ images: 583, classes: [background, lungs, lost] });
    const counts = [error('L003', 1), error('M001', 1), warning('M002', 1), warning('L001', 583)];
    const message = 'covid: raw 182,331 -> encoded 0 -> in the batch 0 pixels: read with maskEncoding auto instead';
    const examples = [
      {
        rule: 'L003',
        severity: 'error' as const,
        class: 'covid',
        value: 0,
        message,
        image: '',
        split: '',
        source: '',
        path: '',
        relatedPath: '',
      },
    ];
    const options = madeOptions({ config: { maskEncoding: '0-1' } });
    expect(text(madeResult(summary, { counts, examples }), options)).toBe(
      `\
covid never reached the evaluation: 0 of its pixels were scored (raw 182,331 ->
encoded 0: lost by mask encoding 0-1). Its smoothed IoU of 1.0000 is made of 583
empty images.
583 images scored; 2 errors, 584 warnings; onnx 1.30.0 on cpu, unet.onnx, 47 s
class  images  pixels  hit  miss  alarm     IoU  95 % interval  smoothed
lung      583  13.1 %  583     0      0  0.9431  0.9417-0.9445    0.9512
covid       0     0 %    0     0      0       -              -    1.0000
L003 error     1 covid: raw 182,331 -> encoded 0 -> in the batch 0 pixels: read…
M001 error     1 a class score that empty masks made
L001 warning 583 value outside the declared set (+ 1 more rule)
Files: runs/audit-1 (summary.json, covid.csv, findings.csv, images.csv)
Next:  maskaudit explain L003`,
    );
  });

  it('a class whose images were all left unscored is lost too, and at that step', () => {
    const lost = madeClass({ ...covid, outcomes: { unscored: 12, empty: 5 }, emptyPerfect: 5, path: { batch: 0 } });
    const summary = madeSummary({ images: 17, scored: 5, unscored: 12, classes: [background, lost] });
    const lines = summaryText(madeResult(summary, { counts: [error('P007', 12), warning('M002', 1)] }), madeOptions());
    expect(lines.slice(0, 3)).toEqual([
      'covid never reached the evaluation: 0 of its pixels were scored (raw 20,006,830',
      '-> encoded 20,006,830 -> scored 0: no image that has it was scored). Its',
      'smoothed IoU of 0.5000 is made of 5 empty images.',
    ]);
    expect(lines.at(-1)).toBe('Next:  maskaudit explain M002');
  });

  it('of several lost classes the lesions are told first, in their order, and the lung last', () => {
    const gone = (of: typeof covid, raw: number) =>
      madeClass({ ...of, outcomes: { empty: 8 }, emptyPerfect: 8, path: { raw, encoded: 0, batch: 0 } });
    const firstLine = (...classes: (typeof covid)[]) =>
      summaryText(
        madeResult(madeSummary({ images: 8, classes: [background, ...classes] })),
        madeOptions({ config: { maskEncoding: '0-1' } }, { columns: 300 }),
      )[0];
    expect(firstLine(gone(lung, 2000), gone(covid, 192), gone(nonCovid, 720))).toBe(
      'covid never reached the evaluation: 0 of its pixels were scored (raw 192 -> encoded 0: lost by mask encoding 0-1). ' +
        'Its smoothed IoU of 0.5000 is made of 8 empty images. non-covid and lung are lost too.',
    );
    expect(firstLine(gone(lung, 2000), covid, gone(nonCovid, 720))).toMatch(/^non-covid never .* lung is lost too\.$/);
    const many = Array.from({ length: 9 }, (_, i) => gone({ ...covid, index: i + 1, key: `c${i + 1}` }, 10));
    expect(firstLine(...many)).toMatch(/^c1 never .* c2, c3, c4 and 5 more are lost too\.$/);
  });

  it('an encoding that nobody stated is not blamed', () => {
    const lost = madeClass({
      ...covid,
      outcomes: { empty: 5 },
      emptyPerfect: 0,
      path: { raw: 9, encoded: 0, batch: 0 },
    });
    const summary = madeSummary({ images: 5, classes: [background, lost] });
    const first = (config: object) => summaryText(madeResult(summary), madeOptions({ config }, { columns: 200 }))[0];
    expect(first({ maskEncoding: 'auto' })).toContain('(raw 9 -> encoded 0: lost where the masks were read)');
    expect(first({ maskEncoding: 'equals:1' })).toContain('(raw 9 -> encoded 0: lost by mask encoding equals:1)');
  });

  it('a class that the model cannot see for size is lost on the way to it', () => {
    const path = { raw: 9, encoded: 9, resized: 0, batch: 0 };
    const lost = madeClass({ ...covid, outcomes: { empty: 5 }, emptyPerfect: 0, path });
    const summary = madeSummary({ images: 5, classes: [background, lost] });
    expect(summaryText(madeResult(summary), madeOptions({}, { columns: 200 }))[0]).toContain(
      'covid never reached the model: 0 of its pixels are left at its input size ' +
        '(raw 9 -> encoded 9 -> resized 0: lost by resizing to 256x256)',
    );
  });

  it('a clean audit says so', () => {
    const good = madeClass({
      ...covid,
      outcomes: { hit: 2913, empty: 2913 },
      iou: { pooled: 0.8305, imageMeanSmoothed: 0.8821 },
      pooledIou: [0.8211, 0.8402],
      inflation: 0.0516,
    });
    const summary = madeSummary({ images: 5826, classes: [background, lung, good] });
    expect(
      text(
        madeResult(summary),
        madeOptions({ model: null, predictions: '/data/preds' }, { engine: null, classes: ['covid'] }),
      ),
    ).toBe(
      `\
covid: IoU 0.8305 pooled; all 2,913 positive images are hits, no false alarm.
5,826 images scored; no findings; masks of /data/preds, 47 s
class  images  pixels    hit  miss  alarm     IoU  95 % interval  smoothed
covid   2,913  5.24 %  2,913     0      0  0.8305  0.8211-0.8402    0.8821
Files: runs/audit-1 (summary.json, covid.csv, findings.csv, images.csv)
Next:  maskaudit export runs/audit-1 --class covid --all`,
    );
  });

  it('counts each image once: an unreadable one is not unscored beside that', () => {
    const lines = summaryText(madeResult({ ...whole, scored: 5816, unscored: 10, unreadable: 4 }), madeOptions());
    expect(lines.join('\n')).toContain('5,826 images: 5,816 scored, 6 unscored, 4 unreadable; ');
  });

  it('stats speak of balance, imbalance and weights', () => {
    const summary = { ...whole, scored: 0, unscored: 5826, unreadable: 6 };
    const rarest = madeClass({ ...nonCovid, truth: { images: 1457, imageShare: 0.25, pixels: 30_000_000 } });
    const options = madeOptions({ command: 'stats', model: null }, { engine: null, elapsedMs: 2100 });
    const classes = [background, lung, covid, rarest];
    expect(text(madeResult({ ...summary, classes }, { counts: [warning('B002', 2)] }), options)).toBe(
      `\
covid is 5.24 % of the pixels, 14.9 times fewer than background, in 50.0 % of
the images. An inverse-frequency weight of 4.771 gives it 25.0 % of the loss.
5,826 images: 6 unreadable; 2 warnings; annotations alone, 2.1 s
class      images of all      pixels of all weight: inverse median effective
background  5,826  100 % 297,817,088 78.0 %          0.3205 0.2053    0.6301
lung        5,826  100 %  50,017,075 13.1 %           1.908  1.222    0.6301
covid       2,913 50.0 %  20,006,830 5.24 %           4.771  1.527     1.062
non-covid   1,457 25.0 %  30,000,000    0 %           6.831  1.093     1.678
B002 warning 2 imbalance beyond the threshold
Files: runs/audit-1 (summary.json, findings.csv, images.csv)
Next:  maskaudit explain B002`,
    );
  });

  it('stats of a class that the encoding loses', () => {
    const lost = madeClass({ index: 2, key: 'covid', path: { raw: 182_331, encoded: 0, batch: 0 } });
    const summary = madeSummary({ images: 583, scored: 0, unscored: 583, classes: [background, lung, lost] });
    const options = madeOptions({ command: 'stats', model: null, config: { maskEncoding: '0-1' } }, { engine: null });
    const lines = summaryText(madeResult(summary, { counts: [error('L003', 1)] }), options);
    expect(lines.slice(0, 2).join(' ')).toBe(
      'covid would never reach an evaluation: 0 of its pixels are left (raw 182,331 -> encoded 0: ' +
        'lost by mask encoding 0-1).',
    );
    expect(lines.at(-1)).toBe('Next:  maskaudit explain L003');
  });

  it('stats without findings lead on to an audit', () => {
    const options = madeOptions({ command: 'stats', model: null, root: '/home/ada/my data' }, { engine: null });
    expect(summaryText(madeResult(whole), options).at(-1)).toBe("Next:  maskaudit audit 'my data' --predictions DIR");
  });

  it('no image at all', () => {
    expect(text(madeResult(madeSummary({ images: 0, classes: [background, lung] })), madeOptions())).toBe(
      `\
No image was measured.
0 images scored; no findings; onnx 1.30.0 on cpu, unet.onnx, 47 s
Files: runs/audit-1 (summary.json, findings.csv, images.csv)
Next:  maskaudit explain D010`,
    );
  });

  it('annotations of which none could be read', () => {
    const none = madeClass({ index: 1, key: 'lung' });
    none.truth = { pixels: 0, pixelShare: null, images: 0, imageShare: null };
    const summary = madeSummary({ images: 583, scored: 0, unscored: 583, unreadable: 583, classes: [none] });
    const options = madeOptions({ command: 'stats', model: null }, { engine: null });
    const lines = summaryText(madeResult(summary, { counts: [error('D003', 1749)] }), options);
    expect(lines[0]).toBe('None of the 583 images has an annotation that could be read.');
    expect(lines.at(-1)).toBe('Next:  maskaudit explain D003');
  });

  it('predictions that go with no image', () => {
    const summary = madeSummary({ images: 583, scored: 0, unscored: 583, classes: [background, lung, covid] });
    const lines = summaryText(
      madeResult(summary, { counts: [error('P007', 583)] }),
      madeOptions({ model: null, predictions: '/home/ada/preds' }, { engine: null }),
    );
    expect(lines.slice(0, 3)).toEqual([
      'Nothing was scored: none of 583 images has a prediction and annotation that',
      'could be read.',
      '583 images: 0 scored, 583 unscored; 583 errors; masks of preds, 47 s',
    ]);
    expect(lines.at(-1)).toBe('Next:  maskaudit explain P007');
  });

  it('an image is counted in one state: those that could not be read are no more called unscored', () => {
    const summary = { ...whole, scored: 5800, unscored: 26, unreadable: 6 };
    expect(text(madeResult(summary), madeOptions())).toContain('5,800 scored, 20 unscored, 6 unreadable;');
  });

  it('an interrupted run says how far it came and how to go on', () => {
    const summary = { ...whole, images: 120, scored: 120, complete: false };
    const request = { argv: ['--class', 'covid', 'my data', '--model', 'models/unet.onnx'] };
    const lines = summaryText(
      madeResult(summary, { interrupted: true, counts: neverCovid }),
      madeOptions(request, { total: 5826, classes: ['covid'] }),
    );
    expect(lines[2]).toBe('Interrupted after 120 of 5,826 images: all figures are about those.');
    expect(lines.at(-1)).toBe(
      "Next:  maskaudit audit --class covid 'my data' --model models/unet.onnx --out runs/audit-1 --resume",
    );
    expect(lines.length).toBeLessThanOrEqual(SUMMARY_LINES);
  });

  it('a shard leads on to a merge', () => {
    const summary = { ...whole, complete: false };
    const lines = summaryText(madeResult(summary), madeOptions({ shard: { index: 2, count: 3 } }));
    expect(lines).toContain('Shard 2 of 3: all figures are about its images.');
    expect(lines.at(-1)).toBe("Next:  maskaudit merge runs/audit-1 <the other shards' runs> --out DIR");
  });

  it('one image, one positive, one word each', () => {
    const one = madeClass({
      ...covid,
      truth: { images: 1, pixelShare: 0.00001 },
      outcomes: { miss: 1 },
      emptyPerfect: 0,
    });
    expect(
      text(
        madeResult(madeSummary({ images: 1, classes: [background, one] }), { counts: [error('P001', 1)] }),
        madeOptions({}, { elapsedMs: null }),
      ),
    ).toBe(
      `\
covid: IoU 0.0000 pooled; the one positive image has no predicted covid pixel.
1 image scored; 1 error; onnx 1.30.0 on cpu, unet.onnx
class  images   pixels  hit  miss  alarm     IoU  95 % interval  smoothed
covid       1  <0.01 %    0     1      0  0.0000  0.0000-0.0000    0.5000
P001 error 1 positive images with no predicted pixel of their class
Files: runs/audit-1 (summary.json, covid.csv, findings.csv, images.csv)
Next:  maskaudit export runs/audit-1 --class covid`,
    );
  });
});

describe('what the first sentence says of the positive images', () => {
  const first = (outcomes: Partial<ClassSummary['outcomes']>, given: Partial<ClassSummary> = {}) =>
    summaryText(
      madeResult(
        madeSummary({
          images: 100,
          classes: [
            background,
            madeClass({ index: 2, key: 'covid', ...given, iou: given.iou ?? { pooled: 0.5 }, outcomes }),
          ],
        }),
      ),
      madeOptions({}, { columns: 400 }),
    )[0];

  it.each([
    [{ hit: 9, miss: 1 }, 'covid: IoU 0.5000 pooled; 1 of 10 positive images has no predicted covid pixel.'],
    [{ hit: 8, miss: 2 }, 'covid: IoU 0.5000 pooled; 2 of 10 positive images have no predicted covid pixel.'],
    [{ hit: 8, disjoint: 2 }, 'covid: IoU 0.5000 pooled; 2 of 10 positive images are predicted beside the truth only.'],
    [{ hit: 1 }, 'covid: IoU 0.5000 pooled; the one positive image is a hit, no false alarm.'],
    [{ hit: 2, false_alarm: 1 }, 'covid: IoU 0.5000 pooled; all 2 positive images are hits, 1 false alarm.'],
  ])('%o', (outcomes, expected) => {
    expect(first(outcomes)).toBe(expected);
  });

  it('a class with no truth pixel has no score, whatever a smoothed one says', () => {
    const iou = { ...covid.iou, pooled: null, imageMeanSmoothed: 0.98 };
    expect(first({ empty: 98, false_alarm: 2 }, { iou, emptyPerfect: 98 })).toBe(
      'covid has no annotated pixel in 100 scored images, and 2 false alarms: its IoU says nothing. ' +
        'A smoothed score would say 0.9800: 98 empty images made it.',
    );
  });

  it('a smoothed score that beats the pooled one without empty images is not blamed on them', () => {
    const iou = { ...covid.iou, pooled: 0.4, imageMeanSmoothed: 0.7 };
    expect(first({ hit: 100 }, { iou, inflation: 0.3, emptyPerfect: 0 })).not.toContain('empty');
  });

  it('the worst of the classes asked for is spoken of', () => {
    const lines = (classes: string[]) => summaryText(madeResult(whole), madeOptions({}, { classes }))[0];
    expect(lines(['lung', 'non-covid'])).toMatch(/^non-covid: IoU 0\.7212/);
    expect(lines(['lung', 'non-covid', 'covid'])).toMatch(/^covid: IoU 0\.0000/);
  });
});

describe('limits', () => {
  const many = Array.from({ length: 40 }, (_, i) =>
    madeClass({
      index: i + 1,
      key: `structure-${i}`,
      truth: { images: 10, pixels: 100, pixelShare: 0.01 },
      outcomes: { hit: 10 },
      iou: { pooled: 1 - i / 100, imageMeanSmoothed: 1 },
      pooledIou: [0, 1],
    }),
  );
  const rules = Array.from({ length: 30 }, (_, i) => warning(`X${String(i).padStart(3, '0')}`, 30 - i));

  it.each([40, 60, 80, 100])('at most 12 lines; in %i columns all but paths and commands fit', (columns) => {
    for (const classes of [whole.classes, [background, ...many]]) {
      for (const counts of [[], neverCovid, rules]) {
        for (const interrupted of [false, true]) {
          for (const model of [null, '/m.onnx']) {
            const result = madeResult({ ...whole, classes }, { counts, interrupted });
            const lines = summaryText(result, madeOptions({ model }, { columns, total: 6000 }));
            expect(lines.length).toBeLessThanOrEqual(SUMMARY_LINES);
            for (const line of lines) {
              if (!/^(Files|Next|Interrupted)/.test(line))
                expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
            }
          }
        }
      }
    }
  });

  it('of many classes the worst are shown and the rest counted', () => {
    const lines = summaryText(
      madeResult({ ...whole, classes: [background, ...many] }, { counts: rules }),
      madeOptions(),
    );
    expect(lines.filter((line) => line.startsWith('structure')).map((line) => line.split(' ')[0])).toEqual([
      'structure-39:',
      'structure-39',
      'structure-38',
      'structure-37',
    ]);
    expect(lines).toContain('+ 37 more in summary.json');
  });

  it('names from data are shown, never obeyed', () => {
    const key = '\u001b[2J\u202ecovid\n';
    const result = madeResult(madeSummary({ images: 2, classes: [background, madeClass({ ...covid, key })] }), {
      folder: '/home/ada/runs/\u001b[31m',
      counts: [error('P001', 1)],
      examples: [
        {
          rule: 'P001',
          severity: 'error',
          class: key,
          value: 0,
          message: 'max 0.1\r',
          image: 'a\nb',
          split: '',
          source: '',
          path: '',
          relatedPath: '',
        },
      ],
    });
    const lines = summaryText(result, madeOptions({ csv: '/home/ada/\u0007.csv' }));
    expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(lines[0]).toMatch(/^\\x1b\[2J\\u202ecovid\\n: IoU/);
    expect(lines.join('\n')).toContain('a\\nb: max 0.1\\r');
    expect(lines.at(-1)).toBe("Next:  maskaudit export $'runs/\\x1b[31m' --class $'\\x1b[2J\\u202ecovid\\x0a'");
  });

  it('colour adds to words and never changes them', () => {
    const result = madeResult(whole, { counts: neverCovid });
    const plain = text(result, madeOptions());
    const coloured = text(result, madeOptions({}, { colour: true }));
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });
});
