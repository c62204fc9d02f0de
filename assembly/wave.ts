/**
 * Undoes the filters of up to sixteen rows at once. Lane k of a vector works on row k, one byte behind lane k - 1, so that the
 * byte above is what the lane before has just made: at step t lane k makes byte t - k of its row. With r(t) the vector of step t,
 *   left a = r(t - pixelBytes), above b = r(t - 1) moved up a lane (lane 0: the row above), above left c = b(t - pixelBytes).
 * Bytes before a row come out as 0, as the filters want them, because their input is made 0.
 */

const ROWS: usize = 16;
/** Input of sixteen steps, a vector each; the same rows half transposed; what the steps made, behind eight older vectors. */
const STEPS: usize = memory.data(256, 64);
const HALF: usize = memory.data(256, 64);
const OLDER: i32 = 8 * 16;
const MADE: usize = memory.data(OLDER + 256, 64);
const ABOVE: usize = memory.data(OLDER + 256, 64);
/** Sixteen zeros, then sixteen bytes of ones: a window that clears the first k bytes. */
const EDGE: usize = memory.data(32, 16);
/** For each filter type 0 to 4, the lanes whose row has it. */
const LANES: usize = memory.data(5 * 16, 16);

/** Scratch bytes for rows of so many bytes: sixteen rows, and one of zeros. */
export function waveScratch(rowBytes: usize): usize {
  return (rowBytes + 64) * 17;
}

// @ts-ignore: decorator
@inline
function low(v: v128, w: v128): v128 {
  return i8x16.shuffle(v, w, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function high(v: v128, w: v128): v128 {
  return i8x16.shuffle(v, w, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Two of the four rounds of interleaving that transpose 16 x 16 bytes: vectors i and i + 8 become vectors 2 i and 2 i + 1. */
// @ts-ignore: decorator
@inline
function interleaveTwice(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  for (let i = 0; i < 4; i++) {
    const v0 = v128.load(from);
    const v4 = v128.load(from + 4 * fromStride);
    const v8 = v128.load(from + 8 * fromStride);
    const v12 = v128.load(from + 12 * fromStride);
    const w0 = low(v0, v8);
    const w1 = high(v0, v8);
    const w8 = low(v4, v12);
    const w9 = high(v4, v12);
    v128.store(to, low(w0, w8));
    v128.store(to + toStride, high(w0, w8));
    v128.store(to + 2 * toStride, low(w1, w9));
    v128.store(to + 3 * toStride, high(w1, w9));
    from += fromStride;
    to += 4 * toStride;
  }
}

// @ts-ignore: decorator
@inline
function atLeast(v: v128, w: v128): v128 {
  return i8x16.eq(i8x16.max_u(v, w), v);
}

/**
 * Paeth's predictor plus `base` - c. With d1 = max(a, b) - c and d2 = c - min(a, b), each 0 where negative, it is
 * c + d1 where d1 - d2 >= d2, c - d2 where d2 - d1 >= d1, else c.
 */
// @ts-ignore: decorator
@inline
function paethOn(base: v128, a: v128, b: v128, c: v128, lanes: v128): v128 {
  const d1 = i8x16.sub_sat_u(i8x16.max_u(a, b), c);
  const d2 = i8x16.sub_sat_u(c, i8x16.min_u(a, b));
  const rise = v128.and(atLeast(i8x16.sub_sat_u(d1, d2), d2), v128.and(d1, lanes));
  const fall = v128.and(atLeast(i8x16.sub_sat_u(d2, d1), d1), v128.and(d2, lanes));
  return i8x16.sub(i8x16.add(base, rise), fall);
}

/** `base` plus each lane's prediction. */
// @ts-ignore: decorator
@inline
function predictOn(base: v128, a: v128, b: v128, c: v128, sub: v128, up: v128, average: v128, paeth: v128): v128 {
  const mean = i8x16.sub(i8x16.avgr_u(a, b), v128.and(v128.xor(a, b), i8x16.splat(1)));
  const plain = v128.or(v128.or(v128.and(a, sub), v128.and(b, up)), v128.or(v128.and(mean, average), v128.and(c, paeth)));
  return paethOn(i8x16.add(base, plain), a, b, c, paeth);
}

/** The byte at `last` in lane 0, the other lanes one up. */
// @ts-ignore: decorator
@inline
function moveUp(made: v128, last: usize): v128 {
  return i8x16.shuffle(
    v128.load(last - 15),
    made,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
  );
}

/**
 * Rows of a filter byte (0 to 4) and `rowBytes` bytes at `raw`, at most sixteen; `above` is the finished row before them or 0;
 * the rows go to `out` without filter byte. Reads sixteen rows from `raw` on, whatever `rows` is.
 */
export function unfilterRows(
  raw: usize,
  out: usize,
  above: usize,
  rowBytes: usize,
  rows: usize,
  pixelBytes: usize,
  scratch: usize,
): void {
  const stride = rowBytes + 64;
  if (above == 0) {
    above = scratch + ROWS * stride + 16;
    memory.fill(above - 16, 0, stride);
  }
  memory.fill(LANES, 0, 80);
  for (let k: usize = 0; k < rows; k++) {
    store<u8>(LANES + (<usize>load<u8>(raw + k * (rowBytes + 1)) << 4) + k, 255);
  }
  const sub = v128.load(LANES, 16);
  const up = v128.load(LANES, 32);
  const average = v128.load(LANES, 48);
  const paeth = v128.load(LANES, 64);
  v128.store(EDGE, i8x16.splat(-1), 16);
  memory.fill(MADE, 0, OLDER);
  memory.fill(ABOVE, 0, OLDER);
  const made = MADE + OLDER;
  const over = ABOVE + OLDER;
  const back = pixelBytes << 4;
  const none = i64x2.splat(0);
  const all = i8x16.splat(-1);
  const onlyPaeth = i8x16.all_true(paeth);
  let r = none;
  let c = none;
  raw++;
  for (let x: usize = 0; x < rowBytes + ROWS - 1; x += 16) {
    if (x == 0) {
      for (let k: usize = 0; k < ROWS; k++) {
        v128.store(STEPS + (k << 4), v128.and(v128.load(raw + k * rowBytes), v128.load(EDGE + 16 - k)));
      }
      interleaveTwice(STEPS, 16, HALF, 16);
    } else interleaveTwice(raw + x, rowBytes, HALF, 16);
    interleaveTwice(HALF, 16, STEPS, 16);

    if (pixelBytes > 1) {
      for (let t: usize = 0; t < 256; t += 16) {
        const b = moveUp(v128.load(made + t - 16), above + x + (t >> 4));
        v128.store(over + t, b);
        const a = v128.load(made + t - back);
        const aboveLeft = v128.load(over + t - back);
        v128.store(made + t, predictOn(v128.load(STEPS + t), a, b, aboveLeft, sub, up, average, paeth));
      }
      memory.copy(MADE, MADE + 256, OLDER);
      memory.copy(ABOVE, ABOVE + 256, OLDER);
    } else if (onlyPaeth) {
      for (let t: usize = 0; t < 256; t += 16) {
        const b = moveUp(r, above + x + (t >> 4));
        r = paethOn(i8x16.add(v128.load(STEPS + t), c), r, b, c, all);
        c = b;
        v128.store(made + t, r);
      }
    } else {
      for (let t: usize = 0; t < 256; t += 16) {
        const b = moveUp(r, above + x + (t >> 4));
        r = predictOn(v128.load(STEPS + t), r, b, c, sub, up, average, paeth);
        c = b;
        v128.store(made + t, r);
      }
    }
    interleaveTwice(made, 16, HALF, 16);
    interleaveTwice(HALF, 16, scratch + 16 + x, stride - 1);
  }
  for (let k: usize = 0; k < rows; k++) {
    const from = scratch + 16 + k * stride;
    const to = out + k * rowBytes;
    for (let x: usize = 0; x < rowBytes; x += 16) v128.store(to + x, v128.load(from + x));
  }
}
