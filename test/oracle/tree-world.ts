import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COVID_CLASSES, labelsOf, SOURCES, SPLITS } from './covid-world.js';
import { decodePng } from './png.js';
import type { Bitmap, Size } from './shapes.js';
import type { Expected, World } from './world.js';

const plain = (name: string) => name.toLowerCase().replace(/[ _]/g, '');

/** Reads a COVID-QU-Ex tree that somebody else made, 8-bit gray PNGs, masks of 0 and 255, from its files alone. */
export function readCovidTree(dataset: string, predictions: string | null): World {
  const samples: Expected[] = [];
  const walk = (folder: string) => {
    for (const name of readdirSync(join(dataset, folder)).sort()) {
      const below = folder === '' ? name : `${folder}/${name}`;
      const split = SPLITS.find((s) => s === plain(name));
      if (split !== undefined) samples.push(...readSplit(dataset, predictions, below, split));
      else if (!name.includes('.')) walk(below);
    }
  };
  walk('');
  return { dataset, predictions, args: [], classes: COVID_CLASSES, ignore: null, samples };
}

function readSplit(dataset: string, predictions: string | null, folder: string, split: Expected['split']): Expected[] {
  const below = (path: string, key: string) => {
    const found = readdirSync(join(dataset, path)).find((name) => plain(name) === key);
    return found === undefined ? null : `${path}/${found}`;
  };
  return SOURCES.flatMap((source) => {
    const here = below(folder, plain(source));
    const images = here && below(here, 'images');
    if (!here || !images) return [];
    return readdirSync(join(dataset, images)).map((name): Expected => {
      const maskIn = (key: string) => {
        const path = `${below(here, key)}/${name}`;
        return existsSync(join(dataset, path)) ? { path, ...readGray(join(dataset, path)) } : null;
      };
      const [lung, infection] = [maskIn('lungmasks'), maskIn('infectionmasks')];
      const on = (mask: { map: Bitmap } | null) => mask?.map.map((v) => (v >= 128 ? 1 : 0));
      const size = lung && { width: lung.size.width, height: lung.size.height };
      const blank = { stem: '', image: new Uint8Array(), prediction: null, bytes: {}, unreadable: false };
      const truth =
        size &&
        labelsOf({
          ...size,
          ...blank,
          split: 'test',
          source,
          lung: on(lung) ?? null,
          infection: on(infection) ?? null,
        });
      const image = `${images}/${name.replace(/\.png$/, '')}`;
      const file = predictions && join(predictions, `${image}.png`);
      const predicted = truth && file && existsSync(file) ? readGray(file).map : null;
      return {
        ...{ image, split, source, status: predicted ? 'scored' : 'unscored', size, truth, predicted },
        ...{
          imagePath: `${images}/${name}`,
          truthPath: infection?.path,
          predictionPath: predicted ? `${image}.png` : undefined,
        },
      };
    });
  });
}

function readGray(file: string): { map: Bitmap; size: Size } {
  const { width, height, bitDepth, color, samples } = decodePng(readFileSync(file));
  if (bitDepth !== 8 || (color !== 0 && color !== 3)) throw new Error(`${file}: not 8-bit gray`);
  return { map: Uint8Array.from(samples), size: { width, height } };
}
