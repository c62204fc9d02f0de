/**
 * Decoding tables for canonical Huffman codes of up to 15 bits (RFC 1951, 3.2.2), after the design of libdeflate: a main
 * table indexed by the next `tableBits` bits, and for longer codes a subtable behind it.
 *
 * An entry, 32 bits:
 *   bits 0-5    bits to consume, extra bits included
 *   bit 6       LITERAL; bits 8-15 hold it
 *   bit 7       PAIR: bits 16-23 hold the literal after it
 * and where it is none:
 *   bits 8-23   base value; for a link, where the subtable starts (entries)
 *   bits 24-27  bits of the code alone; for a link, index bits of the subtable
 *   bits 28-31  INVALID, END or LINK
 */
export const INVALID: u32 = 1 << 28;
export const END: u32 = 1 << 29;
export const LINK: u32 = 1 << 30;
export const LITERAL: u32 = 1 << 6;
const PAIR: u32 = 1 << 7;
const MAX_CODE: i32 = 15;

const COUNTS: usize = memory.data(64, 16);
const OFFSETS: usize = memory.data(64, 16);
/** Symbols in the order of their codes. */
const SORTED: usize = memory.data(640, 16);

/** Kinds of alphabet; they differ in what an incomplete code means (as in zlib's inflate_table). */
export const enum Alphabet {
  lengths,
  literals,
  distances,
}

// @ts-ignore: decorator
@inline
function entryOf(bases: usize, symbol: u32, bits: u32): u32 {
  const base = load<u32>(bases + (symbol << 2));
  return base & LITERAL ? base + bits : base + bits + (bits << 24);
}

// @ts-ignore: decorator
@inline
function at(table: usize, index: u32): usize {
  return table + (<usize>index << 2);
}

/**
 * Builds the table of the code whose `count` lengths (bytes) are at `lengths`; `bases` has an entry without code bits for each
 * symbol. Returns the main table's index bits (at most `limit`), or -1 where the lengths make no code.
 */
export function buildTable(
  lengths: usize,
  count: i32,
  bases: usize,
  table: usize,
  limit: i32,
  alphabet: Alphabet,
): i32 {
  memory.fill(COUNTS, 0, 64);
  for (let i = 0; i < count; i++) {
    const slot = COUNTS + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  let longest = MAX_CODE;
  while (longest > 0 && load<u32>(COUNTS + (longest << 2)) == 0) longest--;
  if (longest == 0) {
    // No code at all: fine for distances until one is used.
    if (alphabet != Alphabet.distances) return -1;
    store<u32>(table, INVALID | 1);
    store<u32>(table, INVALID | 1, 4);
    return 1;
  }
  let left = 1;
  let offset: u32 = 0;
  for (let bits = 1; bits <= MAX_CODE; bits++) {
    const n = load<u32>(COUNTS + (bits << 2));
    left = (left << 1) - n;
    if (left < 0) return -1;
    store<u32>(OFFSETS + (bits << 2), offset);
    offset += n;
  }
  if (left > 0 && (alphabet == Alphabet.lengths || longest != 1)) return -1;
  for (let i = 0; i < count; i++) {
    const bits = load<u8>(lengths + i);
    if (bits == 0) continue;
    const slot = OFFSETS + (<usize>bits << 2);
    const place = load<u32>(slot);
    store<u32>(slot, place + 1);
    store<u16>(SORTED + (place << 1), i);
  }
  if (left > 0) {
    store<u32>(table, entryOf(bases, load<u16>(SORTED), 1));
    store<u32>(table, INVALID | 1, 4);
    return 1;
  }

  const tableBits = longest < limit ? longest : limit;
  let sorted = SORTED;
  let bits = 1;
  while (load<u32>(COUNTS + (bits << 2)) == 0) bits++;
  // `code` runs through the codes bit-reversed; the table is doubled whenever the length grows.
  let code: u32 = 0;
  let filled: u32 = 1 << bits;
  let n = load<u32>(COUNTS + (bits << 2));
  while (bits <= tableBits) {
    for (; n > 0; n--) {
      store<u32>(at(table, code), entryOf(bases, load<u16>(sorted), bits));
      sorted += 2;
      if (code == filled - 1) {
        for (; bits < tableBits; bits++) {
          memory.copy(at(table, filled), table, <usize>filled << 2);
          filled <<= 1;
        }
        return tableBits;
      }
      code = nextCode(code, filled - 1);
    }
    do {
      if (++bits <= tableBits) {
        memory.copy(at(table, filled), table, <usize>filled << 2);
        filled <<= 1;
      }
      n = load<u32>(COUNTS + (bits << 2));
    } while (n == 0);
  }

  const mask: u32 = (1 << tableBits) - 1;
  let next: u32 = 1 << tableBits;
  let prefix: u32 = -1;
  let start: u32 = 0;
  let step: u32 = 0;
  while (true) {
    if ((code & mask) != prefix) {
      prefix = code & mask;
      start = next;
      // As many bits as the codes of this prefix need: grow until they fill the subtable.
      let subBits: u32 = bits - tableBits;
      let space: i32 = n;
      while (space < 1 << subBits) {
        subBits++;
        space = (space << 1) + load<u32>(COUNTS + ((tableBits + subBits) << 2));
      }
      next = start + (1 << subBits);
      step = next;
      store<u32>(at(table, prefix), LINK | (subBits << 24) | (start << 8) | tableBits);
    }
    const entry = entryOf(bases, load<u16>(sorted), bits - tableBits);
    sorted += 2;
    for (let i = start + (code >> tableBits); i < step; i += 1 << (bits - tableBits)) store<u32>(at(table, i), entry);
    const last: u32 = (1 << bits) - 1;
    if (code == last) return tableBits;
    code = nextCode(code, last);
    for (n--; n == 0; ) {
      bits++;
      n = load<u32>(COUNTS + (bits << 2));
    }
  }
}

/** The code after `code` in the order of codes, both bit-reversed; `ones` is the last code of this length. */
// @ts-ignore: decorator
@inline
function nextCode(code: u32, ones: u32): u32 {
  const bit: u32 = 1 << (31 - clz(code ^ ones));
  return (code & (bit - 1)) | bit;
}

/** Where a literal's code leaves index bits enough for the code of another one, the entry takes both. */
export function pairLiterals(table: usize, tableBits: i32): void {
  // Downwards: what follows a code is looked up at a smaller index, which holds a single literal still.
  for (let i: i32 = (1 << tableBits) - 1; i >= 0; i--) {
    const entry = load<u32>(at(table, i));
    if ((entry & LITERAL) == 0) continue;
    const bits = entry & 63;
    const next = load<u32>(at(table, i >> bits));
    const both = bits + (next & 63);
    if ((next & LITERAL) == 0 || both > <u32>tableBits) continue;
    store<u32>(at(table, i), PAIR | LITERAL | ((next & 0xff00) << 8) | (entry & 0xff00) | both);
  }
}
