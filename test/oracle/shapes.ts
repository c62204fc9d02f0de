import type { Random } from './random.js';

/** Maps are row-major, one byte a pixel; masks hold 0 and 1, label maps class indices, textures grays. */
export type Bitmap = Uint8Array<ArrayBuffer>;
export interface Size {
  width: number;
  height: number;
}

export function paint({ width, height }: Size, value: (x: number, y: number) => number): Bitmap {
  return Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
}

/** Two ellipses beside each other: between a fifth and a third of the image. */
export function lungs(size: Size, random: Random): Bitmap {
  const { width: w, height: h } = size;
  const half = (centre: number) => {
    const cx = w * (centre + (random.next() - 0.5) * 0.04);
    const cy = h * (0.5 + (random.next() - 0.5) * 0.06);
    const [rx, ry] = [w * (0.13 + random.next() * 0.04), h * (0.3 + random.next() * 0.08)];
    return (x: number, y: number) => ((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2 <= 1;
  };
  const [left, right] = [half(0.28), half(0.72)];
  return paint(size, (x, y) => (left(x, y) || right(x, y) ? 1 : 0));
}

/** One patch inside `within`, of 16 pixels at least: a rectangle around one of its pixels, cut to it. */
export function patch(size: Size, within: Bitmap, random: Random): Bitmap {
  const inside = [...within.keys()].filter((i) => within[i] !== 0);
  for (;;) {
    const seed = random.pick(inside);
    const [cx, cy] = [seed % size.width, Math.floor(seed / size.width)];
    const rx = random.between(2, Math.max(3, size.width >> 3));
    const ry = random.between(2, Math.max(3, size.height >> 3));
    const made = paint(size, (x, y) =>
      Math.abs(x - cx) <= rx && Math.abs(y - cy) <= ry && within[y * size.width + x] !== 0 ? 1 : 0,
    );
    if (made.reduce((a, b) => a + b, 0) >= 16) return made;
  }
}

/** Gray tiles of random brightness under light noise: no two images are near each other for any perceptual hash. */
export function texture(size: Size, random: Random): Bitmap {
  const tiles = Array.from({ length: 24 * 24 }, () => random.between(30, 220));
  return paint(size, (x, y) => {
    const column = Math.floor((x * 24) / size.width);
    const row = Math.floor((y * 24) / size.height);
    return tiles[row * 24 + column] + random.between(-6, 6);
  });
}

/** `map` moved by whole pixels; what comes in from outside is 0. */
export function shift(size: Size, map: Bitmap, dx: number, dy: number): Bitmap {
  return paint(size, (x, y) => {
    const [fx, fy] = [x - dx, y - dy];
    return fx < 0 || fy < 0 || fx >= size.width || fy >= size.height ? 0 : map[fy * size.width + fx];
  });
}

/** Every k-th pixel of every k-th row, and that brought back to size: each definition of nearest neighbour agrees. */
export function coarsen(size: Size, map: Bitmap, k: number): { small: Bitmap; smallSize: Size; large: Bitmap } {
  const smallSize = { width: size.width / k, height: size.height / k };
  const small = paint(smallSize, (x, y) => map[y * k * size.width + x * k]);
  const large = paint(size, (x, y) => small[Math.floor(y / k) * smallSize.width + Math.floor(x / k)]);
  return { small, smallSize, large };
}
