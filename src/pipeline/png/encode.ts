import { constants, crc32, deflateSync } from 'node:zlib';
import { UsageError } from '../errors.js';
import { type Filter, filterRows } from './filter.js';

export type { Filter } from './filter.js';

/** How the pixels are stored: the PNG colour types. */
export type PngColor = 'gray' | 'palette' | 'rgb' | 'gray-alpha' | 'rgba';

/** Raw pixels, row-major, channels interleaved. */
export interface PngPixels {
  width: number;
  height: number;
  /** Default `gray`. */
  color?: PngColor;
  /** `width * height * channels` samples; a Uint16Array is written with 16 bits a sample. */
  data: Uint8Array | Uint16Array;
  /** `palette`: RGB triples of the entries, from index 0; 1 to 256 of them. */
  palette?: ArrayLike<number>;
}

/** What the pixels are like, which decides filter and compression; the file is a plain PNG all the same. */
export interface PngEffort {
  /** Default `none`. */
  filter?: Filter;
  /**
   * zlib's way of looking for repeats. `runs` finds repeats of the byte before alone: the smallest files for empty and
   * round masks. `huffman` finds none: filtered photographs, where there are none. Default `all`.
   */
  search?: 'runs' | 'huffman' | 'all';
  /** zlib level 1 to 9 for `all`. Default 6; on masks 3 takes half of its time and a third more bytes. */
  level?: number;
}

/** Efforts for the two kinds of picture that are written here. */
export const MASK_EFFORT: PngEffort = { filter: 'flat', search: 'all', level: 3 };
export const PHOTO_EFFORT: PngEffort = { filter: 'photo', search: 'huffman' };

const COLOR: Record<PngColor, { type: number; channels: number }> = {
  gray: { type: 0, channels: 1 },
  rgb: { type: 2, channels: 3 },
  palette: { type: 3, channels: 1 },
  'gray-alpha': { type: 4, channels: 2 },
  rgba: { type: 6, channels: 4 },
};

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A whole PNG file (ISO/IEC 15948), 8 or 16 bits a sample, not interlaced. Throws UsageError where the pixels are not
 * as many as their shape says.
 */
export function encodePng(pixels: PngPixels, effort: PngEffort = MASK_EFFORT): Buffer {
  const { width, height, data } = pixels;
  const { type, channels } = COLOR[pixels.color ?? 'gray'];
  if (data.length !== width * height * channels || width < 1 || height < 1) {
    throw new UsageError(
      `a ${width}x${height}x${channels} PNG needs ${width * height * channels} samples, got ${data.length}`,
    );
  }
  const depth = data instanceof Uint16Array ? 16 : 8;
  const bytes = data instanceof Uint16Array ? bigEndian(data) : data;
  const rows = filterRows(bytes, height, (channels * depth) / 8, effort.filter ?? 'none');

  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = type;

  const chunks = [chunk('IHDR', header)];
  if (type === 3) chunks.push(chunk('PLTE', paletteBytes(pixels.palette)));
  chunks.push(chunk('IDAT', compress(rows, effort)), chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function compress(rows: Uint8Array, { search = 'all', level = 6 }: PngEffort): Buffer {
  const strategy =
    search === 'all' ? constants.Z_DEFAULT_STRATEGY : search === 'runs' ? constants.Z_RLE : constants.Z_HUFFMAN_ONLY;
  return deflateSync(rows, { level: search === 'all' ? level : 1, strategy, chunkSize: 65536 });
}

function chunk(name: string, body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(name, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
  return out;
}

function paletteBytes(palette: ArrayLike<number> | undefined): Buffer {
  const length = palette?.length ?? 0;
  if (length < 3 || length > 768 || length % 3 !== 0) {
    throw new UsageError(`a palette needs 1 to 256 RGB triples, got ${length} numbers`);
  }
  return Buffer.from(palette!);
}

function bigEndian(data: Uint16Array): Uint8Array {
  const out = new Uint8Array(data.length * 2);
  for (let i = 0; i < data.length; i++) {
    out[2 * i] = data[i] >> 8;
    out[2 * i + 1] = data[i];
  }
  return out;
}
