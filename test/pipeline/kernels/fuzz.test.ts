import { crc32, inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { CHANNELS, chunk, expectedBytes, type Picture, readPng, SIGNATURE, writePng } from './png-format.js';
import { pictureBytes, type RandomSource, randomSource } from './random.js';

/** How many damaged files, and from which seed: FUZZ_FILES=100000 for a long run. */
const FILES = Number(process.env.FUZZ_FILES ?? 3000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

function originals(random: RandomSource): Buffer[] {
  const files: Buffer[] = [];
  const formats = [
    [0, 8],
    [0, 8],
    [0, 1],
    [0, 16],
    [2, 8],
    [3, 4],
    [3, 8],
    [4, 8],
    [6, 8],
  ];
  for (let i = 0; i < 60; i++) {
    const [colorType, bitDepth] = formats[i % formats.length];
    const [width, height] = i % 10 === 0 ? [256, 64] : [1 + random.below(40), 1 + random.below(40)];
    const channels = CHANNELS[colorType];
    const bytes = pictureBytes(random, i % 5, width * channels, height);
    const samples = Uint16Array.from(bytes, (v) => (bitDepth === 16 ? v * 257 : v & (2 ** bitDepth - 1)));
    const picture: Picture = { width, height, bitDepth, colorType, interlaced: i % 7 === 3, samples };
    const palette = colorType === 3 ? { palette: new Uint8Array(48) } : {};
    const zlib = { level: [6, 9, 1, 0][i % 4], strategy: i % 5 };
    files.push(
      writePng(picture, { filter: () => random.below(5), zlib, cuts: i % 3 === 0 ? [4, 0, 30] : [], ...palette }),
    );
  }
  return files;
}

/** Flips, overwrites, cuts, drops, repeats or takes over bytes, one to four times. */
function damage(bytes: Buffer, other: Buffer, random: RandomSource): Buffer {
  let out = Buffer.from(bytes);
  for (let n = 1 + random.below(4); n > 0 && out.length > 0; n--) {
    const at = random.below(out.length);
    const end = Math.min(out.length, at + 1 + random.below(random.below(3) === 0 ? out.length : 8));
    const kind = random.below(7);
    if (kind <= 1) out[at] ^= 1 << random.below(8);
    else if (kind === 2) out[at] = [0, 255, random.below(256)][random.below(3)];
    else if (kind === 3) out = out.subarray(0, at);
    else if (kind === 4) out = Buffer.concat([out.subarray(0, at), out.subarray(end)]);
    else if (kind === 5) out = Buffer.concat([out.subarray(0, end), out.subarray(at)]);
    else {
      const from = random.below(other.length);
      out = Buffer.concat([out.subarray(0, at), other.subarray(from, from + end - at), out.subarray(end)]);
    }
  }
  return out;
}

function adler32(bytes: Buffer): number {
  let [a, b] = [1, 0];
  for (const v of bytes) {
    a = (a + v) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

/** The file with the data of its IDAT chunks replaced, in one chunk. */
function withData(file: Buffer, change: (stream: Buffer) => Buffer): Buffer {
  const before: Buffer[] = [];
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const whole = file.subarray(at, at + 12 + file.readUInt32BE(at));
    const type = whole.toString('latin1', 4, 8);
    if (type === 'IDAT') data.push(whole.subarray(8, -4));
    else if (type !== 'IEND') before.push(whole);
    at += whole.length;
  }
  return Buffer.concat([
    SIGNATURE,
    ...before,
    chunk('IDAT', change(Buffer.concat(data))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Ends a stream with the Adler-32 that its bytes really have, where they can be inflated at all. */
function withAdler(stream: Buffer): Buffer {
  try {
    const { buffer, engine } = inflateRawSync(stream.subarray(2), {
      info: true,
      maxOutputLength: 2 ** 21,
    }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(adler32(buffer));
    return Buffer.concat([stream.subarray(0, 2 + engine.bytesWritten), tail]);
  } catch {
    return stream;
  }
}

/** Gives each chunk that still has a plausible length the CRC that it should have. */
function withCrc(file: Buffer): Buffer {
  for (let at = 8; at + 12 <= file.length; ) {
    const size = file.readUInt32BE(at);
    if (at + 12 + size > file.length) break;
    file.writeUInt32BE(crc32(file.subarray(at + 4, at + 8 + size)), at + 8 + size);
    at += 12 + size;
  }
  return file;
}

function strictly(file: Buffer): Picture | null {
  try {
    return readPng(file);
  } catch {
    return null;
  }
}

it(`${FILES} damaged files: taken where a strict reader takes them, with its pixels, else a fault in words`, () => {
  const random = randomSource(SEED);
  const files = originals(random);
  const kernels = createKernels();
  const guard = Uint8Array.from({ length: 65_536 }, (_, i) => i * 31);
  for (const slot of [1, 2, 5] as const) kernels.store(slot, guard);
  const memory = { start: 0, most: 0 };
  const faults = new Map<string, number>();
  let taken = 0;
  for (let i = 0; i < FILES; i++) {
    const original = files[random.below(files.length)];
    const other = files[random.below(files.length)];
    const way = i % 4;
    let file: Buffer;
    if (way === 0) file = damage(original, other, random);
    else if (way === 1) file = withCrc(damage(original, other, random));
    else {
      const mend = way === 2 ? withAdler : (stream: Buffer) => stream;
      file = withData(original, (stream) =>
        // The header of the stream stays, so that its inside is what is read.
        mend(Buffer.concat([stream.subarray(0, 2), damage(stream.subarray(2), other, random)])),
      );
    }
    const start = performance.now();
    const decoded = kernels.decodePng(kernels.setInput(file), 0);
    const took = performance.now() - start;
    const expected = strictly(file);
    const name = `file ${i} of seed ${SEED}`;
    expect(decoded.ok, `${name}: ${decoded.ok ? 'taken' : decoded.fault}`).toBe(expected !== null);
    expect(took, name).toBeLessThan(2000);
    if (decoded.ok && expected) {
      taken++;
      const bytes = expectedBytes(expected);
      expect(Buffer.from(kernels.view(0, bytes.length)).equals(bytes), name).toBe(true);
    } else if (!decoded.ok) {
      expect(decoded.fault, name).toMatch(/^(damaged|truncated|unsupported|too large|not a PNG)/);
      const clause = decoded.fault.replace(/0x[0-9a-f]{8}|\d+|\b[A-Z][A-Za-z]{3}\b/g, '#');
      faults.set(clause, (faults.get(clause) ?? 0) + 1);
    }
    memory.most = Math.max(memory.most, kernels.view(0, 0).buffer.byteLength);
  }
  for (const slot of [1, 2, 5] as const) expect(Buffer.from(kernels.view(slot, guard.length)).equals(guard)).toBe(true);
  // Damage reached every stage, and some of it left a picture.
  expect(faults.size).toBeGreaterThan(20);
  expect(taken).toBeGreaterThan(FILES / 60);
  // The largest picture that a thousandfold of these few kilobytes allows.
  expect(memory.most).toBeLessThan(64 * 2 ** 20);
  if (process.env.FUZZ_FILES) console.log(taken, memory.most / 2 ** 20, Object.fromEntries(faults));
}, 3_600_000);
