import { describe, expect, it } from 'vitest';
import { contourArea, fillContour, smoothContour } from '../../../src/pipeline/phantom/contour.js';
import { createRandom } from '../../../src/pipeline/random.js';

/** Pixel centres inside, by casting a ray to the right from each. */
function cast(contour: Float64Array, size: number): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, i) => {
    const [u, v] = [((i % size) + 0.5) / size, (Math.floor(i / size) + 0.5) / size];
    let inside = false;
    for (let a = 0; a < contour.length; a += 2) {
      const b = (a + 2) % contour.length;
      const [x1, y1, x2, y2] = [contour[a], contour[a + 1], contour[b], contour[b + 1]];
      if (y1 > v !== y2 > v && u < x1 + ((v - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
    return inside ? 255 : 0;
  });
}

describe('contours', () => {
  it('fill the pixels whose centres lie inside, also beyond the image', () => {
    const random = createRandom('contour');
    for (let turn = 0; turn < 60; turn++) {
      const size = random.integer(5, 50);
      const points = Array.from(
        { length: random.integer(3, 9) },
        () => [random.between(-0.2, 1.2), random.between(-0.2, 1.2)] as const,
      );
      const contour = smoothContour(points, 5);
      const mask = new Uint8Array(size * size);
      fillContour(contour, mask, size);
      expect(mask).toEqual(cast(contour, size));
    }
  });

  it('pass through their points', () => {
    const points = [
      [0.2, 0.2],
      [0.8, 0.3],
      [0.5, 0.9],
    ] as const;
    const contour = smoothContour(points, 4);
    for (const [i, [x, y]] of points.entries()) {
      expect(contour[8 * i]).toBeCloseTo(x, 12);
      expect(contour[8 * i + 1]).toBeCloseTo(y, 12);
    }
  });

  it('have the area of the shape: a square, and a circle by 64 points', () => {
    expect(contourArea(Float64Array.of(0.1, 0.1, 0.6, 0.1, 0.6, 0.6, 0.1, 0.6))).toBeCloseTo(0.25, 12);
    const circle = Array.from({ length: 64 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 64;
      return [0.5 + 0.3 * Math.cos(angle), 0.5 + 0.3 * Math.sin(angle)] as const;
    });
    expect(contourArea(smoothContour(circle, 4))).toBeCloseTo(Math.PI * 0.09, 4);
  });
});
