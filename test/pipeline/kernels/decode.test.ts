import { constants } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { PngInfo } from '../../../src/pipeline/kernels/kernels.js';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { CHANNELS, chunk, expectedBytes, type Picture, readPng, type WriteOptions, writePng } from './png-format.js';
import { pictureBytes, randomSource } from './random.js';

const kernels = createKernels();

const FORMATS: [colorType: number, bitDepth: number][] = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
];
const SIZES = [
  [1, 1],
  [1, 9],
  [9, 1],
  [3, 2],
  [17, 3],
  [16, 16],
  [33, 40],
  [70, 35],
];

function picture(
  seed: number,
  width: number,
  height: number,
  colorType: number,
  bitDepth: number,
  interlaced = false,
): Picture {
  const random = randomSource(seed);
  const channels = CHANNELS[colorType];
  const bytes = pictureBytes(random, seed % 5, width * channels, height);
  const top = 2 ** bitDepth - 1;
  const samples = Uint16Array.from(bytes, (v) => (bitDepth === 16 ? v * 256 + random.below(256) : v & top));
  return { width, height, bitDepth, colorType, interlaced, samples };
}

/** Decodes and compares bytes; returns what the kernels say of the file. */
function check(file: Buffer, wanted: Buffer): PngInfo {
  const decoded = kernels.decodePng(kernels.setInput(file), 0);
  if (!decoded.ok) throw new Error(decoded.fault);
  const got = Buffer.from(kernels.view(0, wanted.length));
  const wrong = got.findIndex((v, i) => v !== wanted[i]);
  expect(wrong, `first byte that differs of ${wanted.length}`).toBe(-1);
  return decoded.info;
}

const PALETTE = Uint8Array.from({ length: 768 }, (_, i) => (i * 7) & 255);

function paletteOf(colorType: number): Partial<WriteOptions> {
  return colorType === 3 ? { palette: PALETTE } : {};
}

describe('every colour type, depth and size', () => {
  it.each(FORMATS)('type %i, %i bits: each filter, mixed filters, plain and interlaced', (colorType, bitDepth) => {
    let seed = 1;
    for (const [width, height] of SIZES) {
      for (const interlaced of [false, true]) {
        for (const choice of [0, 1, 2, 3, 4, 5, 6]) {
          const made = picture(seed++, width, height, colorType, bitDepth, interlaced);
          const random = randomSource(seed);
          // 5: any filter in any row; 6: runs of rows of one filter, as encoders make them.
          const filter = (row: number) => (choice < 5 ? choice : choice === 5 ? random.below(5) : (row >> 2) % 5);
          const file = writePng(made, { filter, ...paletteOf(colorType) });
          const info = check(file, expectedBytes(made));
          expect(info).toMatchObject({ width, height, bitDepth, colorType, interlaced, transparency: false });
          expect(info.palette?.length ?? 0).toBe(colorType === 3 ? 3 * 2 ** bitDepth : 0);
        }
      }
    }
  });

  it('the plain reader of these tests reads what its writer wrote', () => {
    for (const [colorType, bitDepth] of FORMATS) {
      const made = picture(3, 13, 11, colorType, bitDepth, true);
      expect(readPng(writePng(made, { filter: (row) => row % 5, ...paletteOf(colorType) }))).toEqual(made);
    }
  });

  it('rows too wide for sixteen at a time', () => {
    for (const colorType of [0, 2]) {
      const made = picture(3, 300_000, 3, colorType, 8);
      check(writePng(made, { filter: (row) => [4, 4, 3][row] }), expectedBytes(made));
    }
  });

  it('wide rows and many rows: filters that turn with the row, all pixel sizes', () => {
    for (const [colorType, bitDepth] of [
      [0, 8],
      [2, 8],
      [4, 8],
      [6, 8],
      [2, 16],
      [6, 16],
    ]) {
      for (const [width, height] of [
        [255, 257],
        [256, 256],
        [257, 31],
        [300, 2],
      ]) {
        const made = picture(width + bitDepth, width, height, colorType, bitDepth);
        const random = randomSource(width);
        check(writePng(made, { filter: () => [4, 4, 3, 1, 2, 0][random.below(6)] }), expectedBytes(made));
        check(writePng(made, { filter: () => 4 }), expectedBytes(made));
      }
    }
  });
});

describe('every way of deflate', () => {
  const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_FILTERED, Z_DEFAULT_STRATEGY } = constants;
  const ways: [string, WriteOptions['zlib']][] = [
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((level): [string, WriteOptions['zlib']] => [`level ${level}`, { level }]),
    ...(
      [
        ['fixed', Z_FIXED],
        ['Huffman only', Z_HUFFMAN_ONLY],
        ['runs', Z_RLE],
        ['filtered', Z_FILTERED],
      ] as const
    ).map(([name, strategy]): [string, WriteOptions['zlib']] => [name, { strategy }]),
    ['small window', { windowBits: 9 }],
    ['small blocks', { memLevel: 1, strategy: Z_DEFAULT_STRATEGY }],
  ];

  it.each(ways)('%s', (_, zlib) => {
    for (const kind of [0, 1, 2, 3, 4]) {
      for (const [width, height] of [
        [1, 1],
        [17, 3],
        [256, 256],
        [300, 120],
      ]) {
        const made = picture(kind, width, height, 0, 8);
        check(writePng(made, { zlib }), expectedBytes(made));
        check(writePng(made, { zlib, filter: (row) => row % 5 }), expectedBytes(made));
      }
    }
  });

  it('matches of every distance from 1 to 300, near and far', () => {
    for (let period = 1; period <= 300; period++) {
      const random = randomSource(period);
      const tile = Uint16Array.from({ length: period }, () => random.below(256));
      const samples = Uint16Array.from({ length: 999 }, (_, i) => tile[i % period]);
      const made: Picture = { width: 999, height: 1, bitDepth: 8, colorType: 0, interlaced: false, samples };
      check(writePng(made, { zlib: { level: 9 } }), expectedBytes(made));
    }
    const random = randomSource(9);
    const half = Uint16Array.from({ length: 32_000 }, () => random.below(256));
    const samples = Uint16Array.from({ length: 64_000 }, (_, i) => half[i % 32_000]);
    const made: Picture = { width: 64_000, height: 1, bitDepth: 8, colorType: 0, interlaced: false, samples };
    const file = writePng(made, { zlib: { level: 9 } });
    expect(file.length).toBeLessThan(33_000);
    check(file, expectedBytes(made));
  });

  it('codes of 15 bits: bytes whose counts grow like Fibonacci numbers', () => {
    const counts = [1, 1];
    while (counts.length < 22) counts.push(counts.at(-1)! + counts.at(-2)!);
    const bytes = counts.flatMap((n, value) => new Array<number>(n).fill(value * 11));
    const random = randomSource(4);
    for (let i = bytes.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [bytes[i], bytes[j]] = [bytes[j], bytes[i]];
    }
    const samples = Uint16Array.from(bytes);
    const made: Picture = { width: samples.length, height: 1, bitDepth: 8, colorType: 0, interlaced: false, samples };
    check(writePng(made, { zlib: { strategy: Z_HUFFMAN_ONLY, memLevel: 9 } }), expectedBytes(made));
  });
});

describe('chunks', () => {
  const made = picture(2, 40, 30, 0, 8);

  it('IDAT in any number of chunks, empty ones between them', () => {
    for (const cuts of [[], [0], [1], [2, 0, 0, 3], [5, 7, 0], new Array<number>(60).fill(1)]) {
      check(writePng(made, { cuts }), expectedBytes(made));
    }
    check(writePng(made, { cuts: [10_000, 0, 0] }), expectedBytes(made));
  });

  it('ancillary chunks, a suggested palette, bytes behind IEND', () => {
    const before = [chunk('tIME', Buffer.alloc(7)), chunk('tEXt', Buffer.from('a\0b')), chunk('tRNS', Buffer.alloc(2))];
    const file = writePng(made, {
      before,
      after: [chunk('tEXt', Buffer.from('c\0d')), chunk('prVt', Buffer.alloc(0))],
    });
    expect(check(file, expectedBytes(made)).transparency).toBe(true);
    check(Buffer.concat([file, Buffer.from('left over')]), expectedBytes(made));
    const rgb = picture(3, 9, 9, 2, 8);
    expect(check(writePng(rgb, { palette: PALETTE.subarray(0, 30) }), expectedBytes(rgb)).palette).toBeNull();
  });

  it('a palette with transparency: colours as they stand, cut to what the depth can name', () => {
    const indices = picture(1, 20, 20, 3, 2);
    const info = check(
      writePng(indices, { palette: PALETTE, before: [chunk('tRNS', Buffer.from([0, 128]))] }),
      expectedBytes(indices),
    );
    expect(info.transparency).toBe(true);
    expect([...info.palette!]).toEqual([...PALETTE.subarray(0, 12)]);
  });

  it('inspectPng tells the same without pixels', () => {
    const file = writePng(made, { cuts: [3] });
    const seen = kernels.inspectPng(kernels.setInput(file));
    expect(seen).toEqual(kernels.decodePng(kernels.setInput(file), 1));
  });
});

describe('beside sharp', () => {
  it.each([
    ['gray', 1, 'b-w', 'uchar'],
    ['RGB', 3, 'srgb', 'uchar'],
    ['RGBA', 4, 'srgb', 'uchar'],
    ['gray 16', 1, 'grey16', 'ushort'],
    ['RGB 16', 3, 'rgb16', 'ushort'],
  ] as const)('%s as libvips writes and reads it', async (_, channels, space, depth) => {
    for (const [width, height] of [
      [256, 256],
      [61, 83],
    ]) {
      const random = randomSource(width);
      const bytes = pictureBytes(random, 3, width * channels, height);
      const wide = Uint16Array.from(bytes, (v) => v * 257 - random.below(200) * (v > 0 ? 1 : 0));
      const input = depth === 'ushort' ? wide : bytes;
      for (const options of [{ adaptiveFiltering: true }, { progressive: true }, { compressionLevel: 0 }]) {
        const file = await sharp(input, { raw: { width, height, channels } })
          .toColourspace(space)
          .png(options)
          .toBuffer();
        const read = await sharp(file).toColourspace(space).raw({ depth }).toBuffer();
        check(file, read);
      }
    }
  });
});

describe('memory', () => {
  it('keeps other slots while one grows, and is used again', () => {
    const own = createKernels();
    const small = Uint8Array.from({ length: 1000 }, (_, i) => i);
    own.store(0, small);
    own.store(5, small);
    const big = picture(1, 900, 700, 2, 8);
    const file = writePng(big);
    for (let i = 0; i < 3; i++) expect(own.decodePng(own.setInput(file), 2).ok).toBe(true);
    expect(Buffer.from(own.view(0, 1000)).equals(small)).toBe(true);
    expect(Buffer.from(own.view(5, 1000)).equals(small)).toBe(true);
    expect(Buffer.from(own.view(2, 900 * 700 * 3)).equals(expectedBytes(big))).toBe(true);
    const memory = own.view(0, 1).buffer.byteLength;
    for (let i = 0; i < 20; i++) own.decodePng(own.setInput(file), 2);
    expect(own.view(0, 1).buffer.byteLength).toBe(memory);
    expect(memory).toBeLessThan(8 * 2 ** 20);
  });
});
