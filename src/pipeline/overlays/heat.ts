import type { Rgb } from './palette.js';

/** Levels of heat that are told apart, the first where a ninth of the highest value begins. */
export const HEAT_LEVELS = 8;
/** The value of the lungs' outline in a heat map that is drawn. */
export const LUNG_EDGE = HEAT_LEVELS + 1;

/**
 * From cool to hot: the upper part of matplotlib's `inferno`, even to the eye and with every common colour vision.
 * https://matplotlib.org/stable/users/explain/colors/colormaps.html
 */
export const HEAT_COLOURS: readonly Rgb[] = [
  [106, 23, 110],
  [147, 38, 103],
  [186, 54, 85],
  [221, 81, 58],
  [243, 120, 25],
  [252, 165, 10],
  [246, 215, 70],
  [252, 255, 164],
];

/** Share of the colour over the picture: where little speaks for a class, little is covered. */
export const heatOpacity = (level: number): number => 0.25 + (0.4 * level) / HEAT_LEVELS;

/**
 * A heat map to be drawn over its picture, values 0 (nothing) to HEAT_LEVELS by the share of its own highest value, and LUNG_EDGE
 * on the outline of the lungs, where there is a mask of them. All row-major, width x height.
 */
export function drawableHeat(values: Float64Array, lungs: Uint8Array | null, width: number): Uint8Array {
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  const map = new Uint8Array(values.length);
  for (let i = 0; i < map.length; i++) {
    if (highest > 0) map[i] = Math.min(HEAT_LEVELS, Math.floor((values[i] / highest) * (HEAT_LEVELS + 1)));
    if (lungs !== null && isEdge(lungs, i, width)) map[i] = LUNG_EDGE;
  }
  return map;
}

/** A pixel of the mask beside one that is none. The picture's own edge is no outline. */
function isEdge(mask: Uint8Array, i: number, width: number): boolean {
  if (mask[i] === 0) return false;
  const x = i % width;
  const isOff = (at: number, there: boolean) => there && mask[at] === 0;
  return (
    isOff(i - 1, x > 0) ||
    isOff(i + 1, x < width - 1) ||
    isOff(i - width, i >= width) ||
    isOff(i + width, i + width < mask.length)
  );
}
