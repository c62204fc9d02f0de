import type { PngInfo } from './kernels.js';

/** Rows of one pass that has something in it. */
export interface Pass {
  columns: number;
  rows: number;
  /** Without the filter byte. */
  rowBytes: number;
  /** Where its first pixel goes, and how far apart its pixels and its rows are, in pixels of the picture. */
  first: number;
  stepX: number;
  stepY: number;
}

/** How a picture's bytes lie in its inflated data and come out of it. */
export interface Geometry {
  /** Bytes of a whole pixel, at least 1. */
  pixelBytes: number;
  /** Bytes of the widest row, without the filter byte. */
  rowBytes: number;
  /** All rows of all passes with their filter bytes. */
  rawBytes: number;
  /** Samples as decodePng gives them. */
  outBytes: number;
  passes: Pass[];
}

/** Samples a pixel by colour type. */
const CHANNELS = [1, 0, 3, 1, 2, 0, 4];
/** Adam7: first column, first row, column step, row step of each pass (PNG, clause 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
const WHOLE = [[0, 0, 1, 1]];

export function geometryOf(info: PngInfo): Geometry {
  const channels = CHANNELS[info.colorType];
  const bits = channels * info.bitDepth;
  const passes: Pass[] = [];
  let rawBytes = 0;
  for (const [x, y, dx, dy] of info.interlaced ? ADAM7 : WHOLE) {
    const columns = Math.ceil((info.width - x) / dx);
    const rows = Math.ceil((info.height - y) / dy);
    if (columns <= 0 || rows <= 0) continue;
    const rowBytes = Math.ceil((columns * bits) / 8);
    rawBytes += rows * (rowBytes + 1);
    passes.push({ columns, rows, rowBytes, first: y * info.width + x, stepX: dx, stepY: dy * info.width });
  }
  return {
    pixelBytes: Math.max(1, bits >> 3),
    rowBytes: Math.ceil((info.width * bits) / 8),
    rawBytes,
    outBytes: info.width * info.height * channels * (info.bitDepth === 16 ? 2 : 1),
    passes,
  };
}
