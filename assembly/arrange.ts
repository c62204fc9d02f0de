/** From unfiltered rows to samples of a byte (16 bits: two, low byte first), interleaved, in order. */

/** Bytes of big-endian 16-bit samples swapped in place. */
export function swapBytes(at: usize, bytes: usize): void {
  const end = at + bytes;
  for (; at + 16 <= end; at += 16) {
    const v = v128.load(at);
    v128.store(at, i8x16.shuffle(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  }
  for (; at < end; at += 2) store<u16>(at, bswap<u16>(load<u16>(at)));
}

/**
 * Samples of `depth` bits (1, 2, 4) times `scale`, from rows of `rowBytes` at `from` to every `stepX`-th byte at `out`, rows
 * `stepY` bytes apart.
 */
export function spreadBits(
  from: usize,
  rowBytes: usize,
  width: u32,
  rows: u32,
  depth: u32,
  scale: u32,
  out: usize,
  stepX: usize,
  stepY: usize,
): void {
  const mask: u32 = (1 << depth) - 1;
  for (let y: u32 = 0; y < rows; y++) {
    let shift: u32 = 8;
    let source = from;
    let to = out;
    for (let x: u32 = 0; x < width; x++) {
      shift -= depth;
      store<u8>(to, ((<u32>load<u8>(source) >> shift) & mask) * scale);
      to += stepX;
      if (shift == 0) {
        shift = 8;
        source++;
      }
    }
    from += rowBytes;
    out += stepY;
  }
}

/** Whole pixels of `bpp` bytes to places `stepX` bytes apart, rows `stepY` bytes apart. */
export function spreadPixels(
  from: usize,
  width: u32,
  rows: u32,
  bpp: usize,
  out: usize,
  stepX: usize,
  stepY: usize,
): void {
  for (let y: u32 = 0; y < rows; y++) {
    let to = out;
    for (let x: u32 = 0; x < width; x++) {
      for (let k: usize = 0; k < bpp; k++) store<u8>(to + k, load<u8>(from + k));
      from += bpp;
      to += stepX;
    }
    out += stepY;
  }
}
