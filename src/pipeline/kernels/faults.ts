import type { PngInfo } from './kernels.js';

/** What the module says with a fault's code (assembly/layout.ts). */
export interface FaultDetail {
  a: number;
  b: number;
  /** Chunk type as a little-endian word, 0 where none. */
  chunk: number;
  width: number;
  height: number;
  /** Bytes that were inflated and that were expected. */
  inflated: number;
  expected: number;
}

export const FILTER_FAULT = 64;

const METHODS = ['compression', 'filter', 'interlace'];

function chunkName(chunk: number): string {
  const letters = [chunk & 255, (chunk >> 8) & 255, (chunk >> 16) & 255, chunk >>> 24];
  const printable = letters.every((c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122));
  return printable
    ? String.fromCharCode(...letters)
    : `0x${letters.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}

const CLAUSES: Record<number, (d: FaultDetail) => string> = {
  2: (d) =>
    d.a < d.b
      ? `truncated: ${chunkName(d.chunk)} ends after ${d.a} of ${d.b} bytes`
      : `truncated: the checksum of ${chunkName(d.chunk)} is cut`,
  3: (d) => `truncated: the file ends after ${d.a} bytes without IEND`,
  4: (d) => `damaged: chunk ${chunkName(d.chunk)} claims ${d.a} bytes, more than a PNG allows`,
  5: (d) => `damaged: no chunk type at byte ${d.a} (${chunkName(d.chunk)})`,
  6: (d) => `damaged: wrong CRC of ${chunkName(d.chunk)} at byte ${d.a}`,
  7: (d) => `damaged: chunk ${chunkName(d.chunk)} at byte ${d.a} is out of order`,
  8: (d) => `unsupported: critical chunk ${chunkName(d.chunk)} at byte ${d.a}`,
  9: (d) => `damaged: IHDR of ${d.a} bytes`,
  10: (d) => `damaged: a size of ${d.a}x${d.b} pixels`,
  11: (d) => `damaged: ${d.a} bits with colour type ${d.b}`,
  12: (d) => `damaged: unknown ${METHODS[d.a]} method ${d.b}`,
  13: (d) => `damaged: a palette of ${d.a} bytes`,
  14: () => 'damaged: a palette picture without palette',
  15: () => 'damaged: no IDAT data',
  16: (d) => `damaged: a second ${chunkName(d.chunk)}`,
  17: () => 'damaged: other chunks between the IDAT chunks',
  18: (d) => `damaged: IEND of ${d.a} bytes`,
  32: () => 'damaged data: no zlib header',
  33: () => 'damaged data: zlib stream with a preset dictionary',
  34: () => 'damaged data: unknown deflate block type',
  35: () => 'damaged data: length of a stored block',
  36: () => 'damaged data: too many code lengths',
  37: () => 'damaged data: code lengths that make no code',
  38: () => 'damaged data: repeat of code lengths',
  39: () => 'damaged data: a block without end code',
  40: () => 'damaged data: literal codes that make no code',
  41: () => 'damaged data: distance codes that make no code',
  42: () => 'damaged data: invalid literal code',
  43: () => 'damaged data: invalid distance code',
  44: () => 'damaged data: a distance before the beginning',
  45: (d) => `damaged: IDAT holds more than the ${d.expected} bytes of ${d.width}x${d.height} pixels`,
  46: (d) => `truncated: IDAT holds ${d.inflated} of the ${d.expected} bytes of ${d.width}x${d.height} pixels`,
  47: (d) => `truncated: the data ends after ${d.inflated} of ${d.expected} bytes`,
  48: () => 'damaged data: wrong Adler-32',
  [FILTER_FAULT]: (d) => `damaged: row ${d.a} has the unknown filter ${d.b}`,
};

/** One clause for people, without the path. */
export function describeFault(code: number, detail: FaultDetail): string {
  return CLAUSES[code]?.(detail) ?? `damaged (${code})`;
}

/** Of pixels, and of bytes inflated: six slots and the work on them then stay within what a thread's memory can hold. */
export const LARGEST = 2 ** 27;
/** Of a side: work on rows takes up to 56 bytes a column. */
const LONGEST_SIDE = 2 ** 20;

/** Why a picture of that size isn't decoded, or null. `rawBytes`: its rows with filter bytes; `dataBytes`: its IDAT data. */
export function sizeFault(info: PngInfo, rawBytes: number, dataBytes: number): string | null {
  const size = `${info.width}x${info.height}`;
  // Deflate makes at most 258 bytes of 2 bits.
  if (rawBytes > dataBytes * 1032) return `truncated: ${dataBytes} bytes of IDAT cannot hold ${size} pixels`;
  if (Math.max(info.width, info.height) > LONGEST_SIDE)
    return `too large: ${size} pixels, a side has at most ${LONGEST_SIDE}`;
  const bytes = Math.max(info.width * info.height, rawBytes);
  return bytes > LARGEST ? `too large: ${size} pixels need ${Math.ceil(bytes / 2 ** 20)} MB` : null;
}
