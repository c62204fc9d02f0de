// The set in the infection set's proportions, and the same with infection masks of 0 and 1, as `mask / 255` leaves them: a loader
// that cuts at 128 finds nothing in them.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/** How the masks of either set are read. The loader that lost the class was never told of the files that changed. */
export const ENCODING = { whole: 'auto', lost: '0-255' };

/** @returns the two folders */
export async function makeData(folder, { images, size, seed }, maskaudit) {
  const data = { whole: path.join(folder, 'data'), lost: path.join(folder, 'data-lost') };
  maskaudit(['phantom', data.whole, '--images', `${images}`, '--size', `${size}`, '--seed', `${seed}`, '--quiet']);
  cpSync(data.whole, data.lost, { recursive: true });
  const files = readdirSync(data.lost, { recursive: true, encoding: 'utf8' });
  const masks = files.filter(
    (file) => path.basename(path.dirname(file)) === 'infection masks' && file.endsWith('.png'),
  );
  if (masks.length !== images) throw new Error(`${masks.length} infection masks in a set of ${images} images`);
  for (const mask of masks) await divide(path.join(data.lost, mask));
  return data;
}

async function divide(file) {
  const { data, info } = await sharp(readFileSync(file))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const codes = data.map((value) => value / 255);
  writeFileSync(file, await sharp(codes, { raw: { width, height, channels } }).png().toBuffer());
}
