/** XXH64 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
import { Info, INFO } from './layout';

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const P3: u64 = 0x165667b19e3779f9;
const P4: u64 = 0x85ebca77c2b2ae63;
const P5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function round(lane: u64, input: u64): u64 {
  return rotl(lane + input * P2, 31) * P1;
}

// @ts-ignore: decorator
@inline
function merge(hash: u64, lane: u64): u64 {
  return (hash ^ round(0, lane)) * P1 + P4;
}

/** Hash of n bytes; the seed is an integer from 0 to 2^53. The answer is left in `info`, most significant byte first. */
export function xxhash64(at: usize, n: usize, seed: f64): void {
  const s = <u64>seed;
  const end = at + n;
  let h: u64 = s + P5;
  if (n >= 32) {
    let a = s + P1 + P2;
    let b = s + P2;
    let c = s;
    let d = s - P1;
    for (; at + 32 <= end; at += 32) {
      a = round(a, load<u64>(at));
      b = round(b, load<u64>(at, 8));
      c = round(c, load<u64>(at, 16));
      d = round(d, load<u64>(at, 24));
    }
    h = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
    h = merge(merge(merge(merge(h, a), b), c), d);
  }
  h += <u64>n;
  for (; at + 8 <= end; at += 8) h = rotl(h ^ round(0, load<u64>(at)), 27) * P1 + P4;
  if (at + 4 <= end) {
    h = rotl(h ^ (<u64>load<u32>(at) * P1), 23) * P2 + P3;
    at += 4;
  }
  for (; at < end; at++) h = rotl(h ^ (<u64>load<u8>(at) * P5), 11) * P1;
  h = (h ^ (h >> 33)) * P2;
  h = (h ^ (h >> 29)) * P3;
  store<u64>(INFO + Info.counts, bswap(h ^ (h >> 32)));
}
