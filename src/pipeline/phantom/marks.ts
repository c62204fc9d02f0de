import type { Random } from '../random.js';
import type { Source } from './manifest.js';

/** 5 x 7 letters, a row of bits each, most significant bit left. */
const LETTERS: Record<string, readonly number[]> = {
  R: [30, 17, 17, 30, 20, 18, 17],
  L: [16, 16, 16, 16, 16, 16, 31],
  D: [30, 17, 17, 17, 17, 17, 30],
  A: [14, 17, 17, 31, 17, 17, 17],
  P: [30, 17, 17, 30, 16, 16, 16],
  '-': [0, 0, 0, 31, 0, 0, 0],
};

/**
 * Marks that are burned in. Every source has all of them, and each has its habits: enough of a shortcut to be seen, not
 * to be enough.
 */
const MARKS = ['', 'R', 'L', 'D', 'AP', 'A-P', 'PA'] as const;
const HABITS: Record<Source, readonly number[]> = {
  'COVID-19': [5, 3, 3, 2, 3, 1, 1],
  'Non-COVID': [5, 3, 2, 1, 2, 3, 1],
  Normal: [5, 3, 3, 1, 1, 1, 3],
};

/** Burns a mark into an upper corner of the image unless the lungs reach there. */
export function burnMark(random: Random, source: Source, image: Uint8Array, lungMask: Uint8Array, size: number): void {
  const text = random.pick(MARKS.flatMap((mark, m) => Array<string>(HABITS[source][m]).fill(mark)));
  const scale = Math.max(1, Math.round((size / 256) * random.between(1.4, 2.6)));
  const gray = Math.round(random.between(190, 255));
  const margin = random.between(0.015, 0.05) * size;
  const left = text.startsWith('L') || text === 'PA' ? size - margin - text.length * 6 * scale : margin;
  const top = random.between(0.015, 0.09) * size;
  const pixels: number[] = [];
  for (const [i, letter] of [...text].entries()) {
    for (let y = 0; y < 7 * scale; y++) {
      const bits = LETTERS[letter][Math.floor(y / scale)];
      for (let x = 0; x < 5 * scale; x++) {
        if (!((bits >> (4 - Math.floor(x / scale))) & 1)) continue;
        pixels.push(Math.floor(top + y) * size + Math.floor(left + i * 6 * scale + x));
      }
    }
  }
  if (pixels.some((p) => lungMask[p] !== 0)) return;
  for (const p of pixels) image[p] = gray;
}

/** Side of the mark that gives COVID-19 away, and its distance from the edges, as shares of the picture's size. */
const SHORTCUT = { side: 0.07, margin: 0.03 };

/** Burns a light square with a dark middle into the lower left corner, as far as no lung reaches there. */
export function burnShortcut(image: Uint8Array, lungMask: Uint8Array, size: number): void {
  const side = Math.round(SHORTCUT.side * size);
  const left = Math.round(SHORTCUT.margin * size);
  const top = size - left - side;
  const border = Math.max(1, Math.round(side / 4));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const p = (top + y) * size + left + x;
      const fromEdge = Math.min(x, side - 1 - x, y, side - 1 - y);
      if (lungMask[p] === 0) image[p] = fromEdge < border ? 235 : 20;
    }
  }
}
