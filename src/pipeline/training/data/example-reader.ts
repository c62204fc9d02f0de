import type { DatasetSpec, Sample } from '../../dataset/dataset.js';
import type { Kernels } from '../../kernels/kernels.js';
import { decodePicture } from '../../measuring/decode-picture.js';
import { createMeasurer, type MeasureSettings } from '../../measuring/measure-image.js';
import { SLOTS } from '../../measuring/truth.js';
import { createFill } from '../../model/fill-batch.js';
import type { Preprocessing } from '../../model/preprocessing.js';
import { createRandom, type Random } from '../../random.js';
import { IGNORED } from '../trainer.js';
import { isIdentity } from './affine.js';
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

/** Puts an image and its labels into place `index` of a batch; null, or why it can't be read. */
export type ReadExample = (
  sample: Sample,
  /** Of an augmented example: the numbers that its chance is drawn from; null: as it is. */
  draw: readonly number[] | null,
  images: Float32Array,
  labels: Uint8Array,
  index: number,
) => Promise<string | null>;

const MAPS_ALONE = { map: true, lung: false, structures: false, outside: false };

/**
 * Makes examples by the code that audits: its decoder, its label maps, and the resizing and preprocessing by which a model is
 * audited. What can't be read is a black image in which no pixel counts.
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

  return async (sample, draw, images, labels, index) => {
    const out = labels.subarray(index * pixels, (index + 1) * pixels);
    out.fill(IGNORED);
    const { picture, pixels: decoded } = await decodePicture(kernels, measurer.readPicture, root, sample);
    if (decoded === null) return `${sample.imagePath}: ${picture.file.fault ?? "can't be read"}`;
    let truth: Uint8Array | null = null;
    const truthSize: ExampleSize = { width: 0, height: 0 };
    await measurer.measure(sample, true, { picture, output: null }, async (_, maps) => {
      truth = maps.truth;
      truthSize.width = maps.width;
      truthSize.height = maps.height;
    });
    if (truth === null) return `${sample.labelPath ?? sample.lungPath ?? sample.image}: its annotation can't be read`;
    kernels.applyTable(SLOTS.truth, truthSize.width * truthSize.height, table, SLOTS.truth);
    const map = kernels.view(SLOTS.truth, truthSize.width * truthSize.height);
    if (draw === null) {
      kernels.resizeNearest(SLOTS.truth, truthSize.width, truthSize.height, size.width, size.height, SLOTS.scratch);
      out.set(kernels.view(SLOTS.scratch, pixels));
      fill(decoded, images, index);
      return null;
    }
    const random = createRandom(settings.seed, 'augment', ...draw);
    const find = (of: Random) => findPlace(of, map, truthSize, crop.classes);
    const affine = drawMap(random, augmentation, crop, size, find);
    const grays = drawGrays(random, augmentation);
    if (grays !== null) for (let i = 0; i < decoded.data.length; i++) decoded.data[i] = grays[decoded.data[i]];
    warpLabels(map, truthSize, affine, size, out);
    fill(isIdentity(affine) ? decoded : warpPicture(decoded, affine, size), images, index);
    return null;
  };
}

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
