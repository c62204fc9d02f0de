import type { Rgb } from '../../pipeline/overlays/palette.js';

/** xterm's 16 colours as most terminals have them. */
const SIXTEEN: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];
/** Steps of the 6x6x6 cube at 16..231. */
const STEPS = [0, 95, 135, 175, 215, 255];

function distance([r, g, b]: Rgb, [r2, g2, b2]: Rgb): number {
  return (r - r2) ** 2 + (g - g2) ** 2 + (b - b2) ** 2;
}

/** Number of the closest of the 16 colours; of those for light text the order of the list decides. */
export function closest16(colour: Rgb): number {
  let best = 0;
  for (let i = 1; i < 16; i++) if (distance(colour, SIXTEEN[i]) < distance(colour, SIXTEEN[best])) best = i;
  return best;
}

const step = (value: number) => {
  let best = 0;
  for (let i = 1; i < 6; i++) if (Math.abs(value - STEPS[i]) < Math.abs(value - STEPS[best])) best = i;
  return best;
};

/** Number of the closest of the 256: the cube (16..231) or the 24 grays (232..255, 8 + 10 n), whichever is nearer. */
export function closest256(colour: Rgb): number {
  const [r, g, b] = colour.map(step);
  const gray = Math.max(0, Math.min(23, Math.round(((colour[0] + colour[1] + colour[2]) / 3 - 8) / 10)));
  const level = 8 + 10 * gray;
  const cube: Rgb = [STEPS[r], STEPS[g], STEPS[b]];
  return distance(colour, [level, level, level]) < distance(colour, cube) ? 232 + gray : 16 + 36 * r + 6 * g + b;
}
