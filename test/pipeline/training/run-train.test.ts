import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError, WorkError } from '../../../src/pipeline/errors.js';
import { encodePng } from '../../../src/pipeline/png/encode.js';
import { runPhantom } from '../../../src/pipeline/run-phantom.js';
import { runTrain } from '../../../src/pipeline/run-train.js';
import { readJournal } from '../../../src/pipeline/sinks/journal.js';
import { readTensors } from '../../../src/pipeline/training/safetensors.js';
import type { TrainEvent } from '../../../src/pipeline/training/train-events.js';
import type { TrainRequest } from '../../../src/pipeline/training/train-request.js';
import type { TrainerOptions } from '../../../src/pipeline/training/trainer.js';
import { makeFolder, removeFolder, write } from '../../commands/program.js';
import { type FakeOptions, fakeTrainer } from './fake-trainer.js';
import { madeRequest, NETWORK } from './made-request.js';

const DICE = { weight: 1, kind: 'dice', over: 'batch', background: false, smooth: 1 } as const;

let folder: string;
beforeAll(async () => {
  folder = makeFolder();
  const common = { images: 40, seed: 4, size: 64, jobs: 1 };
  await runPhantom({ ...common, dir: path.join(folder, 'set') });
  await runPhantom({ ...common, dir: path.join(folder, 'lost'), faults: ['L003'] });
  await runPhantom({ ...common, dir: path.join(folder, 'copies'), faults: ['D007'] });
});
afterAll(() => removeFolder(folder));

let runs = 0;
const request = (change: Partial<TrainRequest> = {}, set = 'set'): TrainRequest =>
  madeRequest(path.join(folder, set), path.join(folder, `run${runs++}`), change);

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
        'report.html',
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

  it('says that what is frozen was never trained, where no weights are given', async () => {
    const said = async (change: Partial<TrainRequest>) => (await train(request(change))).notes.join();
    expect(await said({ freeze: 'encoder' })).toContain('keeps weights that were drawn');
    expect(await said({ freeze: 'encoder', encoderWeights: 'imagenet' })).not.toContain('nobody trained them');
    expect(await said({})).not.toContain('nobody trained them');
  });
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

describe('a classifier', () => {
  const CNN = { ...NETWORK, architecture: 'small-cnn', decoder: null } as const;
  const classifying = (change: Partial<TrainRequest> = {}, set = 'set') =>
    request({ task: 'classification', network: CNN, monitor: 'val_auc', ...change }, set);

  it('learns one label an image, by the folder, and says what it is worth', async () => {
    const { ended, out, plan, asked } = await train(classifying({ sensitivities: { covid: 0.9 }, epochs: 3 }));
    if (ended instanceof Error || ended === null) throw ended;
    expect(asked[0]).toMatchObject({ architecture: 'small-cnn', classes: 3 });
    expect(plan).toMatchObject({
      task: 'classification',
      classes: ['healthy', 'covid', 'non-covid'],
      train: 26,
      val: 6,
    });
    expect(plan.trainPixels.reduce((sum, images) => sum + images, 0)).toBe(26);
    const [header, ...epochs] = rows(out);
    expect(header.filter((column) => column.includes('auc'))).toEqual([
      ...['val_auc', 'val_auc_healthy', 'val_auc_covid', 'val_auc_non-covid'],
    ]);
    for (const name of [
      'accuracy',
      'mean_f1',
      'f1_covid',
      'sensitivity_covid',
      'specificity_covid',
      'precision_covid',
    ]) {
      expect(header).toEqual(expect.arrayContaining([`train_${name}`, `val_${name}`]));
    }
    const training = JSON.parse(text(out, 'training.json'));
    const aucs = epochs.map((row) => Number(row[header.indexOf('val_auc')]));
    expect(training.bestEpoch).toBe(1 + aucs.indexOf(Math.max(...aucs)));
    const { classification } = training;
    expect(classification).toMatchObject({ images: 6, operatingPoints: [{ class: 'covid', wanted: 0.9 }] });
    const [{ threshold, given }] = classification.operatingPoints;
    expect(given.sensitivity).toBeGreaterThanOrEqual(0.9);
    const { temperature } = classification;
    expect(JSON.parse(text(out, 'model.onnx'))).toEqual({
      description: 'small-cnn, trained by maskaudit',
      ...{ size: [32, 32], channels: 1, preprocess: 'unit', resize: 'bilinear', output: 'softmax' },
      ...{ task: 'classification', outputName: 'probabilities', heatOutput: 'heat' },
      classes: ['healthy', 'covid', 'non-covid'],
      ...(temperature !== null && { temperature }),
      decide: { covid: threshold },
    });
    const { header: journal } = readJournal(path.join(out, 'audit'));
    expect(journal.dataset.classes.map(({ key }) => key)).toEqual(['healthy', 'covid', 'non-covid']);
  });

  it('stopped and resumed, leaves the same files as one that never stopped', async () => {
    const [whole, begun] = [0, 1].map(() => classifying({ epochs: 3, sensitivities: { covid: 0.8 } }));
    await train(whole);
    const stop = new AbortController();
    const first = await train(begun, { signal: stop.signal, onStep: (step) => step === 9 && stop.abort() });
    expect(first.ended).toMatchObject({ end: 'interrupted', models: [] });
    expect(JSON.parse(text(begun.out, 'training.json'))).not.toHaveProperty('classification');
    await train({ ...begun, resume: true, jobs: 1 });
    for (const name of ['metrics.csv', 'training.json', 'model.onnx']) {
      expect(text(begun.out, name)).toBe(text(whole.out, name));
    }
  });

  it('has class weights by the number of images', async () => {
    const { asked, plan } = await train(classifying({ epochs: 1, classWeights: 'medianFrequency' }));
    const [healthy, covid, non] = plan.trainPixels;
    const median = [healthy, covid, non].sort((a, b) => a - b)[1];
    expect(plan.classWeights).toEqual([healthy, covid, non].map((images) => median / 26 / (images / 26)));
    expect(new Set(plan.classWeights).size).toBeGreaterThan(1);
    expect(asked[0].loss.terms[0]).toMatchObject({ classWeights: plan.classWeights });
  });

  it('needs no mask where folders say what an image is of', async () => {
    const root = path.join(folder, 'no-masks');
    await runPhantom({ dir: root, images: 40, seed: 4, size: 64, jobs: 1 });
    for (const split of ['Train', 'Val']) {
      for (const source of ['COVID-19', 'Non-COVID', 'Normal']) {
        const of = path.join(root, 'Infection Segmentation Data', split, source);
        rmSync(path.join(of, 'infection masks'), { recursive: true });
        for (const name of readdirSync(path.join(of, 'lung masks')))
          writeFileSync(path.join(of, 'lung masks', name), 'x');
      }
    }
    const { ended, plan } = await train(classifying({ epochs: 1 }, 'no-masks'));
    expect(ended).toMatchObject({ end: 'epochs' });
    expect(plan).toMatchObject({ train: 26, val: 6, leftOut: { train: 0, val: 0 } });
  });

  /** A copy of the set without the images of some sources in some splits. */
  function without(name: string, splits: readonly string[], sources: readonly string[]): string {
    cpSync(path.join(folder, 'set'), path.join(folder, name), { recursive: true });
    const gone = splits.flatMap((split) => sources.map((source) => path.join(split, source)));
    for (const each of gone) {
      rmSync(path.join(folder, name, 'Infection Segmentation Data', each), { recursive: true });
    }
    return name;
  }
  const classesOf = (events: TrainEvent[], rule: string) =>
    events.flatMap((event) => (event.type === 'finding' && event.finding.rule === rule ? [event.finding.class] : []));

  it('of images that are all of one class has no area under a curve, and says what it can not learn', async () => {
    const set = without('one-class', ['Train', 'Val', 'Test'], ['Normal', 'Non-COVID']);
    const { ended, notes, events, out } = await train(classifying({ sensitivities: { healthy: 0.9 } }, set));
    expect(ended).toMatchObject({ end: 'epochs', best: 1, monitor: { values: [null, null] } });
    for (const key of ['healthy', 'non-covid'])
      expect(notes).toContain(`${key} is in no training image: it can't be learned`);
    expect(notes).toContain('healthy is in no validation image: no threshold could be chosen for it');
    expect(classesOf(events, 'T002')).toEqual(['healthy', 'non-covid']);
    const [header, ...epochs] = rows(out);
    for (const row of epochs) {
      for (const [at, column] of header.entries()) if (column.includes('auc')) expect(row[at]).toBe('');
      expect(row.join()).not.toMatch(/NaN|Infinity/);
    }
    const { classes } = JSON.parse(text(out, 'training.json')).classification;
    expect(classes.map(({ auc }: { auc: number | null }) => auc)).toEqual([null, null, null]);
    expect(classes[0]).toMatchObject({ sensitivity: null, counts: { tp: 0, fn: 0 } });
    expect(JSON.parse(text(out, 'model.onnx'))).not.toHaveProperty('decide');
  });

  it('gives a class that is in no training image no weight, and says so, and scores it all the same', async () => {
    const set = without('no-pneumonia', ['Train'], ['Non-COVID']);
    const { asked, notes, events, plan, out } = await train(
      classifying({ classWeights: 'inverseFrequency', epochs: 1 }, set),
    );
    expect(notes).toContain("non-covid is in no training image: it can't be learned; its weight is 0");
    const [healthy, covid] = plan.trainPixels;
    expect(plan.trainPixels).toEqual([healthy, covid, 0]);
    const due = [healthy, covid].map((images) => (healthy + covid) / (3 * images));
    expect(plan.classWeights).toEqual([...due, 0]);
    expect(asked[0].loss.terms[0]).toMatchObject({ classWeights: plan.classWeights });
    expect(classesOf(events, 'T002')).toEqual(['non-covid']);
    const [header, row] = rows(out);
    expect(Number(row[header.indexOf('val_truth_images_non-covid')])).toBeGreaterThan(0);
    expect(row[header.indexOf('val_auc_non-covid')]).not.toBe('');
  });

  it('leaves out a picture that can not be read, and is stopped by what masks have no part in', async () => {
    const refused = await train(classifying({}, 'copies'));
    expect((refused.ended as Error).message).toMatch(/the data has \d+ errors? \(D007 \d+;/);
    const forced = await train(classifying({ force: true, epochs: 1 }, 'lost'));
    expect(forced.ended).toMatchObject({ end: 'epochs' });
    expect(forced.notes.join()).not.toContain('L003');
  });

  it('in the layout masks takes the class with the most pixels, and says how many images have several', async () => {
    const root = path.join(folder, 'cells');
    const side = 32;
    for (let i = 0; i < 16; i++) {
      const file = (of: string) => path.join(root, i < 12 ? 'train' : 'val', of, `${i}.png`);
      const draw = (gray: (at: number) => number) =>
        encodePng({ data: Uint8Array.from({ length: side * side }, (_, at) => gray(at)), width: side, height: side });
      write(
        file('images'),
        draw((at) => (at * (i + 3)) % 251),
      );
      // Nothing, 40 pixels of a cyst, 40 of a cyst and 60 of a nerve, 9 of a nerve.
      const spans = [
        [],
        [[1, 40]],
        [
          [1, 40],
          [2, 60],
        ],
        [[2, 9]],
      ][i % 4];
      const mask = spans.flatMap(([value, pixels]) => Array<number>(pixels).fill(value));
      write(
        file('masks'),
        draw((at) => mask[at] ?? 0),
      );
    }
    const classes = ['background', 'cyst', 'nerve'].map((key, index) => ({ index, key, name: key, aliases: [] }));
    const given = { ...classifying({ epochs: 1, config: { classes }, force: true }), root };
    const both = await train(given);
    expect(both.plan).toMatchObject({ classes: ['none', 'cyst', 'nerve'], trainPixels: [3, 3, 6] });
    expect(both.notes).toContain('4 images with several of the classes are taken for the one with the most pixels');
    const one = await train({ ...given, out: `${given.out}-cyst`, labelClasses: ['cyst'] });
    expect(one.plan).toMatchObject({ classes: ['none', 'cyst'], trainPixels: [6, 6] });
    expect(one.notes.join()).not.toContain('several');
    const wrong = await train({ ...given, out: `${given.out}-wrong`, labelClasses: ['cist'] });
    expect((wrong.ended as Error).message).toMatch(/--label-class: unknown class "cist".*cyst/);
  });

  it.each<[string, Partial<TrainRequest>, RegExp]>([
    [
      'an overlap',
      { loss: { terms: [DICE] } },
      /--loss dice is for --task segmentation: it is the overlap of two masks/,
    ],
    [
      'a U-Net',
      { network: NETWORK },
      /small-unet is for --task segmentation; for classification there are resnet50, small-cnn/,
    ],
    ['a window with a class', { crop: { share: 0.5, classes: ['covid'] } }, /--crop-class is for --task segmentation/],
    [
      'a class of its masks',
      { oversample: { lung: 2 } },
      /--oversample: unknown class "lung": this dataset has 0 healthy/,
    ],
    ['a sensitivity of no class', { sensitivities: { covd: 0.9 } }, /--sensitivity: unknown class "covd"/],
    ['a score of pixels', { monitor: 'val_mean_dice' }, /--monitor val_mean_dice: no such score.*val_auc/],
    ['labels where folders say them', { labelClasses: ['covid'] }, /--label-class is for the layout masks/],
    [
      'filters of a ResNet50',
      { network: { ...CNN, architecture: 'resnet50', filters: 8 } },
      /--filters is for --architecture small-cnn/,
    ],
  ])('is refused with %s', async (_, change, message) => {
    const { ended, out } = await train(classifying(change));
    expect(ended).toBeInstanceOf(UsageError);
    expect((ended as Error).message).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  it.each<[Partial<TrainRequest>, RegExp]>([
    [{ network: CNN }, /small-cnn is for --task classification; for segmentation there are unet-resnet50, small-unet/],
    [{ sensitivities: { covid: 0.9 } }, /--sensitivity is for --task classification/],
    [{ labelClasses: ['covid'] }, /--label-class is for --task classification/],
  ])('has what is refused where pixels are: %j', async (change, message) => {
    expect(((await train(request(change))).ended as Error).message).toMatch(message);
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
