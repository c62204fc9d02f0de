import type { BootstrapImages } from './bootstrap.js';
import type { OverlapCounts } from './counts.js';

/**
 * Keeps what the bootstrap needs of each scored image: tp and union of every class and the image's cell, 8 C + 4
 * bytes.
 */
export function startScoredImages(classCount: number) {
  const width = 2 * classCount;
  let counts = new Uint32Array(256 * width);
  let cells = new Uint32Array(256);
  let length = 0;
  return {
    add(cell: number, overlaps: readonly OverlapCounts[]): void {
      if (length === cells.length) {
        counts = grown(counts);
        cells = grown(cells);
      }
      cells[length] = cell;
      for (let c = 0; c < classCount; c++) {
        const { tp, fp, fn } = overlaps[c];
        counts[length * width + 2 * c] = tp;
        counts[length * width + 2 * c + 1] = tp + fp + fn;
      }
      length++;
    },
    images: (): BootstrapImages => ({ length, classCount, cells, counts }),
  };
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
