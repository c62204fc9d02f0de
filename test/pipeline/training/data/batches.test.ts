import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageLevel } from '../../../../src/pipeline/dataset/image-level.js';
import { type OpenedDataset, openDataset } from '../../../../src/pipeline/dataset/open.js';
import { choosePreprocessing } from '../../../../src/pipeline/model/preprocessing.js';
import { encodePng } from '../../../../src/pipeline/png/encode.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import { runPhantom } from '../../../../src/pipeline/run-phantom.js';
import { NO_AUGMENTATION, NO_CROP } from '../../../../src/pipeline/training/data/augmentation.js';
import { type BatchOptions, openBatches } from '../../../../src/pipeline/training/data/batches.js';
import type { Examples } from '../../../../src/pipeline/training/data/examples.js';
import { epochOrder } from '../../../../src/pipeline/training/data/sampling.js';
import type { BatchAnswer } from '../../../../src/pipeline/training/data/tasks.js';
import { makeFolder, removeFolder, write } from '../../../commands/program.js';

let folder: string;
let xrays: OpenedDataset;
beforeAll(async () => {
  folder = makeFolder();
  await runPhantom({ dir: path.join(folder, 'set'), images: 40, seed: 4, size: 64, jobs: 1 });
  const choice = { root: path.join(folder, 'set'), layout: 'auto', subset: null, splits: null, config: {} } as const;
  xrays = openDataset(choice, () => false);
});
afterAll(() => removeFolder(folder));

/** Every image of a discovery, without what a scan counts. */
const all = ({ discovery }: OpenedDataset, classes: number): Examples => ({
  positions: Array.from({ length: discovery.images }, (_, i) => i),
  present: new Uint8Array(discovery.images * classes),
  frequencies: [],
  leftOut: 0,
});

function options(of: OpenedDataset, root: string, change: Partial<BatchOptions['settings']> = {}): BatchOptions {
  const examples = all(of, of.spec.classes.length);
  const settings = {
    ...{ root, dataset: of.spec, size: { width: 32, height: 32 }, channels: 1 as const, seed: 9 },
    ...{ augmentation: NO_AUGMENTATION, crop: NO_CROP },
    preprocessing: choosePreprocessing({ preprocess: 'byte' }, change.channels ?? 1, 'byte'),
    ...change,
  };
  return { discovery: of.discovery, train: examples, val: examples, oversampling: {}, batch: 3, jobs: 1, settings };
}

async function gather(batches: AsyncIterable<BatchAnswer>): Promise<BatchAnswer[]> {
  const gathered: BatchAnswer[] = [];
  for await (const batch of batches) gathered.push(batch);
  return gathered;
}

async function read(
  given: BatchOptions,
  take: (batches: ReturnType<typeof openBatches>) => AsyncIterable<BatchAnswer> = (batches) => batches.validate(),
): Promise<BatchAnswer[]> {
  const batches = openBatches(given);
  try {
    return await gather(take(batches));
  } finally {
    await batches.close();
  }
}

const ALL = { flip: 'both', rotate: 25, scale: 0.2, brightness: 0.1, contrast: 0.2 } as const;
const set = () => path.join(folder, 'set');

describe('validation', () => {
  it('has the label maps that the layout stands for, by nearest neighbour, in the order of images.csv', async () => {
    const given = options(xrays, set(), { size: { width: 64, height: 64 } });
    const labels = (await read(given)).flatMap((batch) => [...batch.labels]);
    const { groups } = xrays.discovery;
    const due: number[] = [];
    for (const group of groups) {
      for (const [i, name] of group.images.entries()) {
        const gray = (file: string) => sharp(path.join(set(), file)).toColourspace('b-w').raw().toBuffer();
        const lung = await gray(`${group.lungDir}/${group.lungs![i]}`);
        const infection = await gray(`${group.infectionDir}/${group.infections![i] ?? name}`);
        const isNon = group.source === 'Non-COVID';
        const drawn = isNon && infection.some((value) => value > 0);
        lung.forEach((value, at) => {
          if (infection[at] > 0 && group.source !== 'Normal') due.push(isNon ? 3 : 2);
          else due.push(value === 0 ? 0 : isNon && !drawn ? 3 : 1);
        });
      }
    }
    expect(Buffer.compare(Uint8Array.from(labels), Uint8Array.from(due))).toBe(0);
  });

  it('has the pictures as they are', async () => {
    const given = options(xrays, set(), { size: { width: 64, height: 64 } });
    const [{ images, count }] = await read(given);
    const { imageDir, images: names } = xrays.discovery.groups[0];
    const due = await sharp(path.join(set(), imageDir, names[0]))
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    expect([...images.subarray(0, 64 * 64)]).toEqual([...due]);
    expect([count, images.length]).toEqual([3, 3 * 64 * 64]);
  });
});

describe('training', () => {
  it.each([2, 5])('has the same batches whatever the threads do (%i threads)', async (jobs) => {
    const given = options(xrays, set(), { augmentation: ALL, crop: { share: 0.6, classes: [2] } });
    const [one, many] = await Promise.all(
      [1, jobs].map((n) => read({ ...given, jobs: n }, (from) => from.train(2, 0))),
    );
    expect(many).toEqual(one);
    expect(one).toHaveLength(14);
    expect(one.at(-1)?.count).toBe(1);
  });

  it('goes on from a step as if it had begun there', async () => {
    const given = options(xrays, set(), { augmentation: ALL });
    const [whole, rest] = await Promise.all([0, 9].map((step) => read(given, (from) => from.train(1, step))));
    expect(rest).toEqual(whole.slice(9));
  });

  it('shows other pictures in another epoch, and with another seed', async () => {
    const given = options(xrays, set(), { augmentation: ALL });
    const [first] = await read(given, (from) => from.train(0, 0));
    const [second] = await read(given, (from) => from.train(1, 0));
    const [third] = await read(options(xrays, set(), { augmentation: ALL, seed: 10 }), (from) => from.train(0, 0));
    expect(second.images).not.toEqual(first.images);
    expect(third.images).not.toEqual(first.images);
  });

  it('is validation in another order where nothing is augmented', async () => {
    const given = options(xrays, set());
    const keyed = (batches: BatchAnswer[]) =>
      batches
        .flatMap(({ count, images, labels }) =>
          Array.from({ length: count }, (_, i) => {
            const at = (n: number) => [n * 1024, (n + 1) * 1024] as const;
            return `${images.subarray(...at(i)).join()}\n${labels.subarray(...at(i)).join()}`;
          }),
        )
        .sort();
    const trained = keyed(await read(given, (from) => from.train(0, 0)));
    expect(trained).toEqual(keyed(await read(given)));
  });

  it('crops to a class where the image has it', async () => {
    const size = { width: 64, height: 64 };
    const positives = async (classes: number[]) => {
      const given = options(xrays, set(), { size, crop: { share: 0.2, classes } });
      const batches = await read(given, (from) => from.train(0, 0));
      return batches.flatMap(({ count, labels }) =>
        Array.from({ length: count }, (_, i) => labels.subarray(i * 64 * 64, (i + 1) * 64 * 64).includes(2)),
      );
    };
    const present = (await read(options(xrays, set(), { size }))).flatMap(({ count, labels }) =>
      Array.from({ length: count }, (_, i) => labels.subarray(i * 64 * 64, (i + 1) * 64 * 64).includes(2)),
    );
    const wanted = present.filter(Boolean).length;
    expect(wanted).toBeGreaterThan(10);
    expect((await positives([2])).filter(Boolean)).toHaveLength(wanted);
    expect((await positives([])).filter(Boolean).length).toBeLessThan(wanted);
  });
});

describe('images that have a class as a whole', () => {
  /** As an audit at image level counts them. */
  function labelled() {
    const spec = imageLevel(xrays.spec, null);
    const sources = xrays.discovery.groups.flatMap(({ source, images }) => images.map(() => source));
    const due = sources.map((source) => ['Normal', 'COVID-19', 'Non-COVID'].indexOf(source));
    const present = Uint8Array.from(due.flatMap((label) => [0, 1, 2].map((c) => Number(c === label))));
    const given = options({ ...xrays, spec }, set(), { augmentation: ALL, crop: { share: 0.5, classes: [] } });
    const examples = { ...given.train, present };
    return { due, given: { ...given, train: examples, val: examples } };
  }

  it('have one label each, in validation and in whatever order they are shown', async () => {
    const { due, given } = labelled();
    const val = await read(given);
    expect(val.flatMap(({ labels }) => [...labels])).toEqual(due);
    const train = await read({ ...given, oversampling: { 2: 2 } }, (from) => from.train(3, 0));
    const order = epochOrder(given.train, { 2: 2 }, given.settings.seed, 3);
    expect(train.flatMap(({ labels }) => [...labels])).toEqual(order.map((example) => due[example]));
    expect(train[0].images).toHaveLength(3 * 32 * 32);
  });

  it('count in no loss where the picture can not be read any more; masks are not looked at', async () => {
    const { due, given } = labelled();
    const root = path.join(folder, 'damaged');
    cpSync(set(), root, { recursive: true });
    const { imageDir, images, lungDir, lungs } = xrays.discovery.groups[0];
    writeFileSync(path.join(root, imageDir, images[1]), 'no picture');
    rmSync(path.join(root, lungDir as string, lungs?.[0] as string));
    const [{ labels, faults }] = await read({ ...given, settings: { ...given.settings, root } });
    expect([...labels]).toEqual([due[0], 255, due[2]]);
    expect(faults).toEqual([expect.stringContaining(images[1])]);
  });
});

describe('the layout masks', () => {
  /** Pictures of two colours, 20 x 12, and label maps with an ignore index and a value that is no class. */
  function slides(): OpenedDataset {
    const root = path.join(folder, 'slides');
    const random = createRandom('slides');
    for (let i = 0; i < 4; i++) {
      const rgb = Uint8Array.from({ length: 20 * 12 * 3 }, (_, at) => [200, 90, 10 + i][at % 3]);
      write(path.join(root, 'train/images', `${i}.png`), encodePng({ data: rgb, width: 20, height: 12, color: 'rgb' }));
      const label = Uint8Array.from({ length: 20 * 12 }, () => random.pick([0, 1, 7, 200]));
      write(
        path.join(root, 'train/labels', `${i}.png`),
        encodePng({ data: label, width: 20, height: 12, color: 'gray' }),
      );
    }
    const classes = ['background', 'cyst'].map((key, index) => ({ index, key, name: key, aliases: [] }));
    const config = { classes, ignoreIndex: 7 };
    return openDataset({ root, layout: 'masks', subset: null, splits: null, config }, () => false);
  }

  it('gives colour in the order of the model, and no loss to what is no class', async () => {
    const opened = slides();
    const root = path.join(folder, 'slides');
    const given = options(opened, root, { channels: 3, size: { width: 20, height: 12 } });
    const [{ images, labels }] = await read(given);
    expect([...images.subarray(0, 6)]).toEqual([200, 90, 10, 200, 90, 10]);
    expect(new Set(labels)).toEqual(new Set([0, 1, 255]));
    const blueFirst = choosePreprocessing({ preprocess: 'resnet50-caffe' }, 3, 'byte');
    const [caffe] = await read({ ...given, settings: { ...given.settings, preprocessing: blueFirst } });
    expect(caffe.images[0]).toBeCloseTo(10 - 103.939, 4);
    const gray = await read(options(opened, root, { size: { width: 20, height: 12 } }));
    expect(gray[0].images[0]).toBeCloseTo(0.299 * 200 + 0.587 * 90 + 0.114 * 10, 4);
  });

  it('an image that can not be read any more counts in no loss, and is named', async () => {
    const opened = slides();
    const root = path.join(folder, 'slides');
    rmSync(path.join(root, 'train/images/1.png'));
    writeFileSync(path.join(root, 'train/labels/2.png'), 'no picture');
    const size = { width: 20, height: 12 };
    const [{ labels, images, faults, count }] = await read(options(opened, root, { size }));
    expect(count).toBe(3);
    expect(faults).toEqual([
      expect.stringContaining('train/images/1.png'),
      expect.stringContaining('train/labels/2.png'),
    ]);
    expect([...labels.subarray(240)].every((label) => label === 255)).toBe(true);
    expect([...labels.subarray(0, 240)].some((label) => label === 1)).toBe(true);
    expect(images.every(Number.isFinite)).toBe(true);
  });
});
