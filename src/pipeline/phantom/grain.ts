import { createRandom, type Random } from '../random.js';

/** Side of the tile; a power of two. */
const SIDE = 256;

let tile: Float32Array | null = null;

/** A row of grain: column x gets `deviation * tile[start + ((x + shift) & mask)]`. */
export interface GrainRow {
  tile: Float32Array;
  start: number;
  shift: number;
  mask: number;
  deviation: number;
}

/**
 * Film grain of mean 0 and the given deviation, somewhat correlated to the left and upwards. All pictures share one
 * tile, which each lays from its own corner: a draw per pixel would take a third of a picture's time.
 */
export function layGrain(random: Random, deviation: number): (y: number) => GrainRow {
  tile ??= makeTile();
  const shared = tile;
  const [shift, down] = [random.integer(0, SIDE), random.integer(0, SIDE)];
  return (y) => ({ tile: shared, start: ((y + down) & (SIDE - 1)) * SIDE, shift, mask: SIDE - 1, deviation });
}

/**
 * An autoregressive field, x = 0.35 left + 0.35 up - 0.1225 upLeft + white, run twice so that it joins at the edges.
 */
function makeTile(): Float32Array {
  const random = createRandom('grain tile');
  const white = Float32Array.from({ length: SIDE * SIDE }, () => random.normal());
  const out = new Float32Array(SIDE * SIDE);
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0, i = 0; y < SIDE; y++) {
      const above = ((y + SIDE - 1) & (SIDE - 1)) * SIDE;
      for (let x = 0; x < SIDE; x++, i++) {
        const left = (x + SIDE - 1) & (SIDE - 1);
        out[i] = 0.35 * (out[y * SIDE + left] + out[above + x]) - 0.1225 * out[above + left] + white[i];
      }
    }
  }
  const deviation = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0) / out.length);
  return out.map((x) => x / deviation);
}
