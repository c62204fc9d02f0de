import { deflateSync, inflateSync } from 'node:zlib';
import type { Random } from './random.js';

/**
 * A PNG writer and a naive reader that share nothing with the program under test. Samples are interleaved, row by row,
 * one entry a sample whatever the bit depth (0..2^bitDepth-1).
 */
export interface Raster {
  width: number;
  height: number;
  bitDepth: 1 | 2 | 4 | 8 | 16;
  /** PNG colour type: 0 gray, 2 RGB, 3 palette, 4 gray + alpha, 6 RGBA. */
  color: 0 | 2 | 3 | 4 | 6;
  samples: Uint8Array | Uint16Array;
  /** RGB triples of a palette. */
  palette?: Uint8Array;
  /** Content of a tRNS chunk. */
  transparency?: Uint8Array;
}

export interface WriteOptions {
  /** Draws a filter for each row; without it all rows have filter 0. */
  random?: Random;
  /** A filter type for all rows. */
  filter?: 0 | 1 | 2 | 3 | 4;
  /** zlib level, 0 to 9. */
  level?: number;
  /** Bytes in an IDAT chunk; the whole stream in one unless told. */
  idat?: number;
  interlaced?: boolean;
  /** Chunks put before IDAT, as [type, content]. */
  extra?: [string, Uint8Array][];
}

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
/** Adam7: first column, first row, column step, row step. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** An 8-bit gray raster around `samples`, which is kept and not copied. */
export function gray(width: number, height: number, samples: Uint8Array): Raster {
  return { width, height, bitDepth: 8, color: 0, samples };
}

export function encodePng(raster: Raster, options: WriteOptions = {}): Buffer {
  const { width, height, bitDepth, color } = raster;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, color, 0, 0, options.interlaced ? 1 : 0], 8);
  const passes = options.interlaced ? PASSES : [[0, 0, 1, 1]];
  const rows = passes.flatMap((pass) => passRows(raster, pass, options));
  const stream = deflateSync(Buffer.concat(rows), { level: options.level ?? 6 });
  const size = options.idat ?? stream.length;
  const parts: Buffer[] = [SIGNATURE, chunk('IHDR', header)];
  for (const [type, content] of options.extra ?? []) parts.push(chunk(type, content));
  if (raster.palette) parts.push(chunk('PLTE', raster.palette));
  if (raster.transparency) parts.push(chunk('tRNS', raster.transparency));
  for (let at = 0; at < stream.length; at += size) parts.push(chunk('IDAT', stream.subarray(at, at + size)));
  parts.push(chunk('IEND', new Uint8Array()));
  return Buffer.concat(parts);
}

/** Reads any PNG that is whole and well formed; throws on what is not. Slow and plain on purpose. */
export function decodePng(file: Uint8Array): Raster {
  const bytes = Buffer.from(file);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('no PNG signature');
  const chunks: { type: string; content: Buffer }[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(body) !== bytes.readUInt32BE(at + 8 + length)) throw new Error(`CRC of ${type}`);
    chunks.push({ type, content: body.subarray(4) });
    at += 12 + length;
  }
  const header = chunks[0].content;
  const raster: Raster = {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    bitDepth: header[8] as Raster['bitDepth'],
    color: header[9] as Raster['color'],
    samples: new Uint8Array(),
  };
  const palette = chunks.find((c) => c.type === 'PLTE');
  if (palette) raster.palette = new Uint8Array(palette.content);
  const transparency = chunks.find((c) => c.type === 'tRNS');
  if (transparency) raster.transparency = new Uint8Array(transparency.content);
  const stream = inflateSync(Buffer.concat(chunks.filter((c) => c.type === 'IDAT').map((c) => c.content)));
  const channels = CHANNELS[raster.color];
  const total = raster.width * raster.height * channels;
  raster.samples = raster.bitDepth === 16 ? new Uint16Array(total) : new Uint8Array(total);
  let at = 0;
  for (const pass of header[12] === 1 ? PASSES : [[0, 0, 1, 1]]) at = readPass(raster, pass, stream, at);
  if (at !== stream.length) throw new Error(`${stream.length - at} bytes too many`);
  return raster;
}

function passSize(raster: Raster, [left, top, stepX, stepY]: number[]) {
  const columns = Math.max(0, Math.ceil((raster.width - left) / stepX));
  const rows = Math.max(0, Math.ceil((raster.height - top) / stepY));
  return columns === 0 ? { columns: 0, rows: 0 } : { columns, rows };
}

function passRows(raster: Raster, pass: number[], options: WriteOptions): Buffer[] {
  const { columns, rows } = passSize(raster, pass);
  const channels = CHANNELS[raster.color];
  const pixel = Math.max(1, (channels * raster.bitDepth) >> 3);
  const out: Buffer[] = [];
  let above = Buffer.alloc(Math.ceil((columns * channels * raster.bitDepth) / 8));
  for (let y = 0; y < rows; y++) {
    const row = Buffer.alloc(above.length);
    for (let x = 0; x < columns; x++) {
      for (let c = 0; c < channels; c++) {
        const from = ((pass[1] + y * pass[3]) * raster.width + pass[0] + x * pass[2]) * channels + c;
        putSample(row, x * channels + c, raster.bitDepth, raster.samples[from]);
      }
    }
    const filter = options.filter ?? (options.random ? options.random.below(5) : 0);
    const line = Buffer.alloc(row.length + 1);
    line[0] = filter;
    for (let i = 0; i < row.length; i++) line[i + 1] = row[i] - prediction(filter, row, above, i, pixel);
    out.push(line);
    above = row;
  }
  return out;
}

function readPass(raster: Raster, pass: number[], stream: Buffer, start: number): number {
  const { columns, rows } = passSize(raster, pass);
  const channels = CHANNELS[raster.color];
  const pixel = Math.max(1, (channels * raster.bitDepth) >> 3);
  let at = start;
  let above = Buffer.alloc(Math.ceil((columns * channels * raster.bitDepth) / 8));
  for (let y = 0; y < rows; y++) {
    const filter = stream[at++];
    const row = Buffer.alloc(above.length);
    for (let i = 0; i < row.length; i++) row[i] = stream[at++] + prediction(filter, row, above, i, pixel);
    for (let x = 0; x < columns; x++) {
      for (let c = 0; c < channels; c++) {
        const to = ((pass[1] + y * pass[3]) * raster.width + pass[0] + x * pass[2]) * channels + c;
        raster.samples[to] = getSample(row, x * channels + c, raster.bitDepth);
      }
    }
    above = row;
  }
  return at;
}

function prediction(filter: number, row: Buffer, above: Buffer, i: number, pixel: number): number {
  const left = i >= pixel ? row[i - pixel] : 0;
  const up = above[i];
  const corner = i >= pixel ? above[i - pixel] : 0;
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const p = left + up - corner;
  const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function putSample(row: Buffer, index: number, depth: number, value: number) {
  if (depth === 16) row.writeUInt16BE(value, index * 2);
  else if (depth === 8) row[index] = value;
  else row[(index * depth) >> 3] |= value << (8 - depth - ((index * depth) & 7));
}

function getSample(row: Buffer, index: number, depth: number): number {
  if (depth === 16) return row.readUInt16BE(index * 2);
  if (depth === 8) return row[index];
  return (row[(index * depth) >> 3] >> (8 - depth - ((index * depth) & 7))) & ((1 << depth) - 1);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(content.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
