/** PNG's row filters (ISO/IEC 15948, 9.2), in the order of their numbers. */
const FILTERS = ['none', 'sub', 'up', 'average', 'paeth'] as const;

/**
 * `photo` and `flat` choose per row as libpng's heuristic does, by the smallest sum of absolute differences, among the
 * filters that win on such pictures: up and Paeth on photographs, none and up on masks.
 */
export type Filter = (typeof FILTERS)[number] | 'photo' | 'flat';

/**
 * The filtered stream that is to be compressed: each row with its filter's number before it. `bytes` are `height` rows
 * without padding, `step` is the number of bytes of a pixel.
 */
export function filterRows(bytes: Uint8Array, height: number, step: number, filter: Filter): Uint8Array {
  const stride = bytes.length / height;
  const out = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    const from = y * stride;
    const kind = chooseFilter(filter, bytes, from, stride, step);
    const to = y * (stride + 1);
    out[to] = kind;
    ROWS[kind](bytes, from, stride, step, out, to + 1);
  }
  return out;
}

/** Filter number of a row. */
function chooseFilter(filter: Filter, bytes: Uint8Array, from: number, stride: number, step: number): number {
  if (filter === 'flat') return from > 0 && upIsFlatter(bytes, from, stride) ? 2 : 0;
  if (filter === 'photo') return from === 0 ? 1 : upIsCloser(bytes, from, stride, step) ? 2 : 4;
  return FILTERS.indexOf(filter);
}

/**
 * Compares the row with its difference to the row above, on every fourth byte: more took longer than the compression.
 */
function upIsFlatter(bytes: Uint8Array, from: number, stride: number): boolean {
  let none = 0;
  let up = 0;
  for (let i = from; i < from + stride; i += 4) {
    none += Math.abs((bytes[i] << 24) >> 24);
    up += Math.abs(((bytes[i] - bytes[i - stride]) << 24) >> 24);
  }
  return up < none;
}

/** Compares up and Paeth, on every eighth byte. */
function upIsCloser(bytes: Uint8Array, from: number, stride: number, step: number): boolean {
  let up = 0;
  let paeth = 0;
  for (let i = from + step; i < from + stride; i += 8) {
    const above = bytes[i - stride];
    up += Math.abs(bytes[i] - above);
    paeth += Math.abs(bytes[i] - predict(bytes[i - step], above, bytes[i - stride - step]));
  }
  return up < paeth;
}

/** Writes one filtered row of `stride` bytes at `from` of `bytes` to `to` of `out`. */
type WriteRow = (bytes: Uint8Array, from: number, stride: number, step: number, out: Uint8Array, to: number) => void;

const ROWS: readonly WriteRow[] = [
  (bytes, from, stride, _step, out, to) => out.set(bytes.subarray(from, from + stride), to),
  (bytes, from, stride, step, out, to) => {
    for (let i = 0; i < step; i++) out[to + i] = bytes[from + i];
    for (let i = step; i < stride; i++) out[to + i] = bytes[from + i] - bytes[from + i - step];
  },
  (bytes, from, stride, _step, out, to) => {
    if (from === 0) out.set(bytes.subarray(0, stride), to);
    else for (let i = 0; i < stride; i++) out[to + i] = bytes[from + i] - bytes[from + i - stride];
  },
  (bytes, from, stride, step, out, to) => {
    for (let i = 0; i < stride; i++) {
      const left = i < step ? 0 : bytes[from + i - step];
      const up = from === 0 ? 0 : bytes[from + i - stride];
      out[to + i] = bytes[from + i] - ((left + up) >> 1);
    }
  },
  (bytes, from, stride, step, out, to) => {
    // Without a row above Paeth predicts the left pixel, without a pixel to the left the one above.
    if (from === 0) return ROWS[1](bytes, from, stride, step, out, to);
    for (let i = 0; i < step; i++) out[to + i] = bytes[from + i] - bytes[from + i - stride];
    for (let i = step, at = from + step; i < stride; i++, at++) {
      out[to + i] = bytes[at] - predict(bytes[at - step], bytes[at - stride], bytes[at - stride - step]);
    }
  },
];

/**
 * Paeth's predictor: the neighbour nearest to left + up - upLeft, of equally near ones the first of left, up and
 * upLeft. Masks in place of branches, which noise makes unpredictable: a mask is -1 where the comparison before it
 * fails.
 */
function predict(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  const notUp = (toUpLeft - toUp) >> 31;
  const notLeft = ((toUp - toLeft) | (toUpLeft - toLeft)) >> 31;
  const other = up ^ ((up ^ upLeft) & notUp);
  return left ^ ((left ^ other) & notLeft);
}
