/** Panels of small pictures are enlarged up to this side, larger ones are reduced to twice it, both by whole numbers. */
const TARGET_SIDE = 512;
const MOST_ENLARGED = 16;

/** How source pixels become panel pixels: `enlarge` copies of each, or one of each `reduce` x `reduce` block. */
export interface Grid {
  width: number;
  height: number;
  enlarge: number;
  reduce: number;
}

/** The grid of a panel for a source of a size in pixels. */
export function panelGrid(width: number, height: number): Grid {
  const side = Math.max(width, height);
  const enlarge = Math.min(MOST_ENLARGED, Math.max(1, Math.floor(TARGET_SIDE / side)));
  const reduce = Math.max(1, Math.ceil(side / (2 * TARGET_SIDE)));
  return {
    width: Math.ceil(width / reduce) * enlarge,
    height: Math.ceil(height / reduce) * enlarge,
    enlarge,
    reduce,
  };
}

/** Mean of each block and channel, in the size that enlarging starts from. `values`: interleaved, row-major, 0..255. */
export function reduceMean(
  values: Uint8Array,
  width: number,
  height: number,
  channels: number,
  reduce: number,
): Uint8Array {
  if (reduce === 1) return values;
  const columns = Math.ceil(width / reduce);
  const rows = Math.ceil(height / reduce);
  const means = new Uint8Array(columns * rows * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const bottom = Math.min(height, (row + 1) * reduce);
      const right = Math.min(width, (column + 1) * reduce);
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        let n = 0;
        for (let y = row * reduce; y < bottom; y++) {
          for (let x = column * reduce; x < right; x++, n++) sum += values[(y * width + x) * channels + channel];
        }
        means[(row * columns + column) * channels + channel] = Math.round(sum / n);
      }
    }
  }
  return means;
}

/** The label of each block whose `rank` is highest, so that a finding of one pixel survives in a reduced picture. */
export function reduceLabels(
  labels: Uint8Array,
  width: number,
  height: number,
  reduce: number,
  rank: (label: number) => number,
): Uint8Array {
  if (reduce === 1) return labels;
  const columns = Math.ceil(width / reduce);
  const kept = new Uint8Array(columns * Math.ceil(height / reduce));
  const best = new Float64Array(kept.length).fill(Number.NEGATIVE_INFINITY);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = Math.floor(y / reduce) * columns + Math.floor(x / reduce);
      const label = labels[y * width + x];
      const value = rank(label);
      if (value > best[i]) {
        best[i] = value;
        kept[i] = label;
      }
    }
  }
  return kept;
}
