import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { chunk, header, SIGNATURE, writePng } from './png-format.js';

const kernels = createKernels();
const END = chunk('IEND', Buffer.alloc(0));

/** The clause of a file that isn't one; fails where it is taken. */
function faultOf(file: Uint8Array): string {
  const decoded = kernels.decodePng(kernels.setInput(file), 0);
  return decoded.ok ? 'taken' : decoded.fault;
}

const samples = Uint16Array.from({ length: 12 }, (_, i) => i * 20);
const picture = { width: 4, height: 3, bitDepth: 8, colorType: 0, interlaced: false, samples };
const good = writePng(picture);

function build(...chunks: Buffer[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks]);
}

const rows = Buffer.alloc(15);
const data = chunk('IDAT', deflateSync(rows));

/** A picture of 4x3 whose data is this deflate stream, with zlib header and the Adler-32 of 15 zeros. */
function deflated(stream: Uint8Array): Buffer {
  const adler = Buffer.from([0x00, 0x0f, 0x00, 0x01]);
  return build(header(4, 3, 8, 0), chunk('IDAT', Buffer.concat([Buffer.from([0x78, 0x9c]), stream, adler])), END);
}

/** Bits as text, first bit first, packed as deflate packs them; blanks don't count. */
function packed(bits: string): Buffer {
  const plain = bits.replace(/\s/g, '');
  const out = Buffer.alloc(Math.ceil(plain.length / 8));
  [...plain].forEach((bit, i) => {
    out[i >> 3] |= Number(bit) << (i & 7);
  });
  return out;
}

/** A number of n bits as deflate writes numbers, lowest bit first. */
const number = (value: number, n: number) => [...value.toString(2).padStart(n, '0')].reverse().join('');

describe('what is wrong with a file, in one clause', () => {
  it.each<[string, Buffer, RegExp]>([
    ['cut in IDAT', good.subarray(0, 50), /^truncated: IDAT ends after \d+ of \d+ bytes$/],
    ['cut in a checksum', good.subarray(0, good.length - 14), /^truncated: the checksum of IDAT is cut$/],
    ['cut before IEND', good.subarray(0, good.length - 12), /^truncated: the file ends after \d+ bytes without IEND$/],
    ['cut in IEND', good.subarray(0, good.length - 1), /^truncated: the checksum of IEND is cut$/],
    ['cut in the signature', good.subarray(0, 5), /^truncated: the file ends after 5 bytes$/],
    ['nothing but IHDR', build(header(4, 3, 8, 0)), /^truncated: .* without IEND$/],
    [
      'a chunk longer than any file',
      build(header(4, 3, 8, 0), Buffer.from('fffffff049444154', 'hex')),
      /claims 4294967280 bytes/,
    ],
    [
      'no chunk type',
      build(header(4, 3, 8, 0), chunk('ID\x00T', Buffer.alloc(1)), END),
      /^damaged: no chunk type at byte 33/,
    ],
    ['bad size', build(header(0, 3, 8, 0), data, END), /^damaged: a size of 0x3 pixels$/],
    ['bad height', build(header(4, 0, 8, 0), data, END), /^damaged: a size of 4x0 pixels$/],
    ['bad depth', build(header(4, 3, 3, 0), data, END), /^damaged: 3 bits with colour type 0$/],
    ['depth of another type', build(header(4, 3, 16, 3), data, END), /^damaged: 16 bits with colour type 3$/],
    ['bad type', build(header(4, 3, 8, 5), data, END), /colour type 5$/],
    ['bad compression', build(header(4, 3, 8, 0, [1, 0, 0]), data, END), /unknown compression method 1$/],
    ['bad filtering', build(header(4, 3, 8, 0, [0, 9, 0]), data, END), /unknown filter method 9$/],
    ['bad interlacing', build(header(4, 3, 8, 0, [0, 0, 2]), data, END), /unknown interlace method 2$/],
    ['IDAT first', build(data, header(4, 3, 8, 0), END), /IDAT at byte 8 is out of order$/],
    ['IHDR twice', build(header(4, 3, 8, 0), header(4, 3, 8, 0), data, END), /IHDR at byte 33 is out of order$/],
    ['IHDR too long', build(chunk('IHDR', Buffer.alloc(14)), data, END), /^damaged: IHDR of 14 bytes$/],
    ['no IDAT', build(header(4, 3, 8, 0), END), /^damaged: no IDAT data$/],
    ['only empty IDAT', build(header(4, 3, 8, 0), chunk('IDAT', Buffer.alloc(0)), END), /^damaged: no IDAT data$/],
    [
      'IDAT apart',
      build(header(4, 3, 8, 0), data, chunk('tIME', Buffer.alloc(7)), data, END),
      /between the IDAT chunks$/,
    ],
    ['no palette', build(header(4, 3, 8, 3), data, END), /palette picture without palette$/],
    ['palette behind', build(header(4, 3, 8, 3), data, chunk('PLTE', Buffer.alloc(6)), END), /without palette$/],
    [
      'palette twice',
      build(header(4, 3, 8, 3), chunk('PLTE', Buffer.alloc(6)), chunk('PLTE', Buffer.alloc(6)), data, END),
      /a second PLTE$/,
    ],
    [
      'half a palette entry',
      build(header(4, 3, 8, 3), chunk('PLTE', Buffer.alloc(7)), data, END),
      /a palette of 7 bytes$/,
    ],
    [
      'critical chunk',
      build(header(4, 3, 8, 0), chunk('ABCD', Buffer.alloc(1)), data, END),
      /^unsupported: critical chunk ABCD at byte 33$/,
    ],
    ['IEND with data', build(header(4, 3, 8, 0), data, chunk('IEND', Buffer.alloc(2))), /^damaged: IEND of 2 bytes$/],
    [
      'Apple variant',
      build(chunk('CgBI', Buffer.alloc(4)), header(4, 3, 8, 0), data, END),
      /chunk CgBI at byte 8 is out of order$/,
    ],
  ])('%s', (_, file, clause) => {
    expect(faultOf(file)).toMatch(clause);
  });

  it('a wrong CRC in each chunk, named', () => {
    for (const [at, name] of [
      [20, 'IHDR'],
      [45, 'IDAT'],
      [good.length - 2, 'IEND'],
    ] as const) {
      const file = Buffer.from(good);
      file[at] ^= 4;
      expect(faultOf(file)).toMatch(new RegExp(`^damaged: wrong CRC of ${name} at byte \\d+$`));
    }
    const text = chunk('tEXt', Buffer.from('a\0b'));
    text[9] ^= 1;
    expect(faultOf(build(header(4, 3, 8, 0), text, data, END))).toMatch(/wrong CRC of tEXt at byte 33/);
  });

  it('filter bytes, named with their row', () => {
    for (let row = 0; row < 3; row++) {
      const file = writePng(picture, {
        rows: (raw) => {
          raw[row * 5] = 5 + row;
          return raw;
        },
      });
      expect(faultOf(file)).toBe(`damaged: row ${row} has the unknown filter ${5 + row}`);
    }
    const tall = { ...picture, height: 100, samples: new Uint16Array(400) };
    const file = writePng(tall, {
      filter: () => 4,
      rows: (raw) => {
        raw[97 * 5] = 255;
        return raw;
      },
    });
    expect(faultOf(file)).toBe('damaged: row 97 has the unknown filter 255');
  });

  it('too little and too much data', () => {
    const of = (n: number) => build(header(4, 3, 8, 0), chunk('IDAT', deflateSync(Buffer.alloc(n))), END);
    expect(faultOf(of(15))).toBe('taken');
    expect(faultOf(of(14))).toBe('truncated: IDAT holds 14 of the 15 bytes of 4x3 pixels');
    expect(faultOf(of(0))).toBe('truncated: IDAT holds 0 of the 15 bytes of 4x3 pixels');
    expect(faultOf(of(16))).toBe('damaged: IDAT holds more than the 15 bytes of 4x3 pixels');
    expect(faultOf(of(1_000_000))).toMatch(/holds more than the 15 bytes/);
    const stored = chunk('IDAT', deflateSync(Buffer.alloc(1_000_000), { level: 0 }));
    expect(faultOf(build(header(4, 3, 8, 0), stored, END))).toMatch(/holds more than the 15 bytes/);
  });

  it('sizes that the data cannot hold are refused before any memory is taken', () => {
    const own = createKernels();
    const before = own.view(0, 0).buffer.byteLength;
    for (const [width, height] of [
      [2 ** 31 - 1, 2 ** 31 - 1],
      [65_535, 65_535],
      [100_000, 1],
    ]) {
      for (const [depth, color] of [
        [1, 0],
        [8, 0],
        [16, 6],
      ]) {
        const length = own.setInput(build(header(width, height, depth, color), data, END));
        expect(own.decodePng(length, 0)).toMatchObject({ ok: false, fault: expect.stringContaining('cannot hold') });
      }
    }
    expect(own.view(0, 0).buffer.byteLength).toBe(before);
    const big = chunk('IDAT', Buffer.alloc(1_200_000, 0x55));
    expect(own.decodePng(own.setInput(build(header(30_000, 30_000, 8, 0), big, END)), 0)).toMatchObject({
      ok: false,
      fault: 'too large: 30000x30000 pixels need 859 MB',
    });
    // One row takes little, and the work on it a hundred times as much; of one bit a pixel, the pixels count.
    for (const [width, height, depth, fault] of [
      [100_000_000, 1, 8, 'too large: 100000000x1 pixels, a side has at most 1048576'],
      [1, 100_000_000, 8, 'too large: 1x100000000 pixels, a side has at most 1048576'],
      [65_536, 2_049, 1, 'too large: 65536x2049 pixels need 129 MB'],
    ] as const) {
      const length = own.setInput(build(header(width, height, depth, 0), big, END));
      expect(own.decodePng(length, 0)).toEqual({ ok: false, fault });
    }
    expect(own.view(0, 0).buffer.byteLength).toBeLessThan(before + 2_000_000);
  });
});

describe('deflate streams that break the rules', () => {
  const zeros = deflateRawSync(rows);
  const fixed = '110';
  // Code lengths for a block: HLIT, HDIST, HCLEN and the lengths of the length codes in their odd order.
  const dynamic = (literals: number, distances: number, lengths: number[]) =>
    `101${number(literals - 257, 5)}${number(distances - 1, 5)}${number(lengths.length - 4, 4)}${lengths.map((n) => number(n, 3)).join('')}`;

  it.each<[string, Uint8Array, RegExp]>([
    ['block type 3', packed(`111${'0'.repeat(40)}`), /unknown deflate block type$/],
    ['stored length', Buffer.from([1, 15, 0, 0, 0, ...rows]), /length of a stored block$/],
    ['stored block cut', Buffer.from([1, 15, 0, 0xf0, 0xff, 0, 0]), /^truncated: the data ends after \d+ of 15 bytes$/],
    ['287 literal codes', packed(dynamic(287, 1, [1, 1, 1, 1]) + '0'.repeat(99)), /too many code lengths$/],
    ['31 distance codes', packed(dynamic(257, 31, [1, 1, 1, 1]) + '0'.repeat(99)), /too many code lengths$/],
    [
      'too many length codes of a bit',
      packed(dynamic(257, 1, [1, 1, 1, 1]) + '0'.repeat(99)),
      /lengths that make no code$/,
    ],
    ['too few length codes', packed(dynamic(257, 1, [2, 2, 2, 0]) + '0'.repeat(99)), /lengths that make no code$/],
    // Lengths 0 (code 0) and 16 (code 1): a repeat with nothing before it.
    ['repeat of nothing', packed(`${dynamic(257, 1, [1, 0, 0, 1])}1${'0'.repeat(99)}`), /repeat of code lengths$/],
    // Lengths 18 (code 1) and 0 (code 0): 138 zeros twice is more than 258.
    [
      'repeat too long',
      packed(`${dynamic(257, 1, [0, 0, 1, 1])}${`1${'1'.repeat(7)}`.repeat(2)}`),
      /repeat of code lengths$/,
    ],
    // 138 + 120 zeros: no code for the end of the block.
    [
      'no end code',
      packed(`${dynamic(257, 1, [0, 0, 1, 1])}1${number(127, 7)}1${number(109, 7)}${'0'.repeat(99)}`),
      /without end code$/,
    ],
    ['literal 286', packed(`${fixed}11000110${'0'.repeat(99)}`), /invalid literal code$/],
    ['distance 30', packed(`${fixed}${'00110000'.repeat(3)}000000111110${'0'.repeat(99)}`), /invalid distance code$/],
    ['distance too far', packed(`${fixed}00110000000000100011${'0'.repeat(99)}`), /distance before the beginning$/],
    ['distance with nothing before', packed(`${fixed}000000100000${'0'.repeat(99)}`), /distance before the beginning$/],
    ['cut', zeros.subarray(0, 1), /^truncated: the data ends|invalid|distance|make no code|Adler/],
  ])('%s', (_, stream, clause) => {
    expect(faultOf(deflated(stream))).toMatch(clause);
  });

  it('a distance code of one bit, or of none, is fine as long as it is used so', () => {
    // Literal 0 and end of one bit each: lengths 0:1, 256:1; distance code 0 with one bit. Length codes: 18, 0, 1.
    const lengths = [0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    // Codes by length then value: 1 -> 0, 0 -> 10, 18 -> 11. Order of HCLEN: 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1.
    const table = `0 11${number(127, 7)} 11${number(117 - 11, 7)} 0`;
    const one = packed(`${dynamic(257, 1, lengths)}${table} 0 ${'0'.repeat(15)} 1`);
    const none = packed(`${dynamic(257, 1, lengths)}${table} 10 ${'0'.repeat(15)} 1`);
    expect(faultOf(deflated(one))).toBe('taken');
    expect(faultOf(deflated(none))).toBe('taken');
  });

  it('codes that leave bits over are refused, but for a single one', () => {
    // Length codes 0, 1, 2 and 18 of two bits each: 00, 01, 10, 11. Zeros between literal 0 and the end code: 138 + 117.
    const lengths = [0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2];
    const zeros = `11${number(127, 7)} 11${number(106, 7)}`;
    const rest = `0${'0'.repeat(14)} 1`;
    const block = (literal: string, distance: string) =>
      deflated(packed(`${dynamic(257, 1, lengths)}${literal} ${zeros} ${literal} ${distance} ${rest}`));
    expect(faultOf(block('01', '01'))).toBe('taken');
    expect(faultOf(block('01', '00'))).toBe('taken');
    expect(faultOf(block('10', '01'))).toMatch(/literal codes that make no code$/);
    expect(faultOf(block('01', '10'))).toMatch(/distance codes that make no code$/);
  });

  it('zlib headers', () => {
    const stream = deflateSync(rows);
    const withHeader = (a: number, b: number) =>
      build(header(4, 3, 8, 0), chunk('IDAT', Buffer.concat([Buffer.from([a, b]), stream.subarray(2)])), END);
    expect(faultOf(withHeader(0x78, 0x9c))).toBe('taken');
    expect(faultOf(withHeader(0x78, 0x9d))).toBe('damaged data: no zlib header');
    expect(faultOf(withHeader(0x79, 0x9a))).toBe('damaged data: no zlib header');
    expect(faultOf(withHeader(0x88, 0x98))).toBe('damaged data: no zlib header');
    expect(faultOf(withHeader(0x78, 0xbb))).toBe('damaged data: zlib stream with a preset dictionary');
    expect(faultOf(build(header(4, 3, 8, 0), chunk('IDAT', Buffer.from([0x78])), END))).toMatch(/^truncated/);
  });

  it('a wrong Adler-32, a cut one, and bytes behind it', () => {
    const stream = deflateSync(rows);
    const wrong = Buffer.from(stream);
    wrong[wrong.length - 1] ^= 1;
    const of = (bytes: Buffer) => build(header(4, 3, 8, 0), chunk('IDAT', bytes), END);
    expect(faultOf(of(wrong))).toBe('damaged data: wrong Adler-32');
    expect(faultOf(of(stream.subarray(0, stream.length - 2)))).toMatch(/^truncated/);
    expect(faultOf(of(Buffer.concat([stream, Buffer.from('behind')])))).toBe('taken');
  });
});

describe('files of another kind', () => {
  it.each<[string, Buffer | string, string]>([
    ['empty', '', 'not a PNG: the file is empty'],
    ['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF', 'not a PNG but a JPEG file'],
    ['GIF', 'GIF89a...', 'not a PNG but a GIF file'],
    ['TIFF', 'II*\0....', 'not a PNG but a TIFF file'],
    ['WebP', 'RIFF\x10\0\0\0WEBPVP8 ', 'not a PNG but a WebP file'],
    ['BMP', 'BM\x36\0\0\0', 'not a PNG but a BMP file'],
    ['DICOM', `${'\0'.repeat(128)}DICM`, 'not a PNG but a DICOM file'],
    ['zip', 'PK\x03\x04....', 'not a PNG but a zip file'],
    ['text', 'this is no picture\n', 'not a PNG but text'],
    ['page', '<!DOCTYPE html><html>', 'not a PNG but a web page'],
    ['LFS', 'version https://git-lfs.github.com/spec/v1\noid', 'not a PNG but a Git LFS pointer, not the file itself'],
    ['zeros', '\0'.repeat(600), 'not a PNG: it begins with zeros alone'],
    ['noise', '\x01\x02\x03\x04\xfe\x00', 'not a PNG'],
    ['text mode', '\x89PNG\n\x1a\n\0\0\0\rIHDR', 'damaged: PNG signature changed (sent as text?)'],
  ])('%s', (_, text, fault) => {
    const bytes = Buffer.from(text as string, 'latin1');
    expect(faultOf(bytes)).toBe(fault);
    expect(kernels.inspectPng(kernels.setInput(bytes))).toEqual({ ok: false, fault });
  });
});

describe('reading files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('whole, of any length, with bytes behind IEND, and none', () => {
    const big = Buffer.alloc(700_001, 7);
    for (const [name, bytes] of Object.entries({
      good,
      big,
      none: Buffer.alloc(0),
      more: Buffer.concat([good, good]),
    })) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      const length = kernels.readFile(path);
      expect(length).toBe(bytes.length);
      expect(Buffer.from(kernels.input(length)).equals(bytes), name).toBe(true);
    }
  });

  it.skipIf(process.platform === 'win32')('never waits for a pipe, nor for the end of a device', () => {
    const pipe = join(folder, 'pipe.png');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero', '/dev/null']) {
      expect(() => kernels.readFile(path), path).toThrow('it is no regular file');
    }
  });

  it("throws Node's own errors", () => {
    expect(() => kernels.readFile(join(folder, 'missing'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => kernels.readFile(folder)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  });
});
