import { join } from 'node:path';
import { answer, type Card, heatInside } from './classifier.js';
import { OFFICIAL, type Plate, SOURCES, type Source, SPLITS, writeCovidWorld } from './covid-world.js';
import { encodePng, gray } from './png.js';
import { type Random, seeded } from './random.js';
import { type Bitmap, lungs, paint, type Size } from './shapes.js';
import { writeFile } from './world.js';

/** An image as the run of a classifier has to show it. */
export interface Classified {
  image: string;
  split: string;
  source: string;
  status: 'scored' | 'unscored' | 'unreadable';
  size: Size | null;
  /** Class index; null where it can't be told. */
  label: number | null;
  /** Null where the picture can't be read. */
  probabilities: number[] | null;
  predicted: number | null;
  heatInLungs: number | null;
}

export interface ClassifiedWorld {
  dataset: string;
  args: string[];
  classes: { index: number; key: string; name: string }[];
  samples: Classified[];
}

const SIZES: Size[] = [
  { width: 8, height: 8 },
  { width: 16, height: 16 },
  { width: 21, height: 13 },
];

/** A picture that leans to a class: dark, or in every quarter brighter above or at the left; the lean is not always strong enough. */
function picture(size: Size, lean: number, random: Random): Bitmap {
  const strength = random.between(0, 60);
  const base = lean === 0 ? random.between(20, 60) : random.between(80, 150);
  const quarter = (at: number, side: number) => ((at * 2) / side) % 1 < 0.5;
  return paint(size, (x, y) => {
    const bright = lean === 1 ? quarter(y, size.height) : lean === 2 && quarter(x, size.width);
    return base + (bright ? strength : 0) + random.between(-20, 20);
  });
}

const noLungs = (size: Size) => paint(size, () => 0);
const told = (label: number, random: Random) => (random.chance(0.75) ? label : random.below(3));

/** Sources tell the class. Some lung masks are missing, empty or damaged, some pictures can't be read, one is there twice. */
export function writeClassifiedCovid(home: string, seed: number, card: Card): ClassifiedWorld {
  const random = seeded(seed);
  const plates: Plate[] = [];
  for (const split of SPLITS) {
    for (const source of SOURCES) {
      for (let i = 0; i < 14; i++) {
        const size = random.pick(SIZES);
        const image = picture(size, told(labelOf(source), random), random);
        const lung = random.pick([lungs, lungs, lungs, lungs, noLungs, () => null])(size, random);
        const plate: Plate = {
          ...{ ...size, split, source, stem: `${split} ${source} [${i}] &`, image, lung },
          ...{ infection: paint(size, () => 0), prediction: null, bytes: {}, unreadable: false },
        };
        const broken = random.below(16);
        if (broken === 0) plate.bytes.images = Buffer.from('no picture');
        if (broken === 1) plate.bytes.lung = Buffer.from('no mask');
        plates.push(plate);
      }
    }
  }
  // The same picture as two classes: their probabilities are equal.
  plates.push(
    { ...plates[0], source: 'Normal', stem: 'again', bytes: {} },
    { ...plates[0], stem: 'once more', bytes: {} },
  );
  const { dataset, samples } = writeCovidWorld(home, plates, { spelling: OFFICIAL });
  return {
    dataset,
    args: [],
    classes: ['healthy', 'covid', 'non-covid'].map((key, index) => ({ index, key, name: '' })),
    samples: samples.map(({ image, split, source }, i) => {
      const plate = plates[i];
      const seen = plate.bytes.images ? null : answer(plate.image, plate, card);
      return {
        ...{ image, split, source, label: labelOf(source as Source) },
        ...{ status: seen ? 'scored' : 'unreadable', size: seen && plate },
        ...{ probabilities: seen?.probabilities ?? null, predicted: seen?.predicted ?? null },
        heatInLungs: seen && heatInside(seen, plate.bytes.lung ? null : plate.lung, plate),
      };
    }),
  };
}

const labelOf = (source: Source) => ['Normal', 'COVID-19', 'Non-COVID'].indexOf(source);

/** Label masks tell the class: of two in one mask the larger. A mask that is missing tells none. */
export function writeClassifiedMasks(home: string, seed: number, card: Card): ClassifiedWorld {
  const random = seeded(seed);
  const dataset = join(home, 'masks');
  const samples = Array.from({ length: 40 }, (_, i): Classified => {
    const size = random.pick(SIZES);
    const image = `slide ${String(i).padStart(2, '0')}`;
    const wanted = random.below(3);
    const pixels = picture(size, told(wanted, random), random);
    const lung = lungs(size, random);
    const inside = [...lung.keys()].filter((p) => lung[p]);
    const sizes = wanted === 0 ? [0, 0] : wanted === 1 ? [3, random.pick([0, 2, 3])] : [random.pick([0, 2]), 3];
    const mask = lung.slice();
    inside.slice(0, sizes[0]).forEach((p) => {
      mask[p] = 2;
    });
    inside.slice(sizes[0], sizes[0] + sizes[1]).forEach((p) => {
      mask[p] = 3;
    });
    const isMissing = i % 13 === 12;
    writeFile(join(dataset, 'images', `${image}.png`), encodePng(gray(size.width, size.height, pixels)));
    if (!isMissing) writeFile(join(dataset, 'masks', `${image}.png`), encodePng(gray(size.width, size.height, mask)));
    const number = (value: number) => mask.filter((v) => v === value).length;
    const label = number(2) === 0 && number(3) === 0 ? 0 : number(3) > number(2) ? 2 : 1;
    const seen = answer(pixels, size, card);
    return {
      ...{ image: `images/${image}`, split: '', source: '', size, label: isMissing ? null : label },
      ...{ status: isMissing ? 'unscored' : 'scored', probabilities: seen.probabilities },
      predicted: isMissing ? null : seen.predicted,
      // Of the lungs with what is painted over them.
      heatInLungs: isMissing ? null : heatInside(seen, mask, size),
    };
  });
  const classes = ['background', 'lung', 'covid', 'non-covid'].map((key, index) => ({ index, key, name: key }));
  const config = join(home, 'masks.config.json');
  writeFile(config, JSON.stringify({ layout: 'masks', classes }));
  return {
    dataset,
    args: ['--config', config, '--label-class', 'covid,non-covid'],
    classes: ['none', 'covid', 'non-covid'].map((key, index) => ({ index, key, name: '' })),
    samples,
  };
}
