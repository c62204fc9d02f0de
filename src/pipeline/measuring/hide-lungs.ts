import type { Pixels } from '../engines/engine.js';
import type { Probe } from '../record.js';
import type { Lungs } from './lungs.js';

/**
 * The picture with its lungs blacked out, and with all else blacked out. Lungs of another size are brought to the picture's by
 * nearest neighbour.
 */
export function hideLungs({ width, height, channels, data }: Pixels, lungs: Lungs): Record<Probe, Pixels> {
  const withoutLungs = data.slice();
  const lungsAlone = data.slice();
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * lungs.height) / height) * lungs.width;
    for (let x = 0; x < width; x++) {
      const inside = lungs.inside[row + Math.floor(((x + 0.5) * lungs.width) / width)] !== 0;
      const values = inside ? withoutLungs : lungsAlone;
      for (let c = 0, at = (y * width + x) * channels; c < channels; c++) values[at + c] = 0;
    }
  }
  const picture = (values: Uint8Array): Pixels => ({ width, height, channels, data: values });
  return { withoutLungs: picture(withoutLungs), lungsAlone: picture(lungsAlone) };
}
