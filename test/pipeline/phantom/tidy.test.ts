import { describe, expect, it } from 'vitest';
import { tidyMask } from '../../../src/pipeline/phantom/tidy.js';
import { createRandom } from '../../../src/pipeline/random.js';
import { holes, parts } from './shapes.js';

const SIZE = 20;

describe('tidyMask', () => {
  it('leaves no part and no hole below the area, and changes nothing that has none', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(seed);
      const density = random.between(0.2, 0.9);
      const mask = Uint8Array.from({ length: SIZE * SIZE }, () => (random.chance(density) ? 255 : 0));
      const before = mask.slice();
      const smallest = random.integer(1, 9);
      const wasTidy = [...parts(mask, SIZE), ...holes(mask, SIZE)].every((piece) => piece.area >= smallest);
      const left = tidyMask(mask, SIZE, smallest);
      expect(parts(mask, SIZE).length).toBe(left);
      expect([...parts(mask, SIZE)].every((piece) => piece.area >= smallest)).toBe(true);
      expect(mask.every((value) => value === 0 || value === 255)).toBe(true);
      if (wasTidy) expect(mask).toEqual(before);
    }
  });

  it('counts diagonal neighbours as one part, and not as one hole', () => {
    const draw = (rows: string[]) => Uint8Array.from(rows.join(''), (c) => (c === '#' ? 255 : 0));
    const stairs = draw(['#....', '.#...', '..#..', '...#.', '....#']);
    expect(tidyMask(stairs, 5, 5)).toBe(1);
    const pierced = draw(['#####', '#.###', '##.##', '#####', '#####']);
    expect(tidyMask(pierced, 5, 2)).toBe(1);
    expect(pierced.every((value) => value === 255)).toBe(true);
  });

  it('keeps gaps that reach the border', () => {
    const mask = new Uint8Array(25).fill(255);
    mask[2] = 0;
    expect(tidyMask(mask, 5, 4)).toBe(1);
    expect(mask[2]).toBe(0);
  });
});
