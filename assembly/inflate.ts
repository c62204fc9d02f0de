/**
 * Inflate (RFC 1950, 1951) of a whole stream into a buffer of the size it must have. Accepts what zlib accepts. Reads and
 * writes may pass the ends by less than 512 bytes, which each region has behind it; what was taken from there is a fault.
 */
import { adler32 } from './adler32';
import { Fault } from './layout';
import {
  Alphabet,
  buildTable,
  END,
  INVALID,
  LINK,
  ONE_LITERAL,
  packLiterals,
} from './huffman';

const LITERAL_BITS: i32 = 11;
const SMALL_LITERAL_BITS: i32 = 10;
const DISTANCE_BITS: i32 = 8;
const LENGTH_BITS: i32 = 7;
/** Compressed bytes from which packing literals pays for itself. */
const PACK_FROM: usize = 4096;

/** Main tables, and room for every subtable that 288 and 32 symbols can need. */
const LITERAL_TABLE: usize = memory.data((2048 + 288 * 32) * 4, 64);
const DISTANCE_TABLE: usize = memory.data((256 + 32 * 128) * 4, 64);
const LENGTH_TABLE: usize = memory.data(128 * 4, 64);
const LITERAL_BASES: usize = memory.data(288 * 4, 16);
const DISTANCE_BASES: usize = memory.data(32 * 4, 16);
const LENGTH_BASES: usize = memory.data(19 * 4, 16);
const LENGTHS: usize = memory.data(320 + 160, 16);
/** Index vectors that repeat the last `distance` bytes (1 to 15), and how far each store advances. */
const REPEATS: usize = memory.data(16 * 16, 16);
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

let literalBits: i32 = 0;
let distanceBits: i32 = 0;
let fixedLoaded: bool = false;

/** Called once, before anything else. */
export function prepareInflate(): void {
  for (let i: u32 = 0; i < 256; i++) store<u32>(LITERAL_BASES + (i << 2), (i << 8) | ONE_LITERAL);
  store<u32>(LITERAL_BASES + (256 << 2), END);
  let base: u32 = 3;
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i >> 2) - 1;
    store<u32>(LITERAL_BASES + ((257 + i) << 2), (base << 8) | extra);
    base += 1 << extra;
  }
  store<u32>(LITERAL_BASES + (285 << 2), 258 << 8);
  store<u32>(LITERAL_BASES + (286 << 2), INVALID);
  store<u32>(LITERAL_BASES + (287 << 2), INVALID);
  base = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i >> 1) - 1;
    store<u32>(DISTANCE_BASES + (i << 2), (base << 8) | extra);
    base += 1 << extra;
  }
  store<u32>(DISTANCE_BASES + (30 << 2), INVALID);
  store<u32>(DISTANCE_BASES + (31 << 2), INVALID);
  for (let i: u32 = 0; i < 19; i++) store<u32>(LENGTH_BASES + (i << 2), i << 8);
  for (let distance: u32 = 1; distance < 16; distance++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(REPEATS + (distance << 4) + i, i % distance);
  }
}

function loadFixed(): void {
  if (fixedLoaded) return;
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  memory.fill(LENGTHS + 288, 5, 32);
  literalBits = buildTable(LENGTHS, 288, LITERAL_BASES, LITERAL_TABLE, LITERAL_BITS, Alphabet.literals);
  distanceBits = buildTable(LENGTHS + 288, 32, DISTANCE_BASES, DISTANCE_TABLE, DISTANCE_BITS, Alphabet.distances);
  fixedLoaded = true;
}

/**
 * Where the reader is: `bits` holds at least `count & 63` valid bits, lowest first; higher bits of `count` are noise (shifts
 * take the low six). Globals only between blocks; the loops keep them in locals.
 */
let next: usize = 0;
let bits: u64 = 0;
let count: u64 = 0;

// @ts-ignore: decorator
@inline
function refill(): void {
  bits |= load<u64>(next) << count;
  next += 7 - <usize>((count >> 3) & 7);
  count |= 56;
}

// @ts-ignore: decorator
@inline
function take(n: u64): u32 {
  const value = <u32>(bits & ((<u64>1 << n) - 1));
  bits >>= n;
  count -= n;
  return value;
}

/** First byte that no bit was taken of. */
// @ts-ignore: decorator
@inline
function position(): usize {
  return next - <usize>((count & 63) >> 3);
}

function readCodes(large: bool): i32 {
  refill();
  const literals: u32 = 257 + take(5);
  const distances: u32 = 1 + take(5);
  const lengths: u32 = 4 + take(4);
  if (literals > 286 || distances > 30) return Fault.symbolCount;
  const given = LENGTHS + 320;
  memory.fill(given, 0, 19);
  for (let i: u32 = 0; i < lengths; i++) {
    if (i % 16 == 0) refill();
    store<u8>(given + load<u8>(ORDER + i), take(3));
  }
  const lengthBits = buildTable(given, 19, LENGTH_BASES, LENGTH_TABLE, LENGTH_BITS, Alphabet.lengths);
  if (lengthBits < 0) return Fault.lengthCodes;
  const mask: u64 = (1 << lengthBits) - 1;
  const total: u32 = literals + distances;
  let i: u32 = 0;
  while (i < total) {
    refill();
    const entry = load<u32>(LENGTH_TABLE + (<usize>(bits & mask) << 2));
    take(entry & 63);
    const symbol = (entry >> 8) & 0xffff;
    if (symbol < 16) {
      store<u8>(LENGTHS + i++, symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return Fault.lengthRepeat;
    const value = symbol == 16 ? load<u8>(LENGTHS + i - 1) : 0;
    const repeat: u32 = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (i + repeat > total) return Fault.lengthRepeat;
    memory.fill(LENGTHS + i, value, repeat);
    i += repeat;
  }
  if (load<u8>(LENGTHS + 256) == 0) return Fault.endCode;
  fixedLoaded = false;
  literalBits = buildTable(
    LENGTHS,
    literals,
    LITERAL_BASES,
    LITERAL_TABLE,
    large ? LITERAL_BITS : SMALL_LITERAL_BITS,
    Alphabet.literals,
  );
  if (literalBits < 0) return Fault.literalCodes;
  distanceBits = buildTable(
    LENGTHS + literals,
    distances,
    DISTANCE_BASES,
    DISTANCE_TABLE,
    DISTANCE_BITS,
    Alphabet.distances,
  );
  if (distanceBits < 0) return Fault.distanceCodes;
  if (large) packLiterals(LITERAL_TABLE, literalBits);
  return Fault.none;
}

let written: usize = 0;

/** The symbols of one block with Huffman codes; `out` is the buffer's start, `written` where to go on. */
function readSymbols(out: usize, outEnd: usize, inEnd: usize): i32 {
  const literalMask: u64 = (1 << literalBits) - 1;
  const distanceMask: u64 = (1 << distanceBits) - 1;
  let p = next;
  let b = bits;
  let c = count;
  let o = written;
  let fault = Fault.none;
  while (true) {
    if (o > outEnd || p > inEnd + 16) {
      fault = Fault.tooMuch;
      break;
    }
    b |= load<u64>(p) << c;
    p += 7 - <usize>((c >> 3) & 7);
    c |= 56;
    let e: u64 = load<u32>(LITERAL_TABLE + (<usize>(b & literalMask) << 2));
    if (e & 0xc0) {
      store<u32>(o, <u32>(e >> 8));
      o += <usize>((e >> 6) & 3);
      b >>= e;
      c -= e;
      e = load<u32>(LITERAL_TABLE + (<usize>(b & literalMask) << 2));
      if (e & 0xc0) {
        store<u32>(o, <u32>(e >> 8));
        o += <usize>((e >> 6) & 3);
        b >>= e;
        c -= e;
        e = load<u32>(LITERAL_TABLE + (<usize>(b & literalMask) << 2));
        if (e & 0xc0) {
          store<u32>(o, <u32>(e >> 8));
          o += <usize>((e >> 6) & 3);
          b >>= e;
          c -= e;
          continue;
        }
      }
    }
    if (e & LINK) {
      b >>= e;
      c -= e;
      e = load<u32>(
        LITERAL_TABLE + (((<usize>(e >> 8) & 0xffff) + <usize>(b & ((<u64>1 << ((e >> 24) & 15)) - 1))) << 2),
      );
      if (e & 0xc0) {
        store<u8>(o++, <u8>(e >> 8));
        b >>= e;
        c -= e;
        continue;
      }
    }
    // At most two literal groups and a length are behind the refill: 2 x 11 + 20 bits of 56.
    let saved = b;
    b >>= e;
    c -= e;
    if (e & (END | INVALID)) {
      if (e & INVALID) fault = Fault.literalCode;
      break;
    }
    const length = <usize>(((e >> 8) & 0xffff) + ((saved & ((<u64>1 << (e & 63)) - 1)) >> ((e >> 24) & 15)));
    b |= load<u64>(p) << c;
    p += 7 - <usize>((c >> 3) & 7);
    c |= 56;
    e = load<u32>(DISTANCE_TABLE + (<usize>(b & distanceMask) << 2));
    if (e & LINK) {
      b >>= e;
      c -= e;
      e = load<u32>(
        DISTANCE_TABLE + (((<usize>(e >> 8) & 0xffff) + <usize>(b & ((<u64>1 << ((e >> 24) & 15)) - 1))) << 2),
      );
    }
    saved = b;
    b >>= e;
    c -= e;
    if (e & INVALID) {
      fault = Fault.distanceCode;
      break;
    }
    const distance = <usize>(((e >> 8) & 0xffff) + ((saved & ((<u64>1 << (e & 63)) - 1)) >> ((e >> 24) & 15)));
    let from = o - distance;
    if (distance > o - out) {
      fault = Fault.distanceFar;
      break;
    }
    const end = o + length;
    if (distance >= 16) {
      do {
        v128.store(o, v128.load(from));
        o += 16;
        from += 16;
      } while (o < end);
    } else {
      const pattern = i8x16.swizzle(v128.load(from), v128.load(REPEATS + (distance << 4)));
      const step = <usize>load<u8>(STEPS + distance);
      do {
        v128.store(o, pattern);
        o += step;
      } while (o < end);
    }
    o = end;
  }
  next = p;
  bits = b;
  count = c;
  written = o;
  return fault;
}

/** Whole periods of each distance below 16 that a vector holds. */
const STEPS: usize = memory.data<u8>([0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15]);

function readStored(outEnd: usize, inEnd: usize): i32 {
  const at = position();
  if (at + 4 > inEnd) {
    next = at + 4;
    count = 0;
    return Fault.inputEnd;
  }
  const length = <usize>load<u16>(at);
  next = at + 4;
  bits = 0;
  count = 0;
  if (<u32>load<u16>(at, 2) != (<u32>length ^ 0xffff)) return Fault.storedLength;
  if (next + length > inEnd) return Fault.inputEnd;
  if (length > outEnd - written) return Fault.tooMuch;
  memory.copy(written, next, length);
  written += length;
  next += length;
  return Fault.none;
}

function readBlocks(out: usize, outEnd: usize, inEnd: usize): i32 {
  let last: u32 = 0;
  while (!last) {
    refill();
    last = take(1);
    const type = take(2);
    let fault = Fault.none;
    if (type == 0) fault = readStored(outEnd, inEnd);
    else if (type == 3) return Fault.blockType;
    else {
      if (type == 1) loadFixed();
      else fault = readCodes(inEnd - min(inEnd, position()) >= PACK_FROM);
      if (fault == Fault.none) fault = readSymbols(out, outEnd, inEnd);
    }
    if (fault != Fault.none) return fault;
    if (position() > inEnd) return Fault.inputEnd;
    if (written > outEnd) return Fault.tooMuch;
  }
  return Fault.none;
}

/** Bytes that the last call of `inflate` made. */
export function inflated(): usize {
  return written;
}

/**
 * Inflates the zlib stream of `length` bytes at `at` into exactly `size` bytes at `out`; bytes behind the stream's end are
 * left alone. Returns a Fault.
 */
export function inflate(at: usize, length: usize, out: usize, size: usize): i32 {
  const inEnd = at + length;
  const outEnd = out + size;
  written = out;
  if (length < 2) return Fault.inputEnd;
  const head = (<u32>load<u8>(at) << 8) | load<u8>(at, 1);
  if ((head & 0x8f00) != 0x0800 || head % 31 != 0) return Fault.zlibHeader;
  if (head & 0x20) return Fault.zlibDictionary;
  next = at + 2;
  bits = 0;
  count = 0;
  const fault = readBlocks(out, outEnd, inEnd);
  written -= out;
  // A reader that ran past the end took noise for data: whatever it stumbled over there, the stream was cut.
  if (position() > inEnd) return Fault.inputEnd;
  if (fault != Fault.none) return fault;
  if (written < size) return Fault.tooLittle;
  const tail = position();
  if (tail + 4 > inEnd) return Fault.inputEnd;
  return bswap(load<u32>(tail)) == adler32(out, size) ? Fault.none : Fault.adler;
}
