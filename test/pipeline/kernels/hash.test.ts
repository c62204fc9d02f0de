import { describe, expect, it } from 'vitest';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { pictureBytes, randomSource } from './random.js';

const kernels = createKernels();
const MASK = (1n << 64n) - 1n;
const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];
const rotate = (v: bigint, n: bigint) => ((v << n) | (v >> (64n - n))) & MASK;
const round = (lane: bigint, input: bigint) => (rotate((lane + input * P2) & MASK, 31n) * P1) & MASK;

/** XXH64 as its specification words it, in big integers. */
function xxh64(bytes: Uint8Array, seed: bigint): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let h = (seed + P5) & MASK;
  if (bytes.length >= 32) {
    const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1].map((v) => v & MASK);
    for (; at + 32 <= bytes.length; at += 32) {
      for (let k = 0; k < 4; k++) lanes[k] = round(lanes[k], view.getBigUint64(at + 8 * k, true));
    }
    h = rotate(lanes[0], 1n) + rotate(lanes[1], 7n) + rotate(lanes[2], 12n) + rotate(lanes[3], 18n);
    for (const lane of lanes) h = ((h ^ round(0n, lane)) * P1 + P4) & MASK;
  }
  h = (h + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) {
    h = (rotate(h ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK;
  }
  for (; at + 4 <= bytes.length; at += 4) {
    h = (rotate(h ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK;
  }
  for (; at < bytes.length; at++) h = (rotate(h ^ ((BigInt(bytes[at]) * P5) & MASK), 11n) * P1) & MASK;
  h = ((h ^ (h >> 33n)) * P2) & MASK;
  h = ((h ^ (h >> 29n)) * P3) & MASK;
  return (h ^ (h >> 32n)).toString(16).padStart(16, '0');
}

/** Block means as the interface words them, in floating point. */
function differences(bytes: Uint8Array, width: number, height: number): string {
  const edge = (i: number, n: number, size: number): [number, number] => {
    const start = Math.floor((i * size) / n);
    return [start, Math.max(start + 1, Math.floor(((i + 1) * size) / n))];
  };
  let bits = '';
  for (let row = 0; row < 16; row++) {
    const [top, bottom] = edge(row, 16, height);
    const means = Array.from({ length: 17 }, (_, column) => {
      const [left, right] = edge(column, 17, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += bytes[y * width + x];
      return sum / ((bottom - top) * (right - left));
    });
    for (let i = 0; i < 16; i++) bits += means[i] > means[i + 1] + 2 ? '1' : '0';
  }
  return bits.replace(/..../g, (four) => Number.parseInt(four, 2).toString(16));
}

describe('hash', () => {
  it('gives the figures published for XXH64', () => {
    // From the xxHash distribution and its bindings' tests (python-xxhash: README and tests/test.py).
    const known: [string, number, string][] = [
      ['', 0, 'ef46db3751d8e999'],
      ['a', 0, 'd24ec4f1a98c6e5b'],
      ['xxhash', 0, '32dd38952c4bc720'],
      ['xxhash', 20141025, 'b559b98d844e0635'],
    ];
    for (const [text, seed, digest] of known) {
      const bytes = Buffer.from(text);
      kernels.store(0, bytes);
      expect(kernels.hash(0, bytes.length, seed)).toBe(digest);
    }
  });

  it('equals the specification at every length and for large seeds', () => {
    const random = randomSource(1);
    const bytes = Uint8Array.from({ length: 300 }, () => random.below(256));
    kernels.store(0, bytes);
    for (let n = 0; n <= 300; n++) {
      for (const seed of [0, 1, 2 ** 32 + 5, 2 ** 53 - 1]) {
        expect(kernels.hash(0, n, seed)).toBe(xxh64(bytes.subarray(0, n), BigInt(seed)));
      }
    }
  });

  it('tells pictures and sizes apart', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      kernels.store(0, pictureBytes(randomSource(seed), 2, 32, 32));
      seen.add(kernels.hash(0, 1024, 0)).add(kernels.hash(0, 1024, 1));
    }
    expect(seen.size).toBeGreaterThan(380);
  });
});

describe('differenceHash', () => {
  it('equals block means computed in the open, at every size', () => {
    for (const [width, height] of [
      [1, 1],
      [3, 2],
      [16, 16],
      [17, 16],
      [18, 15],
      [34, 32],
      [100, 40],
      [255, 257],
      [256, 256],
      [40, 4300],
    ]) {
      for (let kind = 0; kind < 5; kind++) {
        const bytes = pictureBytes(randomSource(kind + width), kind, width, height);
        kernels.store(0, bytes);
        expect(kernels.differenceHash(0, width, height), `${width}x${height} kind ${kind}`).toBe(
          differences(bytes, width, height),
        );
      }
    }
  });

  it('bright columns of more rows than 16 bits can sum', () => {
    const [width, height] = [34, 8000];
    const bytes = Uint8Array.from({ length: width * height }, (_, i) => ((i % width) % 4 < 2 ? 255 : 250));
    kernels.store(0, bytes);
    expect(kernels.differenceHash(0, width, height)).toBe(differences(bytes, width, height));
    expect(differences(bytes, width, height)).toBe('aaaa'.repeat(16));
  });

  it('is all zero for a flat picture and all one for a falling ramp', () => {
    kernels.store(0, new Uint8Array(256 * 256).fill(90));
    expect(kernels.differenceHash(0, 256, 256)).toBe('0'.repeat(64));
    kernels.store(
      0,
      Uint8Array.from({ length: 256 * 256 }, (_, i) => 255 - (i % 256)),
    );
    expect(kernels.differenceHash(0, 256, 256)).toBe('f'.repeat(64));
  });
});
