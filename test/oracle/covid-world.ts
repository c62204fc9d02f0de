import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng, gray, type WriteOptions } from './png.js';
import { type Random, seeded } from './random.js';
import { type Bitmap, coarsen, lungs, patch, type Size, shift, texture } from './shapes.js';
import { type Form, type Prediction, type World, writeFile, writePrediction } from './world.js';

export const COVID_CLASSES = [
  { index: 0, key: 'background' },
  { index: 1, key: 'lung' },
  { index: 2, key: 'covid' },
  { index: 3, key: 'non-covid' },
].map((c) => ({ ...c, name: '' }));
export const LUNG_CLASSES = COVID_CLASSES.slice(0, 2);

export type Split = 'train' | 'val' | 'test';
export type Source = 'COVID-19' | 'Non-COVID' | 'Normal';
export type Part = 'images' | 'lung' | 'infection';
export const SPLITS: Split[] = ['train', 'val', 'test'];
export const SOURCES: Source[] = ['COVID-19', 'Non-COVID', 'Normal'];

/** How a mirror spells its folders. */
export interface Spelling {
  root: string;
  split: Record<Split, string>;
  source: Record<Source, string>;
  part: Record<Part, string>;
}

export const OFFICIAL: Spelling = {
  root: 'Infection Segmentation Data/Infection Segmentation Data',
  split: { train: 'Train', val: 'Val', test: 'Test' },
  source: { 'COVID-19': 'COVID-19', 'Non-COVID': 'Non-COVID', Normal: 'Normal' },
  part: { images: 'images', lung: 'lung masks', infection: 'infection masks' },
};

/** A plan of one image and its files: masks hold 0 and 1, null is a file that isn't there. */
export interface Plate extends Size {
  split: Split;
  source: Source;
  stem: string;
  image: Bitmap;
  lung: Bitmap | null;
  infection: Bitmap | null;
  prediction: Prediction;
  /** Bytes to write in place of the PNG that the maps would give. */
  bytes: Partial<Record<Part, Uint8Array>>;
  /** An annotation that can't be read. */
  unreadable: boolean;
}

/** The label map by the contract's rule, or null where it can't be made. `nonCovid: lung`. */
export function labelsOf(plate: Plate, subset: 'infection' | 'lung' = 'infection'): Bitmap | null {
  const { source, lung, infection, unreadable } = plate;
  if (unreadable || lung === null) return null;
  if (subset === 'lung' || source === 'Normal') return lung.slice();
  if (source === 'COVID-19') return infection && lung.map((v, i) => (infection[i] ? 2 : v));
  return infection?.some((v) => v > 0) ? lung.map((v, i) => (infection[i] ? 3 : v)) : lung.map((v) => v * 3);
}

export interface Plan {
  seed: number;
  /** Images of each split and source. */
  count: (split: Split, source: Source) => number;
  size: (random: Random) => Size;
  stem?: (split: Split, source: Source, i: number, random: Random) => string;
}

/** Clean images with perfect predictions: every Non-COVID image has lung labels alone or, one in three, an infection. */
export function planPlates({ seed, count, size, stem = officialStem }: Plan): Plate[] {
  const random = seeded(seed);
  const plates: Plate[] = [];
  for (const split of SPLITS) {
    for (const source of SOURCES) {
      for (let i = 0; i < count(split, source); i++) {
        const here = size(random);
        const lung = lungs(here, random);
        const ill = source === 'COVID-19' || (source === 'Non-COVID' && i % 3 === 2);
        const infection = ill ? patch(here, lung, random) : lung.map(() => 0);
        const name = stem(split, source, i, random);
        const image = texture(here, random);
        const plate: Plate = {
          ...{ ...here, split, source, stem: name, image, lung, infection },
          ...{ prediction: null, bytes: {}, unreadable: false },
        };
        plate.prediction = { map: labelsOf(plate)!, size: here };
        plates.push(plate);
      }
    }
  }
  return plates;
}

function officialStem(split: Split, source: Source, i: number): string {
  const n = SPLITS.indexOf(split) * 1000 + i + 1;
  return { 'COVID-19': `covid_${n}`, 'Non-COVID': `non_COVID (${n})`, Normal: `Normal (${n})` }[source];
}

const clear = (map: Bitmap, classes: number[], to: number) => map.map((v) => (classes.includes(v) ? to : v));

/** Spoils predictions in place, in all the ways in which a model is wrong, and some files with them. */
export function spoilPredictions(plates: Plate[], seed: number, files: { missing: number; damaged: number }) {
  const random = seeded(seed);
  for (const plate of plates) {
    const truth = labelsOf(plate);
    if (truth === null) continue;
    const map = spoiled(truth, plate, random);
    const even = plate.width % 2 === 0 && plate.height % 2 === 0;
    plate.prediction = { map, size: plate };
    if (even && random.chance(0.2)) {
      const { small, smallSize } = coarsen(plate, map, 2);
      plate.prediction = { map: small, size: smallSize };
    }
    if (random.chance(files.damaged)) plate.prediction = { bytes: damaged(random) };
    else if (random.chance(files.missing)) plate.prediction = null;
  }
}

function spoiled(truth: Bitmap, plate: Plate, random: Random): Bitmap {
  const lung = plate.lung!;
  const illness = random.pick([2, 3]);
  const withPatch = () => {
    const extra = patch(plate, lung, random);
    return (map: Bitmap) => map.map((v, i) => (extra[i] ? illness : v));
  };
  const way = random.below(9);
  if (way <= 1) return truth.slice();
  if (way === 2) return shift(plate, truth, random.between(-4, 4), random.between(-4, 4));
  if (way === 3) return clear(truth, [2, 3], 1);
  if (way === 4) return withPatch()(truth);
  if (way === 5) return withPatch()(clear(truth, [2, 3], 1));
  if (way === 6) return truth.map((v) => (v === 2 ? 3 : v === 3 ? 2 : v));
  if (way === 7) return truth.map((v) => (random.chance(0.1) ? random.below(4) : v));
  return random.chance(0.3) ? truth.map(() => 0) : shift(plate, truth, 1, 0);
}

export function damaged(random: Random): Uint8Array {
  const whole = encodePng(
    gray(
      20,
      20,
      Uint8Array.from({ length: 400 }, () => random.below(4)),
    ),
  );
  const way = random.below(4);
  if (way === 0) return whole.subarray(0, random.between(9, whole.length - 20));
  if (way === 1) return new Uint8Array();
  if (way === 2) return Buffer.from('<html>404 Not Found</html>');
  const flipped = Uint8Array.from(whole);
  flipped[whole.length - 30] ^= 0x55;
  return flipped;
}

export interface Writing {
  spelling?: Spelling;
  form?: Form;
  subset?: 'infection' | 'lung';
  png?: WriteOptions;
  /** Splits whose folders are made even though they hold nothing. */
  emptySplits?: Split[];
}

/** Puts the plan on disk under `home` (`data`, `predictions`) and says what has to come of it. */
export function writeCovidWorld(home: string, plates: Plate[], writing: Writing = {}): World {
  const { spelling = OFFICIAL, form = 'nested', subset = 'infection', png = {} } = writing;
  const dataset = join(home, 'data');
  const predictions = join(home, 'predictions');
  mkdirSync(predictions, { recursive: true });
  const classes = subset === 'lung' ? LUNG_CLASSES : COVID_CLASSES;
  const samples = plates.map((plate) => {
    const at = (part: Part) =>
      [spelling.root, spelling.split[plate.split], spelling.source[plate.source], spelling.part[part], plate.stem]
        .filter((s) => s !== '')
        .join('/');
    const maps = { images: plate.image, lung: plate.lung, infection: subset === 'lung' ? null : plate.infection };
    for (const part of ['images', 'lung', 'infection'] as const) {
      const map = part === 'images' ? maps.images : (maps[part]?.map((v) => v * 255) ?? null);
      const bytes = plate.bytes[part] ?? (map && encodePng(gray(plate.width, plate.height, map), png));
      if (bytes) writeFile(join(dataset, `${at(part)}.png`), bytes);
    }
    const truth = labelsOf(plate, subset);
    const image = at('images');
    const predictionPath = writePrediction(predictions, form, image, plate.prediction, classes, png);
    const written = plate.prediction && 'map' in plate.prediction ? plate.prediction : null;
    const predicted = truth && written && enlarge(written, plate);
    const status = plate.unreadable ? 'unreadable' : predicted ? 'scored' : 'unscored';
    const truthPath = subset === 'lung' || plate.infection === null ? undefined : `${at('infection')}.png`;
    return {
      ...{ image, split: plate.split, source: plate.source, status: status as 'scored', truth, predicted },
      ...{ size: truth && { width: plate.width, height: plate.height } },
      ...{ imagePath: `${image}.png`, truthPath, predictionPath: plate.prediction ? predictionPath : undefined },
    };
  });
  for (const split of writing.emptySplits ?? []) {
    mkdirSync(join(dataset, spelling.root, spelling.split[split], 'COVID-19', 'images'), { recursive: true });
  }
  return { dataset, predictions, args: ['--subset', subset], classes, ignore: null, samples };
}

/** Nearest neighbour by a whole factor. */
export function enlarge({ map, size }: { map: Bitmap; size: Size }, to: Size): Bitmap {
  const k = to.width / size.width;
  return Uint8Array.from({ length: to.width * to.height }, (_, i) => {
    const [x, y] = [i % to.width, Math.floor(i / to.width)];
    return map[Math.floor(y / k) * size.width + Math.floor(x / k)];
  });
}
