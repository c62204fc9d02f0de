import { describe, expect, it } from 'vitest';
import { outlinePath } from '../../../src/pipeline/report/outline.js';
import { drawCase } from '../../../src/pipeline/report/pictures.js';

/** The pixels that a path of horizontal and vertical strokes encloses by the even-odd rule: a pixel is crossed from its left. */
function filled(path: string, width: number, height: number, scale: number): number[] {
  const crossings = new Set<string>();
  let [x, y] = [0, 0];
  for (const [, command, first, second] of path.matchAll(/([Mhvz])(-?\d+)?(?: (\d+))?/g)) {
    if (command === 'M') [x, y] = [Number(first) / scale, Number(second) / scale];
    if (command === 'h') x += Number(first) / scale;
    if (command === 'v') {
      const to = y + Number(first) / scale;
      for (let row = Math.min(y, to); row < Math.max(y, to); row++) {
        const key = `${x},${row}`;
        if (!crossings.delete(key)) crossings.add(key);
      }
      y = to;
    }
  }
  const pixels: number[] = [];
  for (let row = 0; row < height; row++) {
    let inside = false;
    for (let column = 0; column < width; column++) {
      if (crossings.has(`${column},${row}`)) inside = !inside;
      pixels.push(inside ? 1 : 0);
    }
  }
  return pixels;
}

/** A small generator, so that a failing map can be made again. */
function maps(count: number): { width: number; height: number; labels: Uint8Array }[] {
  let state = 7;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () => {
    const [width, height, rare] = [1 + next(9), 1 + next(9), 2 + next(4)];
    return { width, height, labels: Uint8Array.from({ length: width * height }, () => next(rare)) };
  });
}

describe('an outline', () => {
  it.each([1, 3])('encloses exactly the pixels of its label, holes and corners included (scale %i)', (scale) => {
    for (const { width, height, labels } of maps(400)) {
      const path = outlinePath(labels, width, height, 1, scale);
      expect(filled(path, width, height, scale)).toEqual(Array.from(labels, (label) => (label === 1 ? 1 : 0)));
    }
  });

  it('of a rectangle is four strokes, of nothing is empty', () => {
    const labels = Uint8Array.from([0, 0, 0, 0, 0, 2, 2, 2, 0, 2, 2, 2]);
    expect(outlinePath(labels, 4, 3, 2, 1)).toBe('M1 1h3v2h-3v-2z');
    expect(outlinePath(labels, 4, 3, 1, 1)).toBe('');
  });
});

describe('a picture', () => {
  const view = (width: number, height: number, label: (i: number) => number) => ({
    record: {} as never,
    width,
    height,
    image: new Uint8Array(width * height).fill(90),
    truth: Uint8Array.from({ length: width * height }, (_, i) => label(i)),
    predicted: new Uint8Array(width * height),
    heat: [],
    faults: [],
  });

  it('of noise stays small', () => {
    const picture = drawCase(
      view(700, 700, (i) => ((i * 2654435761) % 7) % 2),
      1,
      2,
    );
    const letters = [picture?.truth, picture?.predicted, picture?.difference].flatMap((of) => of ?? []);
    expect(letters.reduce((sum, { path }) => sum + path.length, 0)).toBeLessThanOrEqual(40_000);
  });

  it('of a large image keeps a single missed pixel', () => {
    const picture = drawCase(
      view(2000, 1500, (i) => (i === 1_234_567 ? 1 : 0)),
      1,
      2,
    );
    expect(Math.max(picture?.width ?? 0, picture?.height ?? 0)).toBeLessThanOrEqual(384);
    expect(picture?.truth?.map(({ label }) => label)).toEqual([1]);
    expect(picture?.difference?.map(({ label }) => label)).toEqual([2]);
  });

  it('of a file of no size is none', () => {
    expect(drawCase({ ...view(0, 0, () => 0), image: null, truth: null, predicted: null }, 1, 2)).toBeNull();
  });
});
