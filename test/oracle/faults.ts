import { labelsOf, type Plate, type Source, type Split } from './covid-world.js';
import type { Fault } from './findings.js';
import { encodePng, gray } from './png.js';
import { seeded } from './random.js';
import { type Bitmap, patch, shift, texture } from './shapes.js';

/**
 * Faults to plant into clean plates. `paths` gives the files of a plate; what comes back is what the audit has to say.
 * Plates are 48x48, two or more of each split and source.
 */
export interface Planting {
  plates: Plate[];
  image: (plate: Plate) => string;
  lung: (plate: Plate) => string;
  infection: (plate: Plate) => string;
  prediction: (plate: Plate) => string;
}
type Plant = (planting: Planting) => Fault[];

export const find = (plates: Plate[], split: Split, source: Source, n = 0) =>
  plates.filter((p) => p.split === split && p.source === source)[n];
const perfect = (plate: Plate) => ({ map: labelsOf(plate)!, size: { width: plate.width, height: plate.height } });
const png = (plate: Plate, map: Bitmap) => encodePng(gray(plate.width, plate.height, map));
const on255 = (map: Bitmap) => map.map((v) => v * 255);

/** Another plate with the same picture. */
function twin(plates: Plate[], of: Plate, changes: Partial<Plate>): Plate {
  const made = { ...of, bytes: {}, ...changes };
  made.prediction = perfect(made);
  plates.push(made);
  return made;
}

function damage(part: 'images' | 'lung' | 'infection', spoil: (whole: Buffer) => Uint8Array): Plant {
  return ({ plates, ...paths }) => {
    const plate = find(plates, 'test', 'COVID-19');
    const map = part === 'images' ? plate.image : on255(plate[part]!);
    plate.bytes[part] = spoil(png(plate, map));
    plate.unreadable = part !== 'images';
    const file = paths[part === 'images' ? 'image' : part](plate);
    return [{ rule: 'D003', severity: 'error', files: [file] }];
  };
}

function flip(whole: Buffer): Uint8Array {
  const out = Uint8Array.from(whole);
  out[whole.length - 20] ^= 0x10;
  return out;
}

function giant(): Uint8Array {
  const whole = encodePng(gray(1, 1, new Uint8Array(1)));
  const made = encodePng({ ...gray(1, 1, new Uint8Array(1)) });
  made.set(whole);
  // 2,147,483,647 x 2,147,483,647 pixels, and a CRC that doesn't fit either.
  made.writeUInt32BE(0x7fffffff, 16);
  made.writeUInt32BE(0x7fffffff, 20);
  return made;
}

export const PLANTS: Record<string, Plant> = {
  'nothing at all': () => [],
  'D001, infection mask of a COVID-19 image': ({ plates, image, infection }) => {
    const plate = find(plates, 'test', 'COVID-19');
    const files = [image(plate), infection(plate)];
    plate.infection = null;
    return [{ rule: 'D001', severity: 'error', files }];
  },
  'D001, lung mask': ({ plates, image, lung }) => {
    const plate = find(plates, 'val', 'Normal');
    const files = [image(plate), lung(plate)];
    plate.lung = null;
    return [{ rule: 'D001', severity: 'error', files }];
  },
  'D003, infection mask cut': damage('infection', (w) => w.subarray(0, w.length - 40)),
  'D003, infection mask empty file': damage('infection', () => new Uint8Array()),
  'D003, lung mask is a web page': damage('lung', () => Buffer.from('<!doctype html><title>404</title>')),
  'D003, lung mask with a flipped bit': damage('lung', flip),
  'D003, lung mask of giant size': damage('lung', giant),
  'D003, image cut in half': damage('images', (w) => w.subarray(0, w.length >> 1)),
  'D003, image is text': damage('images', () => Buffer.from('oops')),
  'D004, image of another size': ({ plates, image, infection, lung }) => {
    const plate = find(plates, 'train', 'COVID-19');
    const size = { width: 40, height: 44 };
    plate.bytes.images = encodePng(gray(40, 44, texture(size, seeded(5))));
    return [{ rule: 'D004', severity: 'error', files: [image(plate), infection(plate), lung(plate)] }];
  },
  'D006, twice in a split': ({ plates, image }) => {
    const one = find(plates, 'train', 'Normal');
    const two = twin(plates, one, { stem: 'Normal (900)' });
    return [
      { rule: 'D006', severity: 'warning', files: [image(one)] },
      { rule: 'D006', files: [image(two)] },
    ];
  },
  'D007, in two splits': ({ plates, image }) => {
    const one = find(plates, 'train', 'COVID-19');
    const two = twin(plates, one, { split: 'test', stem: 'covid_900' });
    return [
      { rule: 'D007', severity: 'error', files: [image(one)] },
      { rule: 'D007', files: [image(two)] },
    ];
  },
  'D007, the same pixels in another file': ({ plates, image }) => {
    const one = find(plates, 'train', 'Non-COVID');
    const two = twin(plates, one, { split: 'val', stem: 'non_COVID (900)' });
    two.bytes.images = encodePng(gray(two.width, two.height, two.image), { filter: 4, level: 1, idat: 100 });
    return [
      { rule: 'D007', severity: 'error', files: [image(one)] },
      { rule: 'D007', files: [image(two)] },
    ];
  },
  'D008, nearly the same in two splits': ({ plates, image }) => {
    const one = find(plates, 'train', 'COVID-19');
    const two = twin(plates, one, { split: 'test', stem: 'covid_901' });
    two.image = one.image.map((v, i) => (i % 97 === 0 ? v + 1 : v));
    return [
      { rule: 'D008', severity: 'warning', files: [image(one)] },
      { rule: 'D008', files: [image(two)] },
    ];
  },
  'D009, the same image, another annotation': ({ plates, image }) => {
    const one = find(plates, 'train', 'COVID-19');
    const other = patch(one, one.lung!, seeded(77)).map((v, i) => v ^ (one.infection![i] & 1)) as Bitmap;
    const two = twin(plates, one, { stem: 'covid_902', infection: other.map((v, i) => v & one.lung![i]) });
    return [
      { rule: 'D009', severity: 'error', files: [image(one)] },
      { rule: 'D009', severity: 'error', files: [image(two)] },
      { rule: 'D006', files: [image(one)] },
    ];
  },
  'D011, a patient in two splits': ({ plates, image }) => {
    const one = find(plates, 'train', 'COVID-19');
    const two = find(plates, 'test', 'COVID-19');
    one.stem = 'sub-S03047_ses-E07985_run-1_bp-chest_vp-ap_cr';
    two.stem = 'sub-S03047_ses-E08123_run-2_bp-chest_vp-pa_dx';
    return [
      { rule: 'D011', severity: 'warning', files: [image(one)] },
      { rule: 'D011', files: [image(two)] },
    ];
  },
  'L001, a 0/1 mask': ({ plates, infection }) => {
    const plate = find(plates, 'val', 'COVID-19');
    plate.bytes.infection = png(plate, plate.infection!);
    return [{ rule: 'L001', severity: 'error', files: [infection(plate)] }];
  },
  'L002, an interpolated mask': ({ plates, lung }) => {
    const plate = find(plates, 'val', 'COVID-19');
    const on = plate.lung!;
    const edge = on.map((v, i) => (v && !(on[i - 1] && on[i + 1]) ? 190 : v * 255));
    const halo = edge.map((v, i) => (v === 0 && (edge[i - 1] || edge[i + 1]) ? 60 : v));
    plate.bytes.lung = png(plate, halo);
    return [{ rule: 'L002', severity: 'warning', files: [lung(plate)] }];
  },
  'L004, empty where the source says positive': ({ plates, infection }) => {
    const plate = find(plates, 'test', 'COVID-19');
    plate.infection = plate.infection!.map(() => 0);
    plate.prediction = perfect(plate);
    return [{ rule: 'L004', severity: 'warning', files: [infection(plate)] }];
  },
  'L005, an infection in a Normal image': ({ plates, infection }) => {
    const plate = find(plates, 'train', 'Normal');
    plate.infection = patch(plate, plate.lung!, seeded(4));
    return [{ rule: 'L005', severity: 'error', files: [infection(plate)] }];
  },
  'L006, infection outside the lungs': ({ plates, infection }) => {
    const plate = find(plates, 'train', 'COVID-19');
    plate.infection = plate.infection!.map((v, i) => (i % 48 > 1 && i % 48 < 8 && i > 480 && i < 960 ? 1 : v));
    plate.prediction = perfect(plate);
    return [{ rule: 'L006', severity: 'warning', files: [infection(plate)] }];
  },
  'L007, no lungs': lungFault((map) => map.map(() => 0)),
  'L007, one lung': lungFault((map) => map.map((v, i) => (i % 48 < 24 ? v : 0))),
  'L007, inverted': lungFault((map) => map.map((v) => 1 - v)),
  'L007, the whole image': lungFault((map) => map.map(() => 1)),
  'L008, specks': ({ plates, lung }) => {
    const plate = find(plates, 'train', 'Normal');
    for (const at of [49, 60, 70, 2 * 48 + 24]) plate.lung![at] = 1;
    plate.prediction = perfect(plate);
    return [{ rule: 'L008', severity: 'warning', files: [lung(plate)] }];
  },
  'L009, lungs painted as a class': () => [{ rule: 'L009', severity: 'info', files: [], class: 'non-covid' }],
  'P003 and no more, a poor overlap': ({ plates }) => {
    const plate = find(plates, 'test', 'COVID-19');
    const moved = shift(plate, plate.infection!, 3, 0);
    const map = plate.lung!.map((v, i) => (moved[i] && v ? 2 : v));
    plate.prediction = { map, size: plate };
    return [];
  },
  'P004, predicted as another class': ({ plates, image, prediction }) => {
    const plate = find(plates, 'test', 'COVID-19');
    plate.prediction = { map: labelsOf(plate)!.map((v) => (v === 2 ? 3 : v)), size: plate };
    return [{ rule: 'P004', severity: 'warning', files: [image(plate), prediction(plate)] }];
  },
  'P005, a prediction outside the lungs': ({ plates, image, prediction }) => {
    const plate = find(plates, 'test', 'COVID-19');
    const map = labelsOf(plate)!;
    for (let y = 0; y < 6; y++) map.fill(2, y * 48, y * 48 + 12);
    plate.prediction = { map, size: plate };
    return [{ rule: 'P005', severity: 'info', files: [image(plate), prediction(plate)] }];
  },
  'P007, no prediction': ({ plates }) => {
    find(plates, 'test', 'COVID-19').prediction = null;
    find(plates, 'val', 'Normal').prediction = null;
    return [];
  },
  'P007, a damaged prediction': ({ plates, prediction }) => {
    const plate = find(plates, 'val', 'COVID-19');
    plate.prediction = { bytes: png(plate, labelsOf(plate)!).subarray(0, 70) };
    return [{ rule: 'P007', severity: 'error', files: [prediction(plate)] }];
  },
};

function lungFault(change: (map: Bitmap) => Bitmap): Plant {
  return ({ plates, lung }) => {
    const plate = find(plates, 'train', 'Normal');
    plate.lung = change(plate.lung!);
    plate.prediction = perfect(plate);
    return [{ rule: 'L007', severity: 'warning', files: [lung(plate)] }];
  };
}
