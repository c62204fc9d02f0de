import type { HeatMaps } from '../engines/engine.js';
import { axisTable, resample } from '../model/resample.js';

/**
 * What speaks for a class in a picture: the positive part of its heat map (Grad-CAM's ReLU), brought bilinearly to a grid of
 * width x height that covers the same picture, row-major.
 */
export function heatOnGrid(heat: HeatMaps, classIndex: number, width: number, height: number): Float64Array {
  const size = heat.width * heat.height;
  const positive = heat.values.subarray(classIndex * size, (classIndex + 1) * size).map((value) => Math.max(0, value));
  const x = axisTable(heat.width, width, 'bilinear');
  const y = axisTable(heat.height, height, 'bilinear');
  const rows = new Float64Array(heat.height * width);
  const out = new Float64Array(width * height);
  resample(positive, 1, 0, heat.width, heat.height, x, y, rows, out);
  return out;
}

/** Share of the values where the mask is not 0, of all of them, 0 to 1; null where they are all 0. */
export function shareInside(values: Float64Array, mask: Uint8Array): number | null {
  let inside = 0;
  let all = 0;
  for (let i = 0; i < values.length; i++) {
    all += values[i];
    if (mask[i] !== 0) inside += values[i];
  }
  return all === 0 ? null : inside / all;
}

/** Share of a mask that is not 0, 0 to 1: what `shareInside` would give of heat that is the same everywhere. */
export function shareOn(mask: Uint8Array): number {
  let on = 0;
  for (const value of mask) if (value !== 0) on++;
  return on / mask.length;
}
