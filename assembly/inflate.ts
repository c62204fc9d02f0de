/**
 * Inflate (RFC 1950, 1951) of a whole stream into a buffer of the size it must have. Accepts what zlib accepts. Reads and
 * writes may pass the ends by less than 512 bytes, which each region has behind it; what was taken from there is a fault.
 */
import { Fault } from './layout';
import { Alphabet, buildTable, END, INVALID, LINK, LITERAL, pairLiterals } from './huffman';

const LITERAL_BITS: i32 = 10;
/** Bytes of a stream from which pairing literals is worth its time. */
const PAIRED_FROM: usize = 4096;
const DISTANCE_BITS: i32 = 8;
const LENGTH_BITS: i32 = 7;

/** Main tables, and room for every subtable that 288 and 32 symbols can need. */
const LITERAL_TABLE: usize = memory.data(((1 << LITERAL_BITS) + 288 * 32) * 4, 64);
const DISTANCE_TABLE: usize = memory.data((256 + 32 * 128) * 4, 64);
const LENGTH_TABLE: usize = memory.data(128 * 4, 64);
const LITERAL_BASES: usize = memory.data(288 * 4, 16);
const DISTANCE_BASES: usize = memory.data(32 * 4, 16);
const LENGTH_BASES: usize = memory.data(19 * 4, 16);
const LENGTHS: usize = memory.data(320 + 160, 16);
/** Index vectors that repeat the last `distance` bytes (1 to 15), and how far each store advances. */
const REPEATS: usize = memory.data(16 * 16, 16);
/** Whole periods of each distance below 16 that a vector holds. */
const STEPS: usize = memory.data<u8>([0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15]);
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

let literalBits: i32 = 0;
let distanceBits: i32 = 0;
let fixedLoaded: bool = false;
/** Whether this stream's tables of literals are paired. */
let paired: bool = false;

/** Called once, before anything else. */
export function prepareInflate(): void {
  for (let i: u32 = 0; i < 256; i++) store<u32>(LITERAL_BASES + (i << 2), (i << 8) | LITERAL);
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
 * take the low six). The loop over symbols keeps them in locals.
 */
let next: usize = 0;
let bits: u64 = 0;
let count: u64 = 0;
let inEnd: usize = 0;
/** Where the output starts, has to end, and goes on. */
let outStart: usize = 0;
let outEnd: usize = 0;
let written: usize = 0;
/** Whether a block with Huffman codes goes on, and whether the block is the last one. */
let inBlock: bool = false;
let inLast: bool = false;

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

function readCodes(): i32 {
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
  literalBits = buildTable(LENGTHS, literals, LITERAL_BASES, LITERAL_TABLE, LITERAL_BITS, Alphabet.literals);
  if (literalBits < 0) return Fault.literalCodes;
  if (paired) pairLiterals(LITERAL_TABLE, literalBits);
  distanceBits = buildTable(
    LENGTHS + literals,
    distances,
    DISTANCE_BASES,
    DISTANCE_TABLE,
    DISTANCE_BITS,
    Alphabet.distances,
  );
  return distanceBits < 0 ? Fault.distanceCodes : Fault.none;
}

/** Stores an entry's literal, or two; returns where the output goes on. A single one's second byte is written over later. */
// @ts-ignore: decorator
@inline
function putLiterals(o: usize, e: u64): usize {
  store<u16>(o, <u16>(e >> 8));
  return o + 1 + <usize>((e >> 7) & 1);
}

/** The symbols of a block with Huffman codes, to its end or until `stop` is passed. */
function readSymbols(stop: usize): i32 {
  const limit = min(stop, outEnd + 1);
  const out = outStart;
  const inputLimit = inEnd + 16;
  const literalMask: u64 = (1 << literalBits) - 1;
  const distanceMask: u64 = (1 << distanceBits) - 1;
  let p = next;
  let b = bits;
  let c = count;
  let o = written;
  let fault = Fault.none;
  while (true) {
    if (o >= limit || p > inputLimit) {
      if (o > outEnd || p > inputLimit) fault = Fault.tooMuch;
      break;
    }
    b |= load<u64>(p) << c;
    p += 7 - <usize>((c >> 3) & 7);
    c |= 56;
    let e: u64 = load<u32>(LITERAL_TABLE + (<usize>(b & literalMask) << 2));
    if (e & LITERAL) {
      o = putLiterals(o, e);
      b >>= e;
      c -= e;
      e = load<u32>(LITERAL_TABLE + (<usize>(b & literalMask) << 2));
      if (e & LITERAL) {
        o = putLiterals(o, e);
        b >>= e;
        c -= e;
        e = load<u32>(LITERAL_TABLE + (<usize>(b & literalMask) << 2));
        if (e & LITERAL) {
          o = putLiterals(o, e);
          b >>= e;
          c -= e;
          e = load<u32>(LITERAL_TABLE + (<usize>(b & literalMask) << 2));
          if (e & LITERAL) {
            o = putLiterals(o, e);
            b >>= e;
            c -= e;
            continue;
          }
        }
      }
    }
    if (e & LINK) {
      b >>= e;
      c -= e;
      e = load<u32>(
        LITERAL_TABLE + (((<usize>(e >> 8) & 0xffff) + <usize>(b & ((<u64>1 << ((e >> 24) & 15)) - 1))) << 2),
      );
      if (e & LITERAL) {
        store<u8>(o++, <u8>(e >> 8));
        b >>= e;
        c -= e;
        continue;
      }
    }
    // At most three entries of literals and a length are behind the refill: 3 x 10 + 20 bits of 56.
    let saved = b;
    b >>= e;
    c -= e;
    if (e & (END | INVALID)) {
      if (e & INVALID) fault = Fault.literalCode;
      inBlock = false;
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
      // Each vector is read after the one before it was stored, so a copy may overlap itself.
      v128.store(o, v128.load(from));
      v128.store(o, v128.load(from, 16), 16);
      for (o += 32; o < end; o += 64) {
        from += 32;
        v128.store(o, v128.load(from));
        v128.store(o, v128.load(from, 16), 16);
        v128.store(o, v128.load(from, 32), 32);
        v128.store(o, v128.load(from, 48), 48);
        from += 32;
      }
    } else {
      const pattern = i8x16.swizzle(v128.load(from), v128.load(REPEATS + (distance << 4)));
      const step = <usize>load<u8>(STEPS + distance);
      do {
        v128.store(o, pattern);
        v128.store(o + step, pattern);
        v128.store(o + 2 * step, pattern);
        v128.store(o + 3 * step, pattern);
        o += 4 * step;
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

function readStored(): i32 {
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

function readBlocks(stop: usize): i32 {
  while (written < stop) {
    let fault = Fault.none;
    if (!inBlock) {
      if (inLast) break;
      refill();
      inLast = take(1) != 0;
      const type = take(2);
      if (type == 3) return Fault.blockType;
      inBlock = type != 0;
      if (type == 0) fault = readStored();
      else if (type == 1) loadFixed();
      else fault = readCodes();
    }
    if (inBlock && fault == Fault.none) fault = readSymbols(stop);
    if (fault != Fault.none) return fault;
    if (position() > inEnd) return Fault.inputEnd;
    if (written > outEnd) return Fault.tooMuch;
  }
  return Fault.none;
}

/** Bytes that have been made since `openStream`. */
export function inflated(): usize {
  return written - outStart;
}

/**
 * Begins with the zlib stream of `length` bytes at `at`, which has to make exactly `size` bytes, to be put at `out`. Like the
 * two functions below it returns a Fault.
 */
export function openStream(at: usize, length: usize, out: usize, size: usize): i32 {
  inEnd = at + length;
  outStart = out;
  outEnd = out + size;
  written = out;
  inBlock = false;
  inLast = false;
  paired = length >= PAIRED_FROM;
  if (length < 2) return Fault.inputEnd;
  const head = (<u32>load<u8>(at) << 8) | load<u8>(at, 1);
  if ((head & 0x8f00) != 0x0800 || head % 31 != 0) return Fault.zlibHeader;
  if (head & 0x20) return Fault.zlibDictionary;
  next = at + 2;
  bits = 0;
  count = 0;
  return Fault.none;
}

/** Goes on until `stop` bytes or some more are made, or to the stream's end, which is checked where `stop` is beyond the size. */
export function readStream(stop: usize): i32 {
  const fault = readBlocks(outStart + stop);
  // A reader that ran past the end took noise for data: whatever it stumbled over there, the stream was cut.
  if (position() > inEnd) return Fault.inputEnd;
  if (fault != Fault.none || written >= outStart + stop) return fault;
  return written < outEnd ? Fault.tooLittle : Fault.none;
}

/** Compares the checksum behind the stream's end; bytes behind that are left alone. */
export function closeStream(adler: u32): i32 {
  const tail = position();
  if (tail + 4 > inEnd) return Fault.inputEnd;
  return bswap(load<u32>(tail)) == adler ? Fault.none : Fault.adler;
}
