import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  encodePng,
  MASK_EFFORT,
  PHOTO_EFFORT,
  type PngColor,
  type PngEffort,
} from '../../../src/pipeline/png/encode.js';
import { createRandom } from '../../../src/pipeline/random.js';

/** Decodes with libvips, which has nothing in common with the encoder. */
const decode = (file: Buffer) => sharp(file).raw({ depth: 'uchar' }).toBuffer();

const SIZES = [
  [1, 1],
  [3, 5],
  [17, 9],
  [256, 40],
] as const;
const CHANNELS = { gray: 1, rgb: 3, 'gray-alpha': 2, rgba: 4 } as const;
const EFFORTS: PngEffort[] = [
  {},
  MASK_EFFORT,
  PHOTO_EFFORT,
  { search: 'runs' },
  ...(['none', 'sub', 'up', 'average', 'paeth', 'photo', 'flat'] as const).map((filter) => ({ filter, level: 1 })),
];

/** Smooth in parts and noisy in others, so that every filter has something to predict and something to fail on. */
function picture(width: number, height: number, channels: number): Uint8Array {
  const random = createRandom('picture', width, height, channels);
  return Uint8Array.from({ length: width * height * channels }, (_, i) =>
    i % 7 === 0 ? random.integer(0, 256) : Math.floor(i / (width * channels)) * 5 + (i % channels),
  );
}

describe('encodePng', () => {
  for (const color of Object.keys(CHANNELS) as (keyof typeof CHANNELS)[]) {
    it(`writes ${color} pixels of every size and filter so that libvips reads them back`, async () => {
      for (const [width, height] of SIZES) {
        const data = picture(width, height, CHANNELS[color]);
        for (const effort of EFFORTS) {
          const file = encodePng({ width, height, color: color as PngColor, data }, effort);
          const space = color === 'gray' ? 'b-w' : 'srgb';
          const { data: back, info } = await sharp(file)
            .toColourspace(space)
            .raw()
            .toBuffer({ resolveWithObject: true });
          // libvips gives gray with alpha as RGBA.
          const seen = color === 'gray-alpha' ? back.filter((_, i) => i % 4 === 0 || i % 4 === 3) : back;
          expect([info.width, info.height]).toEqual([width, height]);
          expect(Buffer.compare(seen, data), `${width}x${height} ${JSON.stringify(effort)}`).toBe(0);
        }
      }
    });
  }

  it('writes 16-bit samples', async () => {
    const data = Uint16Array.from({ length: 35 }, (_, i) => i * 1873);
    const file = encodePng({ width: 7, height: 5, data }, { filter: 'paeth' });
    const back = await sharp(file).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    expect([...new Uint16Array(back.buffer, back.byteOffset, 35)]).toEqual([...data]);
    expect((await sharp(file).metadata()).depth).toBe('ushort');
  });

  it('writes palette indexes with their colours', async () => {
    const palette = [0, 0, 0, 200, 10, 30, 1, 2, 3];
    const file = encodePng({ width: 3, height: 2, color: 'palette', data: Uint8Array.of(0, 1, 2, 2, 1, 0), palette });
    const expected = [0, 1, 2, 2, 1, 0].flatMap((index) => palette.slice(3 * index, 3 * index + 3));
    expect([...(await decode(file))]).toEqual(expected);
    // Colour type 3 in IHDR.
    expect(file[25]).toBe(3);
  });

  it('ends each chunk with the CRC-32 of its name and body', () => {
    const file = encodePng({ width: 9, height: 9, data: picture(9, 9, 1) });
    const names: string[] = [];
    for (let at = 8; at < file.length; ) {
      const end = at + 8 + file.readUInt32BE(at);
      names.push(file.toString('latin1', at + 4, at + 8));
      expect(file.readUInt32BE(end)).toBe(crcBitByBit(file.subarray(at + 4, end)));
      at = end + 4;
    }
    expect(names).toEqual(['IHDR', 'IDAT', 'IEND']);
  });

  it('keeps files as small as those of the real set: an empty mask about 160 bytes', () => {
    expect(encodePng({ width: 256, height: 256, data: new Uint8Array(65536) }, { search: 'runs' }).length).toBeLessThan(
      180,
    );
  });

  it('rejects pixels that are not as many as the shape says, and palettes that are none', () => {
    expect(() => encodePng({ width: 2, height: 2, data: new Uint8Array(5) })).toThrow(
      /2x2x1 PNG needs 4 samples, got 5/,
    );
    expect(() => encodePng({ width: 0, height: 2, data: new Uint8Array(0) })).toThrow(/0x2x1/);
    const data = new Uint8Array(1);
    expect(() => encodePng({ width: 1, height: 1, color: 'palette', data })).toThrow(/RGB triples, got 0/);
    expect(() => encodePng({ width: 1, height: 1, color: 'palette', data, palette: [1, 2] })).toThrow(/got 2/);
  });
});

/** Annex D of the specification, without the table. */
function crcBitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
