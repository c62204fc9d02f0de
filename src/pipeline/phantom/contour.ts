/** A closed outline as x, y pairs in fractions of the image. */
export type Contour = Float64Array;

/** The closed uniform Catmull-Rom curve through the points, `steps` vertices between two of them. */
export function smoothContour(points: readonly (readonly [number, number])[], steps: number): Contour {
  const n = points.length;
  const out = new Float64Array(n * steps * 2);
  for (let i = 0, at = 0; i < n; i++) {
    const [p0, p1, p2, p3] = [points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n]];
    for (let s = 0; s < steps; s++, at += 2) {
      const t = s / steps;
      for (const axis of [0, 1] as const) {
        const slope = (p2[axis] - p0[axis]) / 2;
        const nextSlope = (p3[axis] - p1[axis]) / 2;
        const rise = p2[axis] - p1[axis];
        out[at + axis] =
          p1[axis] + t * (slope + t * (3 * rise - 2 * slope - nextSlope + t * (slope + nextSlope - 2 * rise)));
      }
    }
  }
  return out;
}

/** Area inside the contour, in image areas (shoelace formula). */
export function contourArea(contour: Contour): number {
  let twice = 0;
  for (let i = 0, j = contour.length - 2; i < contour.length; j = i, i += 2) {
    twice += contour[j] * contour[i + 1] - contour[i] * contour[j + 1];
  }
  return Math.abs(twice) / 2;
}

/** Sets to 255 the pixels of a size x size mask whose centres lie inside the contour (even-odd rule). */
export function fillContour(contour: Contour, mask: Uint8Array, size: number): void {
  const crossings: number[] = [];
  let low = size;
  let high = -1;
  for (let i = 1; i < contour.length; i += 2) {
    low = Math.min(low, contour[i] * size);
    high = Math.max(high, contour[i] * size);
  }
  for (let y = Math.max(0, Math.floor(low)); y <= Math.min(size - 1, Math.ceil(high)); y++) {
    const v = (y + 0.5) / size;
    crossings.length = 0;
    for (let i = 0, j = contour.length - 2; i < contour.length; j = i, i += 2) {
      const from = contour[j + 1];
      const to = contour[i + 1];
      if (from > v === to > v) continue;
      crossings.push(contour[j] + ((v - from) / (to - from)) * (contour[i] - contour[j]));
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const start = Math.max(0, Math.ceil(crossings[c] * size - 0.5));
      const end = Math.min(size, Math.ceil(crossings[c + 1] * size - 0.5));
      if (end > start) mask.fill(255, y * size + start, y * size + end);
    }
  }
}
