import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { maskaudit, scratch } from './cli.js';
import { disagreements, type Options } from './compare.js';
import { OFFICIAL, planPlates, spoilPredictions, writeCovidWorld } from './covid-world.js';
import { parseCsv } from './csv.js';
import { type MasksWriting, planSlides, writeMasksWorld } from './masks-world.js';
import { encodePng, gray, type Raster } from './png.js';
import type { Bitmap, Size } from './shapes.js';
import { type World, writeFile } from './world.js';

/** One dataset, many ways to store and to name it: what is counted stays the same. */
const { folder, remove } = scratch('forms');
afterAll(remove);

const size = () => ({ width: 34, height: 26 });
const clean = (seed: number) => planPlates({ seed, count: () => 3, size });

function audit(world: World, run: string, extra: string[] = [], options: Options = {}) {
  const predictions = world.predictions ? ['--predictions', world.predictions] : [];
  const done = maskaudit('audit', world.dataset, ...predictions, ...world.args, '--out', run, '--no-ui', ...extra);
  const wrong = disagreements(run, world, options).slice(0, 20);
  return done.status === 2 || done.status === 3 ? [done.stderr] : wrong;
}

const colours = (n: number) => Uint8Array.from({ length: 3 * n }, (_, i) => (i * 71) & 255);
const INDEX_FORMS: Record<string, (size: Size, map: Bitmap) => Buffer> = {
  'palette, 8 bits': (s, samples) => encodePng({ ...s, bitDepth: 8, color: 3, samples, palette: colours(256) }),
  'palette, 4 bits': (s, samples) => encodePng({ ...s, bitDepth: 4, color: 3, samples, palette: colours(16) }),
  'palette, 2 bits': (s, samples) => encodePng({ ...s, bitDepth: 2, color: 3, samples, palette: colours(4) }),
  'palette, all colours the same': (s, samples) =>
    encodePng({ ...s, bitDepth: 8, color: 3, samples, palette: new Uint8Array(768) }),
  'palette with transparency': (s, samples) =>
    encodePng({
      ...{ ...s, bitDepth: 8 as const, color: 3 as const, samples, palette: colours(8) },
      transparency: new Uint8Array([0, 128, 255]),
    }),
  'gray, interlaced': (s, samples) => encodePng(gray(s.width, s.height, samples), { interlaced: true }),
  'gray with text, gamma and background chunks': (s, samples) =>
    encodePng(gray(s.width, s.height, samples), {
      extra: [
        ['gAMA', new Uint8Array([0, 0, 0x51, 0x61])],
        ['tEXt', Buffer.from('Comment\0=1+1', 'latin1')],
        ['tIME', new Uint8Array([7, 0xea, 1, 1, 0, 0, 0])],
      ],
    }),
};

describe('an index PNG is read by its values', () => {
  it.each(Object.keys(INDEX_FORMS))('prediction: %s', (name) => {
    const plates = clean(5);
    spoilPredictions(plates, 6, { missing: 0, damaged: 0 });
    const home = join(folder, `prediction ${name}`);
    const world = writeCovidWorld(home, plates);
    world.samples.forEach((sample, i) => {
      const { prediction } = plates[i];
      if (prediction && 'map' in prediction) {
        const { width, height } = prediction.size;
        writeFile(
          join(world.predictions!, `${sample.image}.png`),
          INDEX_FORMS[name]({ width, height }, prediction.map),
        );
      }
    });
    expect(audit(world, join(home, 'run'))).toEqual([]);
  });

  it.each(Object.keys(INDEX_FORMS))('label: %s', (name) => {
    const slides = planSlides({ seed: 7, splits: [''], count: 8, classes: 4, ignore: null, size });
    for (const slide of slides) {
      slide.prediction = { map: slide.labels!, size: slide };
      slide.bytes.label = INDEX_FORMS[name]({ width: slide.width, height: slide.height }, slide.labels!);
    }
    const home = join(folder, `label ${name}`);
    const world = writeMasksWorld(home, slides, masks());
    expect(audit(world, join(home, 'run'))).toEqual([]);
  });

  it('a prediction larger than the annotation', () => {
    const plates = clean(8);
    const home = join(folder, 'larger');
    for (const plate of plates) {
      if (!plate.prediction || !('map' in plate.prediction)) continue;
      const { map } = plate.prediction;
      const large = { width: 34 * 3, height: 26 * 2 };
      const blown = Uint8Array.from({ length: large.width * large.height }, (_, i) => {
        const [x, y] = [i % large.width, Math.floor(i / large.width)];
        return map[(y >> 1) * 34 + Math.floor(x / 3)];
      });
      plate.bytes.images = undefined;
      plate.prediction = { map: blown, size: large };
    }
    const world = writeCovidWorld(home, plates);
    for (const sample of world.samples) sample.predicted = sample.truth;
    expect(audit(world, join(home, 'run'))).toEqual([]);
    expect(maskaudit('audit', world.dataset, '--predictions', world.predictions!, '--out', `${home}/2`).status).toBe(0);
  });
});

function masks(config: object = {}): MasksWriting {
  const classes = ['none', 'cell', 'wall', 'core'].map((key, index) => ({ index, key, name: key }));
  return { shape: 'root', form: 'nested', config: { classes, masks: 'masks', ...config } };
}

describe('images of other kinds', () => {
  const size2 = { width: 34, height: 26 };
  const IMAGES: Record<string, (map: Bitmap) => Raster> = {
    'gray + alpha': (map) => ({
      ...{ ...size2, bitDepth: 8, color: 4 },
      samples: Uint8Array.from({ length: map.length * 2 }, (_, i) => (i % 2 ? 255 : map[i >> 1])),
    }),
    RGBA: (map) => ({
      ...{ ...size2, bitDepth: 8, color: 6 },
      samples: Uint8Array.from({ length: map.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : map[i >> 2])),
    }),
    '16 bits': (map) => ({ ...size2, bitDepth: 16, color: 0, samples: Uint16Array.from(map, (v) => v * 257) }),
    '1 bit': (map) => ({ ...size2, bitDepth: 1, color: 0, samples: map.map((v) => v >> 7) }),
  };
  it.each(Object.keys(IMAGES))('%s: no error, all counts', (kind) => {
    const plates = clean(9);
    for (const plate of plates) plate.bytes.images = encodePng(IMAGES[kind](plate.image));
    const home = join(folder, `image ${kind}`);
    expect(audit(writeCovidWorld(home, plates), join(home, 'run'))).toEqual([]);
  });
});

describe('where things lie', () => {
  it.each(['[a] {b,c} (d) !e $f ~g', 'new\nline', '-dash', '**', 'quote\'"s', 'ünï 日本'])(
    'a dataset in %j',
    (name) => {
      const plates = clean(10);
      spoilPredictions(plates, 11, { missing: 0.1, damaged: 0.1 });
      const home = join(folder, 'odd', name);
      const world = writeCovidWorld(home, plates);
      expect(audit(world, join(home, 'run'))).toEqual([]);
    },
  );

  it('named with a slash behind, relatively, through a link, and from within', () => {
    const home = join(folder, 'named');
    const world = writeCovidWorld(home, clean(12));
    symlinkSync(world.dataset, join(home, 'link'));
    const names = [
      `${world.dataset}/`,
      relative(process.cwd(), world.dataset),
      `${world.dataset}/../data`,
      join(home, 'link'),
    ];
    for (const [i, dataset] of names.entries()) {
      expect(audit({ ...world, dataset }, join(home, `run${i}`)), dataset).toEqual([]);
    }
    const inner = join(world.dataset, OFFICIAL.root);
    const within = { ...world, dataset: inner, predictions: join(world.predictions!, OFFICIAL.root) };
    const cut = (path: string | undefined) => path?.slice(OFFICIAL.root.length + 1);
    within.samples = world.samples.map((s) => ({
      ...s,
      ...{ image: cut(s.image)!, imagePath: cut(s.imagePath)!, truthPath: cut(s.truthPath) },
      predictionPath: cut(s.predictionPath),
    }));
    expect(audit(within, join(home, 'within'))).toEqual([]);
  });

  it('strange things beside the images are left alone', () => {
    const home = join(folder, 'beside');
    const world = writeCovidWorld(home, clean(13));
    for (const path of ['README.txt', 'Thumbs.db', `${OFFICIAL.root}/notes.csv`, `${OFFICIAL.root}/Train/.DS_Store`]) {
      writeFile(join(world.dataset, path), 'x');
    }
    writeFile(join(world.dataset, '__MACOSX/Infection Segmentation Data/Train/COVID-19/images/._covid_1.png'), 'x');
    mkdirSync(join(world.dataset, 'empty'));
    expect(audit(world, join(home, 'run'))).toEqual([]);
  });

  it('predictions inside the dataset, and what runs wrote there, are none of its images', () => {
    const home = join(folder, 'inside');
    const world = writeCovidWorld(home, clean(19));
    const predictions = join(world.dataset, 'model a');
    renameSync(world.predictions!, predictions);
    const inside = { ...world, predictions };
    const first = join(world.dataset, 'runs', 'first');
    expect(audit(inside, first)).toEqual([]);
    // As `--save-predictions` leaves them, in a run that was finished and in one that was not.
    cpSync(predictions, join(first, 'predictions'), { recursive: true });
    cpSync(first, join(world.dataset, 'stopped'), { recursive: true });
    renameSync(join(world.dataset, 'stopped/journal.ndjson'), join(world.dataset, 'stopped/journal.ndjson.part'));
    expect(audit(inside, join(home, 'run'))).toEqual([]);
  });

  it('a folder that holds itself counts once, and a linked one like any other', () => {
    const home = join(folder, 'links');
    const world = writeCovidWorld(home, clean(20));
    const root = join(world.dataset, OFFICIAL.root);
    symlinkSync('..', join(root, 'Train/round'));
    symlinkSync(home, join(root, 'Train/out'));
    symlinkSync('nowhere', join(root, 'nowhere'));
    symlinkSync('itself', join(root, 'itself'));
    renameSync(join(root, 'Val'), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(root, 'Val'));
    expect(audit(world, join(home, 'run'))).toEqual([]);
  });

  it('linked folders of images and of label masks', () => {
    const home = join(folder, 'linked slides');
    const slides = planSlides({ seed: 21, splits: ['train', 'val'], count: 4, classes: 4, ignore: null, size });
    for (const slide of slides) slide.prediction = { map: slide.labels!, size: slide };
    const world = writeMasksWorld(home, slides, { ...masks(), shape: 'split-last' });
    for (const part of ['images', 'masks']) {
      renameSync(join(world.dataset, part, 'val'), join(home, part));
      symlinkSync(join(home, part), join(world.dataset, part, 'val'));
      symlinkSync('..', join(world.dataset, part, 'up'));
    }
    expect(audit(world, join(home, 'run'))).toEqual([]);
  });

  it('flat predictions whose stems are not unique score no image by another one', () => {
    const home = join(folder, 'ambiguous');
    const plates = clean(14);
    plates[0].stem = 'same';
    plates.at(-1)!.stem = 'same';
    const world = writeCovidWorld(home, plates, { form: 'flat' });
    const run = join(home, 'run');
    const done = maskaudit('audit', world.dataset, '--predictions', world.predictions!, ...world.args, '--out', run);
    if (done.status === 2) return;
    const { rows } = parseCsv(readFileSync(join(run, 'covid.csv'), 'utf8'));
    const same = rows.filter((r) => r.image.endsWith('/same'));
    expect(same.map((r) => r.outcome)).toEqual(['unscored', 'unscored']);
    expect(done.status).toBe(1);
  });

  it('.PNG in capitals', () => {
    const home = join(folder, 'capitals');
    const world = writeCovidWorld(home, clean(15));
    for (const sample of world.samples) {
      const upper = (path: string) => `${path.slice(0, -3)}PNG`;
      for (const path of [sample.imagePath, sample.truthPath!, sample.imagePath.replace('/images/', '/lung masks/')]) {
        renameSync(join(world.dataset, path), join(world.dataset, upper(path)));
      }
      sample.imagePath = upper(sample.imagePath);
      sample.truthPath = upper(sample.truthPath!);
    }
    expect(audit(world, join(home, 'run'))).toEqual([]);
  });
});

describe('how masks are read', () => {
  it('nonCovid: mask leaves a Non-COVID image without infection its lungs', () => {
    const home = join(folder, 'non-covid');
    const plates = clean(16);
    const world = writeCovidWorld(home, plates);
    world.samples.forEach((sample, i) => {
      const { source, lung, infection } = plates[i];
      if (source !== 'Non-COVID') return;
      sample.truth = lung!.map((v, k) => (infection![k] ? 3 : v));
      sample.predicted = sample.truth;
      writeFile(join(world.predictions!, `${sample.image}.png`), encodePng(gray(34, 26, sample.truth)));
    });
    expect(audit(world, join(home, 'run'), ['--non-covid', 'mask'])).toEqual([]);
  });

  it.each([
    ['threshold:100', [0, 40, 99, 101, 180, 255], (v: number) => v > 100],
    ['nonzero', [0, 1, 7, 255], (v: number) => v > 0],
    ['equals:7', [0, 6, 7, 8, 255], (v: number) => v === 7],
  ] as const)('%s is applied as stated', (encoding, values, on) => {
    const home = join(folder, encoding.replace(':', ' '));
    const plates = clean(17);
    plates.forEach((plate, n) => {
      // Each pixel keeps its state and takes some value that stands for it.
      const of = (state: number, i: number) =>
        values.filter((v) => on(v) === state > 0)[(i + n) % values.filter((v) => on(v) === state > 0).length];
      for (const part of ['lung', 'infection'] as const) {
        plate.bytes[part] = encodePng(gray(34, 26, plate[part]!.map(of)));
      }
    });
    const world = writeCovidWorld(home, plates);
    const open = { open: ['L001', 'L003', 'L004', 'L005'] };
    expect(audit(world, join(home, 'run'), ['--mask-encoding', encoding], open)).toEqual([]);
  });

  it('masks: a value that no class has is L001 with its file', () => {
    const home = join(folder, 'undeclared');
    const slides = planSlides({ seed: 18, splits: [''], count: 6, classes: 3, ignore: 255, size });
    for (const slide of slides) slide.prediction = { map: slide.labels!.map((v) => (v === 255 ? 0 : v)), size: slide };
    const wrong = slides[2].labels!.slice();
    wrong.fill(77, 40, 60);
    slides[2].bytes.label = encodePng(gray(34, 26, wrong));
    const world = writeMasksWorld(home, slides, masks({ ignoreIndex: 255 }));
    const faults = [{ rule: 'L001', severity: 'error' as const, files: [world.samples[2].truthPath!] }];
    expect(audit(world, join(home, 'run'), [], { faults, figures: false })).toEqual([]);
  });
});
