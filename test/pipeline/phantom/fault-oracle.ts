import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { area, differenceHash, distance, holes, parts } from './shapes.js';

/** A fault that was seen: `at` is the image's name, or a split, or ''. */
export interface Seen {
  rule: string;
  at: string;
}

interface Picture {
  pixels: Uint8Array;
  width: number;
  form: string;
}

interface Case {
  name: string;
  split: string;
  source: string;
  image: Picture | null;
  lung: Picture | null;
  infection: Picture | null;
}

const SOURCES = ['COVID-19', 'Non-COVID', 'Normal'];

/**
 * Looks for every fault that a phantom can have, plainly and slowly, with libvips and pixel by pixel; it shares no code
 * with the generator or the rules. Masks that are broken or of another form are judged for that alone.
 */
export async function findFaults(dir: string): Promise<Seen[]> {
  const root = join(dir, 'Infection Segmentation Data');
  const seen: Seen[] = [];
  const see = (rule: string, at: string) => seen.push({ rule, at });
  const cases: Case[] = [];
  for (const split of readdirSync(root)) {
    const sources = readdirSync(join(root, split));
    if (sources.length === 0) see('D010', split);
    for (const source of sources) {
      const leaf = (name: string) => join(root, split, source, name);
      const names = readdirSync(leaf('images'));
      if (names.length === 0) see('D010', split);
      for (const folder of ['lung masks', 'infection masks']) {
        for (const name of readdirSync(leaf(folder))) if (!names.includes(name)) see('D002', name);
        for (const name of names) if (!existsSync(join(leaf(folder), name))) see('D001', name);
      }
      for (const name of names) {
        const read = async (folder: string) => {
          const file = join(leaf(folder), name);
          if (!existsSync(file)) return null;
          const picture = await decode(file);
          if (picture === null) see('D003', name);
          return picture;
        };
        cases.push({
          name,
          split,
          source,
          image: await read('images'),
          lung: await read('lung masks'),
          infection: await read('infection masks'),
        });
      }
    }
  }
  for (const one of cases) for (const rule of labelFaults(one)) see(rule, one.name);
  for (const fault of [...duplicates(cases), ...patients(cases), ...balance(cases)]) seen.push(fault);
  return seen;
}

async function decode(file: string): Promise<Picture | null> {
  try {
    const { format, depth, channels, isPalette, width } = await sharp(file).metadata();
    const whole = sharp(file, { failOn: 'warning' });
    const pixels = await whole.toColourspace('b-w').extractChannel(0).raw({ depth: 'uchar' }).toBuffer();
    return { pixels, width: width!, form: `${format} ${depth} ${channels}${isPalette ? ' palette' : ''}` };
  } catch {
    return null;
  }
}

function labelFaults({ source, image, lung, infection }: Case): string[] {
  const found: string[] = [];
  for (const [mask, role] of [
    [lung, 'lung'],
    [infection, 'infection'],
  ] as const) {
    if (mask === null) continue;
    if (mask.form !== 'png uchar 1') found.push('D005');
    if (image && mask.width !== image.width) found.push('D004');
    const values = new Set(mask.pixels);
    const highest = Math.max(...values);
    if (highest === 1) found.push('L001');
    else if ([...values].some((value) => value > 0 && value < 255)) found.push(highest < 128 ? 'L003' : 'L002');
    // Beyond here the mask as it is meant: 0/1 and grays above the half are on.
    const on = mask.pixels.map((value) => (highest === 1 ? value : value >> 7));
    if (role === 'infection') {
      const pixels = area(on);
      if (source === 'COVID-19' && highest === 0) found.push('L004');
      if (source === 'Normal' && pixels > 0) found.push('L005');
      if (pixels > 0 && [...parts(on, mask.width), ...holes(on, mask.width)].some((piece) => piece.area <= 9))
        found.push('L008');
      if (lung && lung.width === mask.width && on.some((value, i) => value > 0 && lung.pixels[i] === 0))
        found.push('L006');
    } else if (!areLungs(on, mask.width)) found.push('L007');
  }
  return found;
}

function areLungs(on: Uint8Array, width: number): boolean {
  const share = area(on) / on.length;
  const left = on.reduce((sum, value, i) => sum + (value && i % width < width / 2 ? 1 : 0), 0) / area(on);
  return (
    share > 0.05 &&
    share < 0.6 &&
    left > 0.1 &&
    left < 0.9 &&
    parts(on, width).every((piece) => piece.area > 9 && !piece.touchesBorder)
  );
}

/** D006 to D009, each at the names of both images, in order. */
function duplicates(cases: Case[]): Seen[] {
  const usable = cases.filter(({ image }) => image !== null);
  const exact = usable.map(({ image }) => createHash('sha256').update(image!.pixels).digest('hex'));
  const hashes = usable.map(({ image }) => differenceHash(image!.pixels, image!.width));
  const found: Seen[] = [];
  for (const [a, first] of usable.entries()) {
    for (const [b, second] of usable.entries()) {
      if (b <= a) continue;
      const same = exact[a] === exact[b];
      const alike = same || distance(hashes[a], hashes[b]) <= 10;
      if (!alike) continue;
      const at = [first.name, second.name].sort().join(' = ');
      if (same) found.push({ rule: first.split === second.split ? 'D006' : 'D007', at });
      else if (first.split !== second.split) found.push({ rule: 'D008', at });
      const label = (one: Case) =>
        Buffer.concat([one.lung, one.infection].map((mask) => Buffer.from(mask?.pixels ?? [])));
      if (!label(first).equals(label(second))) found.push({ rule: 'D009', at });
    }
  }
  return found;
}

function patients(cases: Case[]): Seen[] {
  const found: Seen[] = [];
  const named = cases
    .map((one) => ({ ...one, patient: /^sub-(S\d+)_/.exec(one.name)?.[1] }))
    .filter(({ patient }) => patient);
  for (const [a, first] of named.entries()) {
    for (const second of named.slice(a + 1)) {
      if (first.patient !== second.patient || first.split === second.split) continue;
      found.push({ rule: 'D011', at: [first.name, second.name].sort().join(' = ') });
    }
  }
  return found;
}

/** B001 to B003 and L009, from readable masks. */
function balance(cases: Case[]): Seen[] {
  const found: Seen[] = [];
  const shareOf = (list: Case[], source: string) => list.filter((one) => one.source === source).length / list.length;
  for (const split of new Set(cases.map((one) => one.split))) {
    const list = cases.filter((one) => one.split === split);
    if (shareOf(list, 'COVID-19') === 0) found.push({ rule: 'B001', at: split });
    if (SOURCES.some((source) => Math.abs(shareOf(list, source) - shareOf(cases, source)) > 0.15))
      found.push({ rule: 'B003', at: split });
  }
  const covid = cases.filter(
    ({ source, lung, infection }) => source === 'COVID-19' && lung && infection && lung.width === infection.width,
  );
  const infected = covid.reduce((sum, { infection }) => sum + area(infection!.pixels), 0);
  const background = cases.reduce((sum, { lung }) => sum + (lung ? lung.pixels.length - area(lung.pixels) : 0), 0);
  if (background > 50 * infected) found.push({ rule: 'B002', at: '' });
  const whole = ({ lung, infection }: Case) => Buffer.compare(lung!.pixels, infection!.pixels) === 0;
  if (covid.length > 0 && covid.every(whole)) found.push({ rule: 'L009', at: '' });
  return found;
}
