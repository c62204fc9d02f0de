import type { FileFacts } from '../facts.js';

/** What the in-between grays (1..254) of a mask look like. */
export type GrayKind = 'codes' | 'stray' | 'ringing' | 'soft' | 'interpolated';

/** The grays of a mask histogram and what they most likely come from. */
export interface Grays {
  /** Pixels with a value in 1..254, and the values. */
  pixels: number;
  values: number[];
  kind: GrayKind;
}

/**
 * Judges the values 1..254 of a 0/255 mask by counts alone: no value above 15 are label `codes`; one or two values are `stray`
 * (a third code, not an edge); grays crowded within 31 of 0 and 255 are JPEG `ringing`; grays that fill more than a fifth of
 * the picture, or have no white to lead to, are a `soft` (probability) map; the rest is what an `interpolated` edge leaves.
 */
export function grayDiagnosis(histogram: ArrayLike<number>): Grays {
  const values: number[] = [];
  let pixels = 0;
  let nearEnds = 0;
  for (let value = 1; value < 255; value++) {
    if (histogram[value] === 0) continue;
    values.push(value);
    pixels += histogram[value];
    if (value < 32 || value > 223) nearEnds += histogram[value];
  }
  const total = histogram[0] + histogram[255] + pixels;
  const highest = values.length === 0 ? 0 : values[values.length - 1];
  let kind: GrayKind = 'interpolated';
  if (histogram[255] === 0 && highest < 16) kind = 'codes';
  else if (values.length <= 2) kind = 'stray';
  else if (nearEnds >= 0.6 * pixels) kind = 'ringing';
  else if (pixels > 0.2 * total || (histogram[255] === 0 && highest < 224)) kind = 'soft';
  return { pixels, values, kind };
}

/** True where every pixel is 0 or 255: what nearly every mask is, told from two counts. */
export function isBinary({ mask, width, height }: FileFacts): boolean {
  return mask !== null && mask.histogram[0] + mask.histogram[255] === width * height;
}

/** The `maskEncoding` that a mask with these values asks for. */
export function fittingEncoding(histogram: ArrayLike<number>): string {
  const on: number[] = [];
  for (let value = 1; value < 256; value++) if (histogram[value] > 0) on.push(value);
  if (on.length === 1) return on[0] === 255 ? '0-255' : on[0] === 1 ? '0-1' : `equals:${on[0]}`;
  return on.length > 0 && on[on.length - 1] >= 128 ? 'threshold:128' : 'nonzero';
}
