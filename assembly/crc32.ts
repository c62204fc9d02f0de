/** CRC-32 of PNG (ISO 3309, reflected 0xEDB88320), sixteen bytes a step: table k holds the CRC of a byte followed by k zeros. */

const TABLES: usize = memory.data(16 * 1024, 64);

/** Called once, before anything else. */
export function prepareCrc(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >> 1) : c >> 1;
    store<u32>(TABLES + (i << 2), c);
  }
  for (let i: u32 = 256; i < 4096; i++) {
    const c = load<u32>(TABLES + ((i - 256) << 2));
    store<u32>(TABLES + (i << 2), (c >> 8) ^ load<u32>(TABLES + ((c & 255) << 2)));
  }
}

// @ts-ignore: decorator
@inline
function step(word: u32, table: usize): u32 {
  return (
    load<u32>(TABLES + table + 3072 + ((word & 255) << 2)) ^
    load<u32>(TABLES + table + 2048 + (((word >> 8) & 255) << 2)) ^
    load<u32>(TABLES + table + 1024 + (((word >> 16) & 255) << 2)) ^
    load<u32>(TABLES + table + ((word >> 24) << 2))
  );
}

export function crc32(at: usize, length: usize): u32 {
  let c: u32 = 0xffffffff;
  const end = at + length;
  while (at + 16 <= end) {
    c =
      step(load<u32>(at) ^ c, 12288) ^
      step(load<u32>(at, 4), 8192) ^
      step(load<u32>(at, 8), 4096) ^
      step(load<u32>(at, 12), 0);
    at += 16;
  }
  while (at < end) c = (c >> 8) ^ load<u32>(TABLES + (((c ^ load<u8>(at++)) & 255) << 2));
  return ~c;
}
