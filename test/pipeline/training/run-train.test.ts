import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError, WorkError } from '../../../src/pipeline/errors.js';
import { runPhantom } from '../../../src/pipeline/run-phantom.js';
import { runTrain } from '../../../src/pipeline/run-train.js';
import { NO_AUGMENTATION } from '../../../src/pipeline/training/data/augmentation.js';
import { readTensors } from '../../../src/pipeline/training/safetensors.js';
import type { TrainEvent } from '../../../src/pipeline/training/train-events.js';
import type { TrainRequest } from '../../../src/pipeline/training/train-request.js';
import type { TrainerOptions } from '../../../src/pipeline/training/trainer.js';
import { makeFolder, removeFolder } from '../../commands/program.js';
import { type FakeOptions, fakeTrainer } from './fake-trainer.js';

let folder: string;
beforeAll(async () => {
  folder = makeFolder();
  const common = { images: 40, seed: 4, size: 64, jobs: 1 };
  await runPhantom({ ...common, dir: path.join(folder, 'set') });
  await runPhantom({ ...common, dir: path.join(folder, 'lost'), faults: ['L003'] });
  await runPhantom({ ...common, dir: path.join(folder, 'copies'), faults: ['D007'] });
});
afterAll(() => removeFolder(folder));

const NETWORK = { architecture: 'small-unet', height: 32, width: 32, channels: 1, decoder: 'upsample' } as const;

let runs = 0;
const request = (change: Partial<TrainRequest> = {}, set = 'set'): TrainRequest => ({
  ...{ task: 'segmentation', root: path.join(folder, set), layout: 'auto', subset: null, config: {} },
  ...{ resplit: false, force: false, preprocess: null, encoderWeights: 'none', freeze: 'none', unfreeze: [] },
  network: NETWORK,
  loss: { terms: [{ weight: 1, kind: 'cross-entropy', classWeights: null, normalise: 'weights' }] },
  ...{ classWeights: 'none', optimizer: { kind: 'adam', clipNorm: null }, epochs: 2, batch: 4 },
  schedule: { kind: 'cosine', rate: 0.01, warmUp: 2, every: 1, factor: 0.1 },
  ...{ monitor: 'val_mean_dice', earlyStopping: null, oversample: {}, crop: { share: 1, classes: [] } },
  augmentation: { ...NO_AUGMENTATION, flip: 'horizontal', rotate: 10 },
  ...{ seed: 3, jobs: 2, device: 'cpu', out: path.join(folder, `run${runs++}`), resume: false },
  ...{ select: null, ignore: [], severity: {}, argv: ['train'] },
  ...change,
});

/** Trains with a fake, and gathers what it was asked and what was said. */
async function train(
  given: TrainRequest,
  { signal = new AbortController().signal, ...fake }: FakeOptions & { signal?: AbortSignal } = {},
) {
  const events: TrainEvent[] = [];
  const asked: TrainerOptions[] = [];
  const trainers: ReturnType<typeof fakeTrainer>[] = [];
  const ended = await runTrain(
    given,
    { signal, emit: (event) => void events.push(event) },
    {
      async openTrainer(options) {
        asked.push(options);
        trainers.push(fakeTrainer(options, fake));
        return trainers.at(-1)!;
      },
      encoderWeights: async (choice) => [{ name: choice, shape: [], values: new Float32Array(1) }],
      writeModels(to, _, card) {
        writeFileSync(path.join(to, 'model.onnx'), JSON.stringify(card));
        return [path.join(to, 'model.onnx')];
      },
    },
  ).catch((error: Error) => error);
  const notes = events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  const plan = events.flatMap((event) => (event.type === 'plan' ? [event.plan] : []))[0];
  return { ended, events, asked, trainers, notes, plan, out: given.out };
}

const text = (out: string, name: string) => readFileSync(path.join(out, name), 'utf8');
const rows = (out: string) =>
  text(out, 'metrics.csv')
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));

describe('a training', () => {
  it('audits, trains, and writes all that it promises', async () => {
    const { ended, out, plan, trainers, events } = await train(request());
    if (ended instanceof Error || ended === null) throw ended;
    expect(ended).toMatchObject({ end: 'epochs', best: 1, models: [path.join(out, 'model.onnx')] });
    expect(plan).toMatchObject({ train: 26, val: 6, examples: 26, steps: 7, classWeights: null });
    expect(readdirSync(out).sort()).toEqual([
      ...[
        'audit',
        'checkpoints',
        'findings.csv',
        'metrics.csv',
        'model.onnx',
        'run.json',
        'tensorboard',
        'training.json',
      ],
    ]);
    const [header, ...epochs] = rows(out);
    expect(header.slice(0, 5)).toEqual(['epoch', 'step', 'learning_rate', 'train_loss', 'val_loss']);
    expect(header).toContain('val_iou_smoothed_covid');
    expect(epochs.map(([epoch, step]) => [epoch, step])).toEqual([
      ['1', '7'],
      ['2', '14'],
    ]);
    const training = JSON.parse(text(out, 'training.json'));
    expect(Number(epochs[1][header.indexOf('val_mean_dice')])).toBe(training.epochs[1].val.meanDice.pooled);
    expect(training).toMatchObject({ schema: 1, end: 'epochs', bestEpoch: 2 });
    expect(JSON.parse(text(out, 'model.onnx'))).toEqual({
      description: 'small-unet, trained by maskaudit',
      ...{ size: [32, 32], channels: 1, preprocess: 'unit', resize: 'bilinear', output: 'softmax' },
      classes: ['background', 'lung', 'covid', 'non-covid'],
    });
    expect(JSON.parse(text(out, 'run.json'))).toMatchObject({ command: 'train', interrupted: false });
    expect(trainers[0].calls.at(-1)).toBe('close');
    expect(existsSync(path.join(out, 'audit/summary.json'))).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'finished' });
  });

  it.each([3, 7, 9])(
    'stopped in step %i and resumed, it leaves the same files as one that never stopped',
    async (at) => {
      const [whole, begun] = [request({ epochs: 3 }), request({ epochs: 3 })];
      await train(whole);
      const stop = new AbortController();
      const first = await train(begun, { signal: stop.signal, onStep: (step) => step === at && stop.abort() });
      expect(first.ended).toMatchObject({ end: 'interrupted', models: [] });
      expect(JSON.parse(text(begun.out, 'run.json'))).toMatchObject({ interrupted: true });
      const second = await train({ ...begun, resume: true, jobs: 1 });
      expect(second.ended).toMatchObject({ end: 'epochs' });
      for (const name of ['metrics.csv', 'findings.csv', 'training.json', 'model.onnx']) {
        expect(text(begun.out, name)).toBe(text(whole.out, name));
      }
      const tensors = (out: string) => readTensors(path.join(out, 'checkpoints/last.safetensors')).tensors;
      expect(tensors(begun.out)).toEqual(tensors(whole.out));
    },
  );

  it('exports the best epoch, not the last', async () => {
    const { ended, trainers } = await train(request({ epochs: 3, monitor: 'train_loss' }));
    if (ended instanceof Error || ended === null) throw ended;
    const losses = ended.history.map((log) => log.train.loss as number);
    const best = losses.indexOf(Math.min(...losses));
    expect(ended.best).toBe(best);
    expect(trainers[0].calls.at(-2)).toBe(`layers of step ${7 * (best + 1)}`);
  });

  it('a loss that is no number keeps the epoch before', async () => {
    const given = request({ epochs: 3 });
    const { ended, out } = await train(given, { nanAt: [10] });
    expect(ended).toBeInstanceOf(WorkError);
    expect(text(out, 'findings.csv')).toContain('T001,warning');
    expect(rows(out)).toHaveLength(2);
    const resumed = await train({ ...given, resume: true, schedule: { ...given.schedule, rate: 1e-4 } });
    expect(resumed.ended).toMatchObject({ end: 'epochs' });
    expect(rows(out)).toHaveLength(4);
  });
});

describe('class weights', () => {
  it('are made of what the training split holds', async () => {
    const { asked, plan, out } = await train(request({ epochs: 1, classWeights: 'inverseFrequency' }));
    const { splits } = JSON.parse(text(path.join(out, 'audit'), 'summary.json'));
    const due = splits.train.classes.map(
      (of: { weights: { inverseFrequency: number } }) => of.weights.inverseFrequency,
    );
    expect(plan.classWeights).toEqual(due);
    expect(asked[0].loss.terms[0]).toMatchObject({ classWeights: due, normalise: 'weights' });
  });

  it('of another number than the classes are refused, with the classes', async () => {
    const { ended, out } = await train(request({ classWeights: [0.1, 3, 10] }));
    expect(ended).toBeInstanceOf(UsageError);
    expect((ended as Error).message).toBe(
      '--class-weights 0.1,3,10: 3 weights for 4 classes; one each of background, lung, covid, non-covid is needed, in that order',
    );
    expect(existsSync(out)).toBe(false);
  });

  it('say of a class that never occurs that it can not be learned', async () => {
    const { notes, plan, events } = await train(
      request({ epochs: 1, classWeights: 'medianFrequency', config: { nonCovid: 'none' } }),
    );
    expect(notes).toContain("non-covid is in no training image: it can't be learned; its weight is 0");
    expect(plan.classWeights?.[3]).toBe(0);
    const rules = events.flatMap((event) =>
      event.type === 'finding' ? [`${event.finding.rule} ${event.finding.class}`] : [],
    );
    expect(rules).toEqual(expect.arrayContaining(['T002 non-covid', 'T004 non-covid']));
  });
});

describe('the data', () => {
  it('with errors stops a training, unless it is forced', async () => {
    const { ended, asked } = await train(request({}, 'lost'));
    expect(ended).toBeInstanceOf(WorkError);
    expect((ended as Error).message).toMatch(/the data has \d+ errors? \(.*L003 \d+.*audit\/findings\.csv.*--force/);
    expect(asked).toEqual([]);
    const forced = await train(request({ force: true, epochs: 1 }, 'lost'));
    expect(forced.ended).toMatchObject({ end: 'epochs' });
    expect(forced.notes.join()).toContain('trained on all the same (--force)');
  });

  it('split anew has no duplicates over its splits, and says that it is', async () => {
    const refused = await train(request({}, 'copies'));
    expect((refused.ended as Error).message).toContain('D007');
    const { ended, notes, plan, out } = await train(request({ resplit: true, epochs: 1 }, 'copies'));
    expect(ended).toMatchObject({ end: 'epochs' });
    expect(notes.join()).toContain('split anew (--resplit)');
    expect(plan.train + plan.val).toBeLessThan(40);
    expect(plan.train).toBeGreaterThan(20);
    const splits = text(out, 'splits.csv').trim().split('\r\n').slice(1);
    expect(splits.filter((line) => line.endsWith(',train'))).toHaveLength(plan.train);
  });

  it('without a split is refused with those that are there', async () => {
    const root = path.join(folder, 'train-only');
    await runPhantom({ dir: root, images: 10, seed: 1, size: 64, jobs: 1 });
    const val = path.join(root, 'Infection Segmentation Data', 'Val');
    rmSync(val, { recursive: true });
    const { ended } = await train(request({}, 'train-only'));
    expect(ended).toBeInstanceOf(UsageError);
    expect((ended as Error).message).toMatch(/the split val is not there: this dataset has .*train \d.*--resplit/);
    for (const source of ['COVID-19', 'Non-COVID', 'Normal'])
      mkdirSync(path.join(val, source, 'images'), { recursive: true });
    expect((await train(request({}, 'train-only'))).ended).toMatchObject({
      message: expect.stringContaining('val is empty'),
    });
  });
});

describe('a call that is wrong is refused before anything is written', () => {
  it.each<[string, Partial<TrainRequest>, RegExp]>([
    ['monitor', { monitor: 'val_iou_covd' }, /--monitor val_iou_covd: no such score.*val_iou_covid/],
    ['oversampling', { oversample: { covd: 3 } }, /--oversample: unknown class "covd"/],
    ['crop class', { crop: { share: 0.5, classes: ['9'] } }, /--crop-class: unknown class "9"/],
    ['size', { network: { ...NETWORK, width: 40 } }, /width is 40.*multiples of 16/],
    ['freezing', { freeze: 'until:conv9' }, /freeze until:conv9.*encoder1/],
    ['unfreezing', { unfreeze: [{ epoch: 9, freeze: 'until:conv9' }] }, /until:conv9/],
    ['resuming', { resume: true }, /nothing to resume/],
  ])('%s', async (_, change, message) => {
    const { ended, out } = await train(request(change));
    expect(ended).toBeInstanceOf(UsageError);
    expect((ended as Error).message).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  it('a folder that holds a training', async () => {
    const given = request({ epochs: 1 });
    await train(given);
    expect((await train(given)).ended).toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('--resume'),
    });
    expect((await train({ ...given, resume: true, batch: 5 })).ended).toMatchObject({
      ...{ name: 'UsageError', message: expect.stringContaining('batch was 4, now 5') },
    });
  });
});

describe('the encoder', () => {
  it('begins with the weights that were named, and with what they were trained on', async () => {
    const network = { ...NETWORK, architecture: 'unet-resnet50' as const, channels: 3 as const };
    const given = request({ network, encoderWeights: 'imagenet', epochs: 1 });
    const { asked, out } = await train(given);
    expect(asked[0].encoderWeights?.[0].name).toBe('imagenet');
    expect(JSON.parse(text(out, 'model.onnx'))).toMatchObject({ preprocess: 'resnet50-caffe', channels: 3 });
    const resumed = await train({ ...given, resume: true, epochs: 2 });
    expect(resumed.asked[0].encoderWeights).toBeNull();
  });
});

it('interrupted while the data is audited, it begins with the first step when it is resumed', async () => {
  const given = request({ epochs: 1 });
  const stop = new AbortController();
  stop.abort();
  const { ended, asked } = await train(given, { signal: stop.signal });
  expect(ended).toBeNull();
  expect(asked).toEqual([]);
  const resumed = await train({ ...given, resume: true });
  expect(resumed.ended).toMatchObject({ end: 'epochs' });
  expect(resumed.notes.join()).toContain('had saved no step yet');
});
