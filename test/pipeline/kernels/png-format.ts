import { constants, crc32, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';

/** A plain PNG writer and a plain strict reader: slow, short, and sharing nothing with the kernels. */

export const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
export const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

export interface Picture {
  width: number;
  height: number;
  bitDepth: number;
  colorType: number;
  interlaced: boolean;
  /** Samples as numbers in the file's own range, interleaved. */
  samples: Uint16Array;
}

export interface WriteOptions {
  /** Filter of each row by its number among all rows of all passes. */
  filter?: (row: number) => number;
  zlib?: ZlibOptions;
  /** Sizes to cut the IDAT data into; the rest is one chunk. */
  cuts?: number[];
  palette?: Uint8Array;
  /** Chunks before IDAT, and behind it. */
  before?: Buffer[];
  after?: Buffer[];
  /** Changes the filtered rows before they are deflated. */
  rows?: (rows: Buffer) => Buffer;
  /** Changes the zlib stream. */
  stream?: (stream: Buffer) => Buffer;
}

export function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

export function header(width: number, height: number, bitDepth: number, colorType: number, rest = [0, 0, 0]): Buffer {
  const out = Buffer.alloc(13);
  out.writeUInt32BE(width, 0);
  out.writeUInt32BE(height, 4);
  out.set([bitDepth, colorType, ...rest], 8);
  return chunk('IHDR', out);
}

function passes(interlaced: boolean, width: number, height: number) {
  return (interlaced ? PASSES : [[0, 0, 1, 1]])
    .map(([x, y, dx, dy]) => ({ x, y, dx, dy, w: Math.ceil((width - x) / dx), h: Math.ceil((height - y) / dy) }))
    .filter(({ w, h }) => w > 0 && h > 0);
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

function guess(filter: number, a: number, b: number, c: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return a;
  if (filter === 2) return b;
  return filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
}

/** Rows of a pass with filter bytes. */
function filterRows(rows: Buffer[], bpp: number, filterOf: (row: number) => number): Buffer {
  return Buffer.concat(
    rows.map((row, y) => {
      const filter = filterOf(y);
      const out = Buffer.alloc(row.length + 1);
      out[0] = filter;
      const above = rows[y - 1] ?? Buffer.alloc(row.length);
      for (let i = 0; i < row.length; i++) {
        const a = i < bpp ? 0 : row[i - bpp];
        const c = i < bpp ? 0 : above[i - bpp];
        out[i + 1] = row[i] - guess(filter, a, above[i], c);
      }
      return out;
    }),
  );
}

export function writePng(picture: Picture, options: WriteOptions = {}): Buffer {
  const { width, height, bitDepth, colorType, interlaced, samples } = picture;
  const channels = CHANNELS[colorType];
  const bpp = Math.max(1, (channels * bitDepth) >> 3);
  let done = 0;
  const raw = Buffer.concat(
    passes(interlaced, width, height).map(({ x, y, dx, dy, w, h }) => {
      const rows = Array.from({ length: h }, (_, j) => {
        const row = Buffer.alloc(Math.ceil((w * channels * bitDepth) / 8));
        for (let i = 0; i < w * channels; i++) {
          const column = x + Math.floor(i / channels) * dx;
          const value = samples[((y + j * dy) * width + column) * channels + (i % channels)];
          if (bitDepth === 16) row.writeUInt16BE(value, i * 2);
          else row[(i * bitDepth) >> 3] |= value << (8 - bitDepth - ((i * bitDepth) & 7));
        }
        return row;
      });
      const first = done;
      done += h;
      return filterRows(rows, bpp, (row) => options.filter?.(first + row) ?? 0);
    }),
  );
  let stream: Buffer = deflateSync(options.rows?.(raw) ?? raw, options.zlib);
  stream = options.stream?.(stream) ?? stream;
  const data: Buffer[] = [];
  for (const size of options.cuts ?? []) {
    data.push(chunk('IDAT', stream.subarray(0, size)));
    stream = stream.subarray(size);
  }
  if (stream.length > 0 || data.length === 0) data.push(chunk('IDAT', stream));
  return Buffer.concat([
    SIGNATURE,
    header(width, height, bitDepth, colorType, [0, 0, interlaced ? 1 : 0]),
    ...(options.palette ? [chunk('PLTE', options.palette)] : []),
    ...(options.before ?? []),
    ...data,
    ...(options.after ?? []),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Samples as decodePng gives them: bytes; gray below 8 bits scaled to 255; 16 bits low byte first. */
export function expectedBytes({ bitDepth, colorType, samples }: Picture): Buffer {
  if (bitDepth === 16) return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const scale = colorType === 3 ? 1 : 255 / (2 ** bitDepth - 1);
  return Buffer.from(Uint8Array.from(samples, (v) => v * scale));
}

function need(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** The strict reader: throws at the first thing that is wrong. */
export function readPng(file: Buffer): Picture {
  need(file.subarray(0, 8).equals(SIGNATURE), 'signature');
  let at = 8;
  let head: Buffer | null = null;
  let palette = false;
  let ended = false;
  const data: Buffer[] = [];
  let last = '';
  while (!ended) {
    need(at + 12 <= file.length, 'end');
    const size = file.readUInt32BE(at);
    need(size < 2 ** 31 && at + 12 + size <= file.length, 'chunk size');
    const type = file.toString('latin1', at + 4, at + 8);
    need(/^[A-Za-z]{4}$/.test(type), 'chunk type');
    const body = file.subarray(at + 8, at + 8 + size);
    need(crc32(file.subarray(at + 4, at + 8 + size)) === file.readUInt32BE(at + 8 + size), 'CRC');
    need((type === 'IHDR') === (at === 8), 'IHDR first');
    if (type === 'IHDR') {
      need(size === 13, 'IHDR size');
      head = body;
    } else if (type === 'PLTE') {
      if (head![9] === 3) {
        need(!palette && data.length === 0 && size > 0 && size % 3 === 0 && size <= 768, 'PLTE');
        palette = true;
      }
    } else if (type === 'IDAT') {
      need(data.length === 0 || last === 'IDAT', 'IDAT together');
      need(palette || head![9] !== 3, 'PLTE before IDAT');
      data.push(body);
    } else if (type === 'IEND') {
      need(size === 0, 'IEND size');
      ended = true;
    } else need(type[0] >= 'a', 'critical');
    last = type;
    at += 12 + size;
  }
  const width = head!.readUInt32BE(0);
  const height = head!.readUInt32BE(4);
  const [bitDepth, colorType, compression, filtering, interlace] = head!.subarray(8);
  need(width > 0 && height > 0 && width < 2 ** 31 && height < 2 ** 31, 'size');
  const depths: Record<number, number[]> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
  need(depths[colorType]?.includes(bitDepth), 'depth');
  need(compression === 0 && filtering === 0 && interlace <= 1, 'methods');
  need(width * height <= 2 ** 24, 'too large for this reader');
  const channels = CHANNELS[colorType];
  const bpp = Math.max(1, (channels * bitDepth) >> 3);
  const parts = passes(interlace === 1, width, height).map((p) => ({
    ...p,
    bytes: Math.ceil((p.w * channels * bitDepth) / 8),
  }));
  const total = parts.reduce((sum, p) => sum + p.h * (p.bytes + 1), 0);
  const packed = Buffer.concat(data);
  need(total <= packed.length * 1032, 'too little');
  const raw = inflateSync(packed, {
    chunkSize: Math.max(64, total + 64),
    maxOutputLength: total + 64,
    finishFlush: constants.Z_FINISH,
  });
  need(raw.length === total, 'size of the data');
  const samples = new Uint16Array(width * height * channels);
  let from = 0;
  for (const { x, y, dx, dy, w, h, bytes } of parts) {
    let above = Buffer.alloc(bytes);
    for (let j = 0; j < h; j++) {
      const filter = raw[from];
      need(filter <= 4, 'filter');
      const row = Buffer.from(raw.subarray(from + 1, from + 1 + bytes));
      for (let i = 0; i < bytes; i++) {
        row[i] += guess(filter, i < bpp ? 0 : row[i - bpp], above[i], i < bpp ? 0 : above[i - bpp]);
      }
      for (let i = 0; i < w * channels; i++) {
        const to = ((y + j * dy) * width + x + Math.floor(i / channels) * dx) * channels + (i % channels);
        const bit = i * bitDepth;
        samples[to] =
          bitDepth === 16
            ? row.readUInt16BE(i * 2)
            : (row[bit >> 3] >> (8 - bitDepth - (bit & 7))) & (2 ** bitDepth - 1);
      }
      above = row;
      from += bytes + 1;
    }
  }
  return { width, height, bitDepth, colorType, interlaced: interlace === 1, samples };
}
