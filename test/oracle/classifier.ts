import type { Bitmap, Size } from './shapes.js';

/** How the card beside the model has its probabilities read. */
export interface Card {
  temperature: number;
  /** By class index; null: the most probable of those without a probability of their own. */
  decide: (number | null)[];
}
export const PLAIN: Card = { temperature: 1, decide: [null, null, null] };

/** What fixtures/onnx/heat.onnx says of a picture, from its pixels. */
export interface Answer {
  probabilities: number[];
  predicted: number;
  /** For each class the four quarters' heat, row-major. */
  heat: number[][];
}

/** Bilinear with half-pixel centres, borders repeat, no smoothing where it shrinks. */
export function bilinear(values: ArrayLike<number>, from: Size, to: Size): number[] {
  const between = (i: number, input: number, output: number) => {
    const position = Math.min(input - 1, Math.max(0, ((i + 0.5) * input) / output - 0.5));
    const low = Math.floor(position);
    return { low, high: Math.min(input - 1, low + 1), part: position - low };
  };
  return Array.from({ length: to.width * to.height }, (_, i) => {
    const x = between(i % to.width, from.width, to.width);
    const y = between(Math.floor(i / to.width), from.height, to.height);
    const row = (r: number) => values[r * from.width + x.low] * (1 - x.part) + values[r * from.width + x.high] * x.part;
    return row(y.low) * (1 - y.part) + row(y.high) * y.part;
  });
}

const SIDE = { width: 8, height: 8 };

export function answer(picture: Bitmap, size: Size, { temperature, decide }: Card): Answer {
  const grays = bilinear(picture, size, SIDE).map((value) => value / 255);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  // Quarters of 4 x 4: the first class is dark ones, the second those brighter above, the third those brighter at the left.
  const quarter = (q: number, weight: (x: number, y: number) => number) =>
    sum(
      Array.from({ length: 16 }, (_, i) => {
        const [x, y] = [i % 4, i >> 2];
        return grays[((q >> 1) * 4 + y) * 8 + (q & 1) * 4 + x] * weight(x, y);
      }),
    );
  const heat = [
    [0, 1, 2, 3].map((q) => 1 + quarter(q, () => -0.125)),
    [0, 1, 2, 3].map((q) => quarter(q, (_, y) => (y < 2 ? 1 : -1))),
    [0, 1, 2, 3].map((q) => quarter(q, (x) => (x < 2 ? 1 : -1))),
  ];
  const powers = heat.map((of) => Math.exp(sum(of) / 4 / temperature));
  const probabilities = powers.map((power) => power / sum(powers));
  const times = probabilities.map((p, c) => (decide[c] === null ? 0 : p / (decide[c] as number)));
  const most = (values: number[]) => values.indexOf(Math.max(...values));
  const open = probabilities.map((p, c) => (decide[c] === null ? p : -1));
  return { probabilities, heat, predicted: Math.max(...times) >= 1 ? most(times) : most(open) };
}

/** Share of the predicted class's positive heat inside the lungs; null without a mask of them, or where there is no such heat. */
export function heatInside({ heat, predicted }: Answer, lung: Bitmap | null, size: Size): number | null {
  if (lung === null) return null;
  const positive = heat[predicted].map((value) => Math.max(0, value));
  const spread = bilinear(positive, { width: 2, height: 2 }, size);
  const all = spread.reduce((a, b) => a + b, 0);
  return all === 0 ? null : spread.reduce((total, value, i) => total + (lung[i] ? value : 0), 0) / all;
}
