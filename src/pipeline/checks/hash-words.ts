/** Rows of `width` 32-bit words that grow as they come: hashes of many images in one typed array. */
export interface WordRows {
  /** Adds the first 8 x width hexadecimal digits of a hash as a row; null (or a shorter one) as zeros. */
  push(hex: string | undefined): void;
  /** All rows, width words each; valid until the next push. */
  words(): Uint32Array;
}

export function wordRows(width: number): WordRows {
  let words = new Uint32Array(64 * width);
  let length = 0;
  return {
    push(hex) {
      if (length === words.length) {
        const larger = new Uint32Array(2 * length);
        larger.set(words);
        words = larger;
      }
      for (let k = 0; k < width; k++) words[length + k] = hex === undefined ? 0 : hexWord(hex, 8 * k);
      length += width;
    },
    words: () => words.subarray(0, length),
  };
}

/** Eight hexadecimal digits from `start` as a number; digits beyond the end count as 0. */
function hexWord(hex: string, start: number): number {
  let word = 0;
  for (let k = start; k < start + 8; k++) {
    const code = k < hex.length ? hex.charCodeAt(k) : 48;
    word = (word << 4) | (code <= 57 ? code & 15 : (code & 15) + 9);
  }
  return word >>> 0;
}

/**
 * For each row the smallest index of an equal row among those that `taken` allows: rows are of one group exactly where this is
 * equal. -1 for rows that it doesn't allow. Linear time (open addressing).
 */
export function firstEqualRows(words: Uint32Array, width: number, taken: (row: number) => boolean): Int32Array {
  const rows = words.length / width;
  const first = new Int32Array(rows).fill(-1);
  const size = 2 ** Math.ceil(Math.log2(2 * rows + 2));
  const table = new Int32Array(size).fill(-1);
  for (let row = 0; row < rows; row++) {
    if (!taken(row)) continue;
    let slot = mixRow(words, row * width, width) & (size - 1);
    while (table[slot] >= 0 && !equalRows(words, table[slot], row, width)) slot = (slot + 1) & (size - 1);
    if (table[slot] < 0) table[slot] = row;
    first[row] = table[slot];
  }
  return first;
}

function equalRows(words: Uint32Array, a: number, b: number, width: number): boolean {
  for (let k = 0; k < width; k++) if (words[a * width + k] !== words[b * width + k]) return false;
  return true;
}

function mixRow(words: Uint32Array, start: number, width: number): number {
  let mixed = 0;
  for (let k = 0; k < width; k++) mixed = mixWord(mixed, words[start + k]);
  return mixed;
}

/** One step of a multiplicative hash with a final shift (after MurmurHash3's mixing). */
export function mixWord(mixed: number, word: number): number {
  const step = Math.imul(mixed ^ word, 0x9e3779b1);
  return step ^ (step >>> 15);
}
