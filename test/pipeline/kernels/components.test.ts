import { describe, expect, it } from 'vitest';
import type { ComponentStats } from '../../../src/pipeline/kernels/kernels.js';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { pictureBytes, randomSource } from './random.js';

const kernels = createKernels();

/** By flood fill: the oracle. */
function flood(bytes: Uint8Array, width: number, height: number, value: number, small: number): ComponentStats {
  const stats = { components: 0, specks: 0, speckPixels: 0, holes: 0, holePixels: 0 };
  const seen = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start++) {
    if (seen[start]) continue;
    const on = bytes[start] === value;
    const stack = [start];
    seen[start] = 1;
    let area = 0;
    let border = false;
    while (stack.length > 0) {
      const i = stack.pop()!;
      const [x, y] = [i % width, Math.floor(i / width)];
      area++;
      border ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= width || ny >= height || (!on && dx !== 0 && dy !== 0)) continue;
          const j = ny * width + nx;
          if (seen[j] || (bytes[j] === value) !== on) continue;
          seen[j] = 1;
          stack.push(j);
        }
      }
    }
    if (on) {
      stats.components++;
      if (area <= small) {
        stats.specks++;
        stats.speckPixels += area;
      }
    } else if (!border && area <= small) {
      stats.holes++;
      stats.holePixels += area;
    }
  }
  return stats;
}

function check(bytes: Uint8Array, width: number, height: number, value: number, small: number, name = ''): void {
  kernels.store(0, bytes);
  expect(kernels.components(0, width, height, value, small), name).toEqual(flood(bytes, width, height, value, small));
}

function drawn(rows: string[]): [Uint8Array, number, number] {
  return [Uint8Array.from(rows.join(''), (c) => (c === '#' ? 255 : 0)), rows[0].length, rows.length];
}

describe('components', () => {
  it('counts by hand: diagonal foreground joins, diagonal background does not', () => {
    const [bytes, width, height] = drawn([
      '#........',
      '.#...###.',
      '.....#.#.',
      '..#..##..',
      '.#.#...#.',
      '..#......',
    ]);
    kernels.store(0, bytes);
    // Foreground: the diagonal pair of 2; the ring of 7 with the pixel that it touches diagonally; the diamond of 4.
    // Holes: a pixel in the ring, one in the diamond, whose ways out are diagonal.
    expect(kernels.components(0, width, height, 255, 2)).toEqual({
      components: 3,
      specks: 1,
      speckPixels: 2,
      holes: 2,
      holePixels: 2,
    });
  });

  it('none, all, one pixel', () => {
    const none = { components: 0, specks: 0, speckPixels: 0, holes: 0, holePixels: 0 };
    kernels.store(0, new Uint8Array(12));
    expect(kernels.components(0, 4, 3, 255, 100)).toEqual(none);
    expect(kernels.components(0, 4, 3, 0, 100)).toEqual({ ...none, components: 1, specks: 1, speckPixels: 12 });
    kernels.store(0, Uint8Array.of(255));
    expect(kernels.components(0, 1, 1, 255, 1)).toEqual({ ...none, components: 1, specks: 1, speckPixels: 1 });
  });

  it('equals a flood fill on noise of every density and on drawn shapes', () => {
    const random = randomSource(11);
    for (const [width, height] of [
      [1, 1],
      [1, 30],
      [30, 1],
      [2, 2],
      [17, 3],
      [63, 9],
      [64, 9],
      [65, 9],
      [128, 40],
      [255, 57],
    ]) {
      for (const density of [0.02, 0.2, 0.41, 0.5, 0.6, 0.8, 0.98]) {
        const bytes = Uint8Array.from({ length: width * height }, () => (random.next() < density ? 255 : 0));
        for (const small of [0, 1, 5, 1000]) check(bytes, width, height, 255, small, `${width}x${height} ${density}`);
      }
      for (let kind = 0; kind < 5; kind++) {
        const bytes = pictureBytes(random, kind, width, height);
        check(bytes, width, height, 255, 9, `${width}x${height} kind ${kind}`);
        check(bytes, width, height, bytes[0], 9);
      }
    }
  });

  it('spirals, combs, checkerboards and equal rows', () => {
    const size = 65;
    const spiral = new Uint8Array(size * size);
    let [x, y, dx, dy, left] = [0, 0, 1, 0, 4 * size * size];
    const at = (i: number, j: number) => (i < 0 || j < 0 || i >= size || j >= size ? 1 : spiral[j * size + i]);
    while (left-- > 0) {
      spiral[y * size + x] = 255;
      if (at(x + dx, y + dy) === 1 || at(x + 2 * dx, y + 2 * dy) === 255) [dx, dy] = [-dy, dx];
      if (at(x + dx, y + dy) !== 0) break;
      x += dx;
      y += dy;
    }
    check(spiral, size, size, 255, 30, 'spiral');
    check(spiral, size, size, 0, 30, 'spiral inverted');
    const shapes: Record<string, (x: number, y: number) => boolean> = {
      comb: (i, j) => j === 0 || i % 2 === 0,
      'comb down': (i, j) => j === size - 1 || i % 2 === 0,
      checkers: (i, j) => (i + j) % 2 === 0,
      lines: (i) => i % 3 === 1,
      grid: (i, j) => i % 4 === 0 || j % 4 === 0,
      rings: (i, j) => Math.max(Math.abs(i - 32), Math.abs(j - 32)) % 2 === 0,
      'U in U': (i, j) => (i % 8 === 2 || i % 8 === 6 || (j % 9 === 7 && i % 8 > 1 && i % 8 < 7)) && j % 9 > 0,
    };
    for (const [name, on] of Object.entries(shapes)) {
      const bytes = Uint8Array.from({ length: size * size }, (_, i) => (on(i % size, Math.floor(i / size)) ? 255 : 0));
      check(bytes, size, size, 255, 9, name);
      check(bytes, size, size, 0, 9, `${name} inverted`);
    }
  });

  it('takes time in proportion to the pixels, noise included', () => {
    const timeOf = (size: number) => {
      const random = randomSource(size);
      kernels.store(
        0,
        Uint8Array.from({ length: size * size }, () => (random.next() < 0.41 ? 255 : 0)),
      );
      const times = [1, 2, 3].map(() => {
        const start = process.hrtime.bigint();
        kernels.components(0, size, size, 255, 9);
        return Number(process.hrtime.bigint() - start);
      });
      return Math.min(...times);
    };
    timeOf(256);
    // 64 times the pixels; 4,096 times for anything quadratic.
    expect(timeOf(2048)).toBeLessThan(timeOf(256) * 64 * 8);
  });
});
