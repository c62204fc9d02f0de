import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/pipeline/training/assessment.js';
import type { TrainEvent, TrainPlan } from '../../../src/pipeline/training/train-events.js';
import type { TrainResult } from '../../../src/pipeline/training/train-request.js';
import { trainingVerdict } from '../../../src/pipeline/words/training-verdict.js';
import { colours } from '../../../src/ui/colours.js';
import { trainRemarks } from '../../../src/ui/training/train-lines.js';
import { trainReporter } from '../../../src/ui/training/train-reporter.js';
import { type TrainFacts, trainSummary } from '../../../src/ui/training/train-summary.js';
import { madeClass, madeEpoch, madeSplit } from '../../pipeline/training/made-history.js';
import { FakeStream } from '../fake-stream.js';

const PLAN: TrainPlan = {
  task: 'segmentation',
  ...{ classes: ['background', 'lung', 'covid'], classWeights: [0.25, 1.5, 12345], weightsFrom: 'medianFrequency' },
  ...{ trainPixels: [100, 20, 3], train: 1200, val: 300, examples: 1400, leftOut: { train: 1, val: 0 } },
  ...{ epochs: 3, steps: 175, batch: 8, monitor: 'val_mean_dice' },
};
const INFO = {
  engine: 'tensorflow',
  version: 'TensorFlow 2.21.0',
  device: 'cpu',
  parameters: 3000,
  trainableParameters: 1000,
};

const progress = (step: number, change = {}): TrainEvent => ({
  type: 'progress',
  progress: {
    ...{ pass: 'train', epoch: 2, step, steps: 175, loss: 0.5, meanLoss: 0.43216, learningRate: 0.001 },
    work: { done: 1700 + 8 * step, total: 5100, measured: 8 * step, elapsedMs: 1000 * step },
    memoryBytes: 1.26e9,
    ...change,
  },
});

const NEVER = { smoothed: 1, truthImages: 0, truthPixels: 0, predictedPixels: 0, emptyPerfect: 300 };
const result = (change: Partial<TrainResult> = {}): TrainResult => {
  const history = [madeEpoch(1, 0.4, 0.3), madeEpoch(2, 0.6, 0.5), madeEpoch(3, 0.8, 0.45)];
  return {
    ...{
      folder: '/here/run',
      end: 'epochs',
      history,
      best: 1,
      models: ['/here/run/model/model.json', '/here/run/model.onnx'],
    },
    monitor: { name: 'val_mean_dice', values: [0.3, 0.5, 0.45] },
    ...{ trainer: INFO, counts: [], findings: [], seconds: 754 },
    ...change,
  };
};
const facts = (change: Partial<TrainFacts> = {}): TrainFacts => ({
  ...{ root: '/here/set', argv: ['train', 'set', '--epochs', '3'], testSplit: 'test', epochs: 3, titles: {} },
  ...{ cwd: '/here', columns: 80, colours: colours(false) },
  ...change,
});

describe('what a training says', () => {
  it('says what it trains on, with which weights', () => {
    expect(trainRemarks({ type: 'plan', plan: PLAN })).toEqual([
      "trains on 1,200 images (shown as 1,400), validates on 300: 3 epochs of 175 steps of 8; 1 image can't be used",
      'class weights (medianFrequency): background 0.25, lung 1.5, covid 12,345',
    ]);
    expect(trainRemarks({ type: 'trainer', info: INFO, network: 'small-unet' })).toEqual([
      'small-unet on tensorflow (TensorFlow 2.21.0, cpu): 3,000 weights, 1,000 of them learn',
    ]);
  });

  it('says the naive score beside the honest one where they differ, and only there', () => {
    const val = madeSplit([madeClass('lung', 0.8, { smoothed: 0.805 }), madeClass('covid', null, NEVER)]);
    const [line] = trainRemarks({ type: 'epoch', log: madeEpoch(2, 0.6, val), epochs: 3, best: true, seconds: 9 });
    expect(line).toContain(
      'epoch 2/3: loss 0.5, validation 0.5; mean Dice 0.6000, validation 0.8000 (smoothed 0.9025)',
    );
    expect(line).toContain('IoU lung 0.8000, covid undefined (smoothed 1.0000); best so far');
  });

  it("says in a classifier's closing words how it answers, thresholds and all, in lines that a terminal has room for", () => {
    const classes = ['healthy', 'covid', 'non-covid'].map((key, index) => ({ index, key, name: key, aliases: [] }));
    const labels = Array.from({ length: 30 }, (_, i) => i % 3);
    // Right in two of three images, so that there is a temperature.
    const probabilities = Float32Array.from(
      labels.flatMap((label, i) => classes.map(({ index }) => (index === (i % 9 < 6 ? label : 1) ? 0.75 : 0.125))),
    );
    const classification = assess(classes, { labels, probabilities }, { 1: 0.9, 2: 0.5 });
    const lines = trainSummary(result({ classification }), facts());
    expect(lines.length).toBeLessThanOrEqual(12);
    for (const line of lines.filter((one) => !/^(Files|Next):/.test(one))) expect(line.length).toBeLessThanOrEqual(80);
    const words = lines.join(' ');
    expect(words).toMatch(/Answers: temperature \d\.\d+: calibration error 0\.\d{4}, with it 0\.\d{4}; covid from/);
    for (const { class: key, given } of classification.operatingPoints) {
      expect(words).toMatch(
        new RegExp(
          `${key} from [\\d.]+ on: sensitivity [\\d.]+ \\([\\d.-]+\\), specificity ${given!.specificity!.toFixed(4)}`,
        ),
      );
    }
  });

  it('makes data safe to show', () => {
    const [line] = trainRemarks({ type: 'note', message: 'a\u001b[31mb' });
    expect(line).not.toContain('\u001b');
  });

  it.each([
    ['line by line', false, /^epoch 2\/3, step 1\/175: loss 0\.4322.*rate 0\.001, 1\.3 GB$/m],
    ['over and over', true, /\repoch 2\/3, step 1\/175: loss 0\.4322/],
  ])('shows steps %s', async (_, isTTY, due) => {
    const [stdout, stderr] = [new FakeStream(), new FakeStream()];
    Object.assign(stderr, { isTTY, columns: 100 });
    let now = 0;
    const streams = { stdout: stdout.asOutput(), stderr: stderr.asOutput() };
    const reporter = trainReporter({ format: 'text', quiet: false, ...streams, env: {}, now: () => now });
    reporter.event({ type: 'plan', plan: PLAN });
    for (let step = 1; step <= 30; step++, now += 1000) reporter.event(progress(step));
    await reporter.close();
    expect(stderr.text).toMatch(due);
    expect(stderr.text.match(/epoch 2\/3, step/g)).toHaveLength(isTTY ? 30 : 2);
    expect(stderr.text).toContain('8.0 images/s, 7 min');
    expect(stdout.text).toBe('');
  });

  it('gives every event as a line of JSON, and nothing else on stdout', async () => {
    const [stdout, stderr] = [new FakeStream(), new FakeStream()];
    const streams = { stdout: stdout.asOutput(), stderr: stderr.asOutput() };
    const reporter = trainReporter({ format: 'ndjson', quiet: true, ...streams, env: {} });
    reporter.event({ type: 'plan', plan: PLAN });
    reporter.event(progress(1));
    reporter.result(result(), { root: '/here/set', argv: [], titles: {}, cwd: '/here', trainingJson: '{}\n' });
    await reporter.close();
    expect(
      stdout.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['plan', 'progress']);
    expect(stderr.text).toBe('');
  });
});

describe('the closing words', () => {
  it('are at most 12 lines, the verdict first and the next command last', () => {
    const lines = trainSummary(result(), facts());
    expect(lines).toEqual([
      'Mean Dice 0.5000 in validation, lung the weakest class with an IoU of 0.5000',
      '(epoch 2 of 3).',
      '3 epochs, 12 min 34 s; tensorflow (TensorFlow 2.21.0) on cpu',
      'class  images  train IoU  val IoU  smoothed  val Dice',
      'lung        5     0.6000   0.5000    0.5000    0.5000',
      'covid       5     0.6000   0.5000    0.5000    0.5000',
      'Files: run (model/, model.onnx, report.html, metrics.csv, training.json, tensorboard/)',
      'Next:  maskaudit audit set --model run/model.onnx --split test',
    ]);
  });

  it('stay within 12 lines whatever there is', () => {
    const classes = Array.from({ length: 30 }, (_, i) => madeClass(`class${i}`, i / 30, { predictedPixels: 0 }));
    const split = madeSplit(classes);
    const counts = [1, 2, 3, 4, 5].map((n) => ({ rule: `T00${n}`, severity: 'warning' as const, findings: n }));
    const lines = trainSummary(
      result({ history: [madeEpoch(1, split, split)], best: 0, counts }),
      facts({ columns: 60 }),
    );
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toMatch(/^Next: /);
    expect(lines.some((line) => /^class0 /.test(line))).toBe(true);
    expect(lines.some((line) => /^\+ 2\d more in training\.json$/.test(line))).toBe(true);
  });

  it('begin with a class whose score says nothing', () => {
    const val = madeSplit([madeClass('lung', 0.8), madeClass('covid', null, NEVER)], { images: 300 });
    expect(trainingVerdict(result({ history: [madeEpoch(1, 0.5, val)], best: 0 }), 3)).toBe(
      'covid never reached the validation (its smoothed IoU of 1.0000 is made of 300 empty images). ' +
        'Mean Dice 0.8000 in validation, lung the weakest class with an IoU of 0.8000 (epoch 1 of 1).',
    );
  });

  it('begin with a class that is predicted nowhere', () => {
    const silent = madeClass('covid', 0, { smoothed: 0.5, predictedPixels: 0, emptyPerfect: 5 });
    const val = madeSplit([madeClass('lung', 0.8), silent]);
    expect(trainingVerdict(result({ history: [madeEpoch(1, 0.5, val)], best: 0 }), 3)).toMatch(
      /^covid is predicted nowhere in validation: its IoU is 0\.0000, of which smoothing would make 0\.5000\. Mean Dice/,
    );
  });

  it('of an interrupted training say how to go on', () => {
    const lines = trainSummary(result({ end: 'interrupted', models: [] }), facts());
    expect(lines[0]).toMatch(/^Interrupted after 3 of 3 epochs\./);
    expect(lines.at(-1)).toBe('Next:  maskaudit train set --epochs 3 --out run --resume');
    expect(trainingVerdict(result({ end: 'interrupted', history: [], best: null }), 3)).toBe(
      'Interrupted after 0 of 3 epochs. No epoch was finished.',
    );
  });
});
