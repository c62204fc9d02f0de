/** The chunks of a PNG (W3C PNG, clause 5 and 11): sizes, order, CRC, header and palette. Nothing is inflated. */
import { crc32 } from './crc32';
import { Fault, Info, INFO, put } from './layout';

// Types as they stand in the file, read as little-endian words.
const IHDR: u32 = 0x52444849;
const PLTE: u32 = 0x45544c50;
const IDAT: u32 = 0x54414449;
const IEND: u32 = 0x444e4549;
const TRNS: u32 = 0x534e5274;
const SIGNATURE: u64 = 0x0a1a0a0d474e5089;
const LONGEST: u32 = 0x7fffffff;

// @ts-ignore: decorator
@inline
function word(at: usize): u32 {
  return bswap(load<u32>(at));
}

function fault(code: i32, chunk: u32, a: u32, b: u32): i32 {
  put(Info.chunk, chunk);
  put(Info.a, a);
  put(Info.b, b);
  return code;
}

/** Four letters. */
function isType(type: u32): bool {
  const lower = type | 0x20202020;
  for (let shift = 0; shift < 32; shift += 8) {
    const c = (lower >> shift) & 255;
    if (c < 0x61 || c > 0x7a || ((type >> shift) & 0x80) != 0) return false;
  }
  return true;
}

function readHeader(at: usize): i32 {
  const width = word(at);
  const height = word(at + 4);
  const depth = load<u8>(at, 8);
  const color = load<u8>(at, 9);
  put(Info.width, width);
  put(Info.height, height);
  put(Info.bitDepth, depth);
  put(Info.colorType, color);
  put(Info.interlaced, load<u8>(at, 12));
  if (width == 0 || height == 0 || width > LONGEST || height > LONGEST) return fault(Fault.emptySize, IHDR, width, height);
  const power = depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
  const fits =
    color == 0 || (color == 3 && depth < 16) || ((color == 2 || color == 4 || color == 6) && depth >= 8);
  if (!power || !fits) return fault(Fault.depth, IHDR, depth, color);
  if (load<u8>(at, 10) != 0) return fault(Fault.method, IHDR, 0, load<u8>(at, 10));
  if (load<u8>(at, 11) != 0) return fault(Fault.method, IHDR, 1, load<u8>(at, 11));
  if (load<u8>(at, 12) > 1) return fault(Fault.method, IHDR, 2, load<u8>(at, 12));
  return Fault.none;
}

/** Walks the chunks of the file of `length` bytes at `input`; fills `info`; returns a Fault. */
export function readChunks(input: usize, length: usize): i32 {
  memory.fill(INFO, 0, 64);
  if (length < 8 || load<u64>(input) != SIGNATURE) return Fault.signature;
  let at: usize = 8;
  let filled: u32 = 0;
  let chunks: u32 = 0;
  let bytes: u32 = 0;
  let previous: u32 = 0;
  let color: u32 = 0;
  while (true) {
    if (length - at < 8) return fault(Fault.truncatedEnd, previous, <u32>length, 0);
    const size = word(input + at);
    const type = load<u32>(input + at, 4);
    const data = input + at + 8;
    if (!isType(type)) return fault(Fault.chunkType, type, <u32>at, 0);
    if (previous == 0 ? type != IHDR : type == IHDR) return fault(Fault.order, type, <u32>at, 0);
    if (size > LONGEST) return fault(Fault.chunkLength, type, size, 0);
    if (length - at < 12 || length - at - 12 < <usize>size) {
      const there = <u32>(length - at - 8);
      return fault(Fault.truncatedChunk, type, min(there, size), size);
    }
    if (crc32(data - 4, size + 4) != word(data + size)) return fault(Fault.crc, type, <u32>at, 0);
    if (type == IDAT) {
      if (chunks > 0 && previous != IDAT) return fault(Fault.dataSplit, type, 0, 0);
      if (color == 3 && load<u32>(INFO + Info.paletteEntries) == 0) return fault(Fault.paletteMissing, type, 0, 0);
      chunks++;
      if (size > 0) {
        filled++;
        bytes += size;
        put(Info.idatAt, <u32>at + 8);
      }
    } else if (type == IHDR) {
      if (size != 13) return fault(Fault.headerLength, type, size, 0);
      const wrong = readHeader(data);
      if (wrong != Fault.none) return wrong;
      color = load<u32>(INFO + Info.colorType);
    } else if (type == PLTE) {
      // Only a picture of indices needs it; elsewhere it's a suggestion.
      if (color == 3) {
        if (chunks > 0) return fault(Fault.order, type, <u32>at, 0);
        if (load<u32>(INFO + Info.paletteEntries) != 0) return fault(Fault.twice, type, 0, 0);
        if (size == 0 || size % 3 != 0 || size > 768) return fault(Fault.palette, type, size, 0);
        put(Info.paletteAt, <u32>at + 8);
        put(Info.paletteEntries, min(size / 3, 1 << load<u32>(INFO + Info.bitDepth)));
      }
    } else if (type == TRNS) {
      if (color == 0 || color == 2 || color == 3) put(Info.transparency, 1);
    } else if (type == IEND) {
      if (size != 0) return fault(Fault.endLength, type, size, 0);
      if (bytes == 0) return fault(Fault.dataMissing, type, 0, 0);
      put(Info.idatChunks, chunks);
      put(Info.idatFilled, filled);
      put(Info.idatBytes, bytes);
      return Fault.none;
    } else if ((type & 0x20) == 0) {
      return fault(Fault.critical, type, <u32>at, 0);
    }
    previous = type;
    at += 12 + <usize>size;
  }
}

/** Copies the data of all IDAT chunks of a file that `readChunks` found in order to `to`, end to end. */
export function joinData(input: usize, to: usize): void {
  let left = load<u32>(INFO + Info.idatBytes);
  for (let at = input + 8; left > 0; ) {
    const size = word(at);
    if (load<u32>(at, 4) == IDAT) {
      memory.copy(to, at + 8, size);
      to += size;
      left -= size;
    }
    at += 12 + <usize>size;
  }
}
