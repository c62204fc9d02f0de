import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodePng, gray, type WriteOptions } from './png.js';
import type { ClassName } from './scores.js';
import type { Bitmap, Size } from './shapes.js';

/** An image as the run folder has to show it. Paths that the contract leaves open are undefined. */
export interface Expected {
  image: string;
  split: string;
  source: string;
  status: 'scored' | 'unscored' | 'unreadable';
  size: Size | null;
  truth: Bitmap | null;
  predicted: Bitmap | null;
  imagePath: string;
  truthPath: string | undefined;
  predictionPath: string | undefined;
}

/** A dataset on disk, how to call the program on it, and what is known of it. */
export interface World {
  dataset: string;
  predictions: string | null;
  /** Further arguments of the call, the configuration for one. */
  args: string[];
  classes: ClassName[];
  ignore: number | null;
  samples: Expected[];
}

/** Where the files of predictions lie: by image id or by stem, one index PNG or a 0/255 mask for each class. */
export type Form = 'nested' | 'flat' | 'class-nested' | 'class-flat';

/** What is written of a prediction: a label map, perhaps at another size; bytes instead of a PNG; or nothing. */
export type Prediction = { map: Bitmap; size: Size } | { bytes: Uint8Array } | null;

export function writeFile(path: string, bytes: Uint8Array | string) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/**
 * Writes the prediction for `image` in the named form and gives its path relative to the folder of predictions where
 * one file stands for it, else undefined. `decorate` puts an affix around the stem.
 */
export function writePrediction(
  root: string,
  form: Form,
  image: string,
  prediction: Prediction,
  classes: ClassName[],
  options: WriteOptions,
  decorate = (stem: string) => stem,
): string | undefined {
  if (prediction === null) return undefined;
  const folder = form.endsWith('flat') || !image.includes('/') ? '' : image.slice(0, image.lastIndexOf('/') + 1);
  const path = `${folder}${decorate(image.slice(image.lastIndexOf('/') + 1))}.png`;
  const whole = form === 'nested' || form === 'flat';
  if ('bytes' in prediction) {
    for (const key of whole ? ['.'] : classes.map((c) => c.key)) writeFile(join(root, key, path), prediction.bytes);
    return whole ? path : undefined;
  }
  const { map, size } = prediction;
  if (whole) {
    writeFile(join(root, path), encodePng(gray(size.width, size.height, map), options));
    return path;
  }
  for (const { index, key } of classes) {
    if (index === 0) continue;
    const mask = map.map((v) => (v === index ? 255 : 0));
    writeFile(join(root, key, path), encodePng(gray(size.width, size.height, mask), options));
  }
  return undefined;
}
