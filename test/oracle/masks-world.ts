import { join } from 'node:path';
import { enlarge } from './covid-world.js';
import { encodePng, gray, type Raster, type WriteOptions } from './png.js';
import { type Random, seeded } from './random.js';
import { type Bitmap, coarsen, paint, type Size, texture } from './shapes.js';
import { type Form, type Prediction, type World, writeFile, writePrediction } from './world.js';

/** How a label file stores its indices. */
export type LabelKind = 'gray' | 'palette8' | 'palette4' | 'palette2' | 'palette1' | 'interlaced';

/** A plan of one image of the `masks` layout. `labels` null: no file. */
export interface Slide extends Size {
  split: string;
  stem: string;
  image: Raster;
  labels: Bitmap | null;
  kind: LabelKind;
  prediction: Prediction;
  bytes: { label?: Uint8Array; image?: Uint8Array };
  unreadable: boolean;
}

/** `root`: images/x; `split-first`: train/images/x; `split-last`: images/train/x. */
export type Shape = 'root' | 'split-first' | 'split-last';

export interface MasksPlan {
  seed: number;
  splits: string[];
  count: number;
  classes: number;
  ignore: number | null;
  size: (random: Random) => Size;
  stem?: (i: number) => string;
}

/** Random rectangles of random classes, some under an ignored frame; every class occurs in about every third image. */
export function planSlides(plan: MasksPlan): Slide[] {
  const random = seeded(plan.seed);
  const slides: Slide[] = [];
  for (const split of plan.splits) {
    for (let i = 0; i < plan.count; i++) {
      const size = plan.size(random);
      const labels = scribble(size, plan.classes, random);
      if (plan.ignore !== null && random.chance(0.5)) {
        const frame = random.between(1, 3);
        for (let k = 0; k < labels.length; k++) if (k % size.width < frame) labels[k] = plan.ignore;
      }
      const kinds: LabelKind[] = ['gray', 'gray', 'palette8', 'interlaced'];
      if (labels.every((v) => v < 16)) kinds.push('palette4');
      if (labels.every((v) => v < 4)) kinds.push('palette2');
      if (labels.every((v) => v < 2)) kinds.push('palette1');
      slides.push({
        ...{ ...size, split, stem: plan.stem?.(slides.length) ?? `slide${slides.length}`, labels },
        ...{ image: picture(size, random), kind: random.pick(kinds), prediction: null, bytes: {}, unreadable: false },
      });
    }
  }
  return slides;
}

function scribble(size: Size, classes: number, random: Random): Bitmap {
  const labels = paint(size, () => 0);
  for (let k = random.below(5); k > 0; k--) {
    const value = random.below(classes);
    const [x0, y0] = [random.below(size.width), random.below(size.height)];
    const [x1, y1] = [x0 + random.between(1, size.width), y0 + random.between(1, size.height)];
    for (let y = y0; y < Math.min(y1, size.height); y++) {
      for (let x = x0; x < Math.min(x1, size.width); x++) labels[y * size.width + x] = value;
    }
  }
  return labels;
}

/** Gray or RGB, 8 bits. */
function picture(size: Size, random: Random): Raster {
  const planes = [texture(size, random), texture(size, random), texture(size, random)];
  if (random.chance(0.5)) return gray(size.width, size.height, planes[0]);
  const samples = Uint8Array.from({ length: planes[0].length * 3 }, (_, i) => planes[i % 3][Math.floor(i / 3)]);
  return { ...size, bitDepth: 8, color: 2, samples };
}

/** Predictions that are right, noisy, coarse, another image's, missing or damaged. */
export function guessSlides(slides: Slide[], seed: number, classes: number, ignore: number | null, files: boolean) {
  const random = seeded(seed);
  for (const slide of slides) {
    if (slide.labels === null) continue;
    const right = slide.labels.map((v) => (v === ignore ? random.below(classes) : v));
    const way = random.below(files ? 8 : 6);
    const size = { width: slide.width, height: slide.height };
    if (way <= 1) slide.prediction = { map: right, size };
    if (way === 2) slide.prediction = { map: right.map((v) => (random.chance(0.2) ? random.below(classes) : v)), size };
    if (way === 3) slide.prediction = { map: scribble(slide, classes, random), size };
    if (way === 4) slide.prediction = { map: right.map(() => 0), size };
    if (way === 5) {
      const k = slide.width % 2 === 0 && slide.height % 2 === 0 ? 2 : 1;
      const { small, smallSize } = coarsen(slide, right, k);
      slide.prediction = { map: small, size: smallSize };
    }
    if (way === 6) slide.prediction = null;
    if (way === 7) slide.prediction = { bytes: encodePng(gray(8, 8, new Uint8Array(64))).subarray(0, 50) };
  }
}

export interface MasksWriting {
  shape: Shape;
  form: Form;
  config: {
    classes: { index: number; key: string; name: string }[];
    ignoreIndex?: number;
    images?: string;
    masks?: string;
    maskSuffix?: string;
    maskPrefix?: string;
    predictionSuffix?: string;
    [key: string]: unknown;
  };
  png?: WriteOptions;
}

export function labelRaster(size: Size, labels: Bitmap, kind: LabelKind): Raster {
  if (!kind.startsWith('palette')) return gray(size.width, size.height, labels);
  const bitDepth = Number(kind.slice(7)) as 1 | 2 | 4 | 8;
  const used = Math.min(256, 1 << bitDepth);
  const palette = Uint8Array.from({ length: used * 3 }, (_, i) => (i * 83 + 29) & 255);
  return { ...size, bitDepth, color: 3, samples: labels, palette };
}

/** Puts the plan on disk under `home` (`data`, `predictions`, `maskaudit.config.json`). */
export function writeMasksWorld(home: string, slides: Slide[], writing: MasksWriting): World {
  const { shape, form, config, png = {} } = writing;
  const dataset = join(home, 'data');
  const predictions = join(home, 'predictions');
  const configFile = join(home, 'maskaudit.config.json');
  writeFile(configFile, JSON.stringify({ layout: 'masks', ...config }, null, 2));
  writeFile(join(predictions, '.keep'), '');
  const folderOf = (kind: string, split: string) =>
    shape === 'root' ? kind : shape === 'split-first' ? `${split}/${kind}` : `${kind}/${split}`;
  const ignore = config.ignoreIndex ?? null;
  const samples = slides.map((slide) => {
    const image = `${folderOf(config.images ?? 'images', slide.split)}/${slide.stem}`;
    const affixed = `${config.maskPrefix ?? ''}${slide.stem}${config.maskSuffix ?? ''}`;
    const truthPath = `${folderOf(config.masks ?? 'masks', slide.split)}/${affixed}.png`;
    writeFile(join(dataset, `${image}.png`), slide.bytes.image ?? encodePng(slide.image, png));
    const labelOptions = { ...png, interlaced: slide.kind === 'interlaced' };
    const label =
      slide.bytes.label ?? (slide.labels && encodePng(labelRaster(slide, slide.labels, slide.kind), labelOptions));
    if (label) writeFile(join(dataset, truthPath), label);
    const decorate = (stem: string) => `${stem}${config.predictionSuffix ?? ''}`;
    const path = writePrediction(predictions, form, image, slide.prediction, config.classes, png, decorate);
    const truth = slide.unreadable ? null : slide.labels;
    const written = slide.prediction && 'map' in slide.prediction ? slide.prediction : null;
    const predicted = truth && written && enlarge(written, slide);
    const status = slide.unreadable ? 'unreadable' : predicted ? 'scored' : 'unscored';
    return {
      ...{
        image,
        split: shape === 'root' ? '' : slide.split,
        source: '',
        status: status as 'scored',
        truth,
        predicted,
      },
      ...{ size: truth && { width: slide.width, height: slide.height } },
      ...{ imagePath: `${image}.png`, truthPath: label ? truthPath : undefined, predictionPath: path },
    };
  });
  const args = ['--layout', 'masks', '--config', configFile];
  return { dataset, predictions, args, classes: config.classes, ignore, samples };
}
