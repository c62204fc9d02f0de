/** A seeded source of numbers in [0, 1) (mulberry32), and whole numbers below n. */
export function randomSource(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (n: number): number => Math.floor(next() * n) };
}

export type RandomSource = ReturnType<typeof randomSource>;

/** Bytes of pictures of one kind: noise, flat, a mask of discs, smooth shades, stripes. */
export function pictureBytes(random: RandomSource, kind: number, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height);
  const discs = Array.from({ length: 4 }, () => [
    random.below(width),
    random.below(height),
    1 + random.below(width / 3 + 2),
  ]);
  const shade = random.below(256);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (kind === 0) out[i] = random.below(256);
      else if (kind === 1) out[i] = shade;
      else if (kind === 2) out[i] = discs.some(([cx, cy, r]) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r) ? 255 : 0;
      else if (kind === 3) out[i] = 128 + 90 * Math.sin(x / 9) * Math.cos(y / 13) + random.below(6);
      else out[i] = (x >> 2) % 3 === 0 ? 255 : 0;
    }
  }
  return out;
}
