import type { Pixels } from '../engines/engine.js';

/** A gray test image, always the same: a gradient under blocks of texture, so that an output that ignores it shows. */
export function probeImage(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const texture = Math.imul((x >> 2) * 73856093, 2654435761) ^ Math.imul((y >> 2) * 19349663, 2246822519);
      data[y * width + x] = Math.floor((128 * x) / width + (64 * y) / height) + ((texture >>> 16) & 63);
    }
  }
  return { width, height, channels: 1, data };
}
