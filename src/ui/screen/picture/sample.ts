import type { Region } from './frame.js';

/** First and last + 1 source position of each of `dots` dots; a dot covers at least one pixel. */
function spans(start: number, length: number, dots: number): Int32Array {
  const ends = new Int32Array(2 * dots);
  for (let i = 0; i < dots; i++) {
    const from = start + Math.floor((i * length) / dots);
    ends[2 * i] = from;
    ends[2 * i + 1] = Math.max(from + 1, start + Math.floor(((i + 1) * length) / dots));
  }
  return ends;
}

/** The gray of each dot: the mean of the pixels that it covers. `image` is row-major, `stride` pixels a row. */
export function sampleGray(
  image: Uint8Array,
  stride: number,
  region: Region,
  columns: number,
  rows: number,
): Uint8Array {
  const across = spans(region.x, region.width, columns);
  const down = spans(region.y, region.height, rows);
  const dots = new Uint8Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      let sum = 0;
      for (let y = down[2 * j]; y < down[2 * j + 1]; y++) {
        for (let x = across[2 * i]; x < across[2 * i + 1]; x++) sum += image[y * stride + x];
      }
      const pixels = (down[2 * j + 1] - down[2 * j]) * (across[2 * i + 1] - across[2 * i]);
      dots[j * columns + i] = Math.round(sum / pixels);
    }
  }
  return dots;
}

/**
 * The label of each dot: of the pixels that it covers the one of the highest rank, so that a region smaller than a dot is seen.
 * `rank` has 256 entries.
 */
export function sampleLabels(
  labels: Uint8Array,
  stride: number,
  region: Region,
  { columns, rows, rank }: { columns: number; rows: number; rank: ArrayLike<number> },
): Uint8Array {
  const across = spans(region.x, region.width, columns);
  const down = spans(region.y, region.height, rows);
  const dots = new Uint8Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      let best = labels[down[2 * j] * stride + across[2 * i]];
      for (let y = down[2 * j]; y < down[2 * j + 1]; y++) {
        for (let x = across[2 * i]; x < across[2 * i + 1]; x++) {
          const label = labels[y * stride + x];
          if (rank[label] > rank[best]) best = label;
        }
      }
      dots[j * columns + i] = best;
    }
  }
  return dots;
}
