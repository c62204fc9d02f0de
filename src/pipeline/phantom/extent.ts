import type { Random } from '../random.js';
import { boundingBox } from './soften.js';
import { tidyMask } from './tidy.js';

/** How large the infections are: as they are, a few pixels (B002), or the whole lung (L009). */
export type Extent = 'usual' | 'tiny' | 'lung';

/** Smallest area of an opacity or consolidation, in pixels: 60 at 256, and never near what counts as a speck. */
export function smallestArea(size: number): number {
  return Math.max(12, Math.round(60 * (size / 256) ** 2));
}

export function withExtent(mask: Uint8Array, lungMask: Uint8Array, size: number, extent: Extent): Uint8Array {
  if (extent === 'usual') return mask;
  return extent === 'lung' ? lungMask.slice() : keepPart(mask, size, Math.round(1.5 * smallestArea(size)));
}

/** The `area` pixels of a mask that are nearest to the middle of its longest row, without specks. */
export function keepPart(mask: Uint8Array, size: number, area: number): Uint8Array {
  const [column, row] = middleOfLongestRow(mask, size);
  const cells: { i: number; distance: number }[] = [];
  for (let i = mask.indexOf(255); i !== -1; i = mask.indexOf(255, i + 1)) {
    cells.push({ i, distance: ((i % size) - column) ** 2 + (Math.floor(i / size) - row) ** 2 });
  }
  cells.sort((a, b) => a.distance - b.distance || a.i - b.i);
  const out = new Uint8Array(mask.length);
  for (const { i } of cells.slice(0, area)) out[i] = 255;
  tidyMask(out, size, Math.min(area, smallestArea(size)));
  return out;
}

function middleOfLongestRow(mask: Uint8Array, size: number): [column: number, row: number] {
  let best = { middle: 0, row: 0, length: 0 };
  for (let from = mask.indexOf(255); from !== -1; ) {
    const row = Math.floor(from / size);
    let to = from;
    while (to < (row + 1) * size && mask[to]) to++;
    if (to - from > best.length) best = { middle: ((from + to - 1) / 2) % size, row, length: to - from };
    from = mask.indexOf(255, to);
  }
  return [best.middle, best.row];
}

/**
 * A round blob inside `within` that touches no pixel of `avoid`; where there is no room, in the lower left corner of
 * the image.
 */
export function drawBlob(random: Random, within: Uint8Array, avoid: Uint8Array | null, size: number): Uint8Array {
  const box = boundingBox(within, size);
  for (let attempt = 0; attempt < 20 && box.right > box.left; attempt++) {
    const x = random.integer(box.left, box.right);
    const y = random.integer(box.top, box.bottom);
    const blob = drawDisc(size, x, y, random.between(0.035, 0.08) * size, (i) => within[i] !== 0 && !avoid?.[i]);
    if (tidyMask(blob, size, smallestArea(size)) > 0) return blob;
  }
  return drawDisc(size, 0, size - 1, 0.09 * size, (i) => !avoid?.[i]);
}

function drawDisc(size: number, x: number, y: number, radius: number, accepts: (i: number) => boolean): Uint8Array {
  const mask = new Uint8Array(size * size);
  for (let j = Math.max(0, Math.ceil(y - radius)); j <= Math.min(size - 1, y + radius); j++) {
    for (let i = Math.max(0, Math.ceil(x - radius)); i <= Math.min(size - 1, x + radius); i++) {
      if ((i - x) ** 2 + (j - y) ** 2 <= radius * radius && accepts(j * size + i)) mask[j * size + i] = 255;
    }
  }
  return mask;
}
