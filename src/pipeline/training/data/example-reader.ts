import type { DatasetSpec, Sample } from '../../dataset/dataset.js';
import type { Kernels } from '../../kernels/kernels.js';
import { decodePicture } from '../../measuring/decode-picture.js';
import { createMeasurer, type MeasureSettings } from '../../measuring/measure-image.js';
import { SLOTS } from '../../measuring/truth.js';
import { createFill } from '../../model/fill-batch.js';
import type { Preprocessing } from '../../model/preprocessing.js';
import { createRandom, type Random } from '../../random.js';
import { IGNORED } from '../trainer.js';
import { type Affine, isIdentity } from './affine.js';
import { type Augmentation, type Crop, drawGrays, drawMap, type Place } from './augmentation.js';
import { type ExampleSize, warpLabels, warpPicture } from './warp.js';

/** What examples are made as; the same for every image of a run. Passes to the worker threads. */
export interface ExampleSettings {
  /** Absolute path of the dataset folder. */
  root: string;
  dataset: DatasetSpec;
  size: ExampleSize;
  channels: 1 | 3;
  preprocessing: Preprocessing;
  augmentation: Augmentation;
  crop: Crop;
  seed: number;
}

/** An example as it is to be made. */
export interface ExampleTask {
  sample: Sample;
  /** The class of the image as a whole; null: its annotation says the class of each pixel. */
  label: number | null;
  /** Of an augmented example: the numbers that its chance is drawn from; null: as it is. */
  draw: readonly number[] | null;
}

/** Puts an image and its label, or those of its pixels, into place `index` of a batch; null, or why it can't be read. */
export type ReadExample = (
  task: ExampleTask,
  images: Float32Array,
  labels: Uint8Array,
  index: number,
) => Promise<string | null>;

/** What the loss of an example goes by. */
interface Labels {
  /** A random place of one of the crop's classes; null where there is none. */
  findPlace(random: Random): Place | null;
  /** As they are, or through the map that the picture goes through. */
  put(out: Uint8Array, map: Affine | null): void;
}

const MAPS_ALONE = { map: true, lung: false, structures: false, outside: false };

/**
 * Makes examples by the code that audits: its decoder, its label maps, and the resizing and preprocessing by which a model is
 * audited. What can't be read is a black image in which nothing counts.
 */
export function createExampleReader(kernels: Kernels, settings: ExampleSettings): ReadExample {
  const { root, dataset, size, channels, preprocessing, augmentation, crop } = settings;
  const classes = dataset.classes.length;
  const pixels = size.width * size.height;
  const reading: MeasureSettings = {
    ...{ root, dataset, image: 'none', needs: MAPS_ALONE, predictions: null, model: 'any', severity: {}, classes: [] },
  };
  const measurer = createMeasurer(kernels, reading, []);
  const fill = createFill({ ...size, channels, layout: 'NHWC', resize: 'bilinear', preprocessing });
  /** What is no class of the dataset, an ignore index among it, counts in no loss. */
  const table = Uint8Array.from({ length: 256 }, (_, value) =>
    value < classes && value !== dataset.ignoreIndex ? value : IGNORED,
  );
  type Picture = Awaited<ReturnType<typeof decodePicture>>['picture'];

  /** The label map of an image; null where its annotation can't be read. */
  async function labelMap(sample: Sample, picture: Picture): Promise<Labels | null> {
    let found: ExampleSize | null = null;
    await measurer.measure(sample, true, { picture, output: null }, async (_, { truth, width, height }) => {
      if (truth !== null) found = { width, height };
    });
    if (found === null) return null;
    const { width, height }: ExampleSize = found;
    kernels.applyTable(SLOTS.truth, width * height, table, SLOTS.truth);
    const map = kernels.view(SLOTS.truth, width * height);
    return {
      findPlace: (random) => findPlace(random, map, { width, height }, crop.classes),
      put(out, through) {
        if (through !== null) {
          warpLabels(map, { width, height }, through, size, out);
          return;
        }
        kernels.resizeNearest(SLOTS.truth, width, height, size.width, size.height, SLOTS.scratch);
        out.set(kernels.view(SLOTS.scratch, pixels));
      },
    };
  }

  return async ({ sample, label, draw }, images, labels, index) => {
    const perImage = label === null ? pixels : 1;
    const out = labels.subarray(index * perImage, (index + 1) * perImage);
    out.fill(IGNORED);
    const { picture, pixels: decoded } = await decodePicture(kernels, measurer.readPicture, root, sample);
    if (decoded === null) return `${sample.imagePath}: ${picture.file.fault ?? "can't be read"}`;
    const truth = label === null ? await labelMap(sample, picture) : oneLabel(label);
    if (truth === null) return `${sample.labelPath ?? sample.lungPath ?? sample.image}: its annotation can't be read`;
    if (draw === null) {
      truth.put(out, null);
      fill(decoded, images, index);
      return null;
    }
    const random = createRandom(settings.seed, 'augment', ...draw);
    const affine = drawMap(random, augmentation, crop, size, truth.findPlace);
    const grays = drawGrays(random, augmentation);
    if (grays !== null) for (let i = 0; i < decoded.data.length; i++) decoded.data[i] = grays[decoded.data[i]];
    truth.put(out, affine);
    fill(isIdentity(affine) ? decoded : warpPicture(decoded, affine, size), images, index);
    return null;
  };
}

/** Of an image as a whole, wherever its parts come to lie. */
const oneLabel = (label: number): Labels => ({ findPlace: () => null, put: (out) => void out.fill(label) });

/** The centre of a random pixel of one of the classes; null where there is none. */
function findPlace(
  random: Random,
  map: Uint8Array,
  { width, height }: ExampleSize,
  classes: readonly number[],
): Place | null {
  let found = 0;
  for (let i = 0; i < map.length; i++) if (classes.includes(map[i])) found++;
  if (found === 0) return null;
  let left = random.integer(0, found);
  let at = 0;
  while (!classes.includes(map[at]) || left-- > 0) at++;
  return [((at % width) + 0.5) / width - 0.5, (Math.floor(at / width) + 0.5) / height - 0.5];
}
