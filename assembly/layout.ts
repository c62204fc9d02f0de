/**
 * Fixed areas below the module's heap, and what stands in `info`. The regions for files and pixels are laid out by the
 * caller (src/pipeline/kernels/regions.ts), each followed by at least 512 bytes that loops over whole vectors may touch.
 */

/** 32-bit words by which the module answers; see `Info`. */
export const INFO: usize = memory.data(256, 16);

/** Word offsets (bytes) in `info`. */
export namespace Info {
  export const width: usize = 0;
  export const height: usize = 4;
  export const bitDepth: usize = 8;
  export const colorType: usize = 12;
  export const interlaced: usize = 16;
  /** Offset of the palette in the file, and its entries. */
  export const paletteAt: usize = 20;
  export const paletteEntries: usize = 24;
  export const transparency: usize = 28;
  export const idatChunks: usize = 32;
  /** Offset in the file of the data of the last IDAT chunk that isn't empty, and how many such chunks there are. */
  export const idatAt: usize = 36;
  export const idatFilled: usize = 40;
  export const idatBytes: usize = 44;
  /** What a fault is about: numbers, and a chunk's type as it stands in the file. */
  export const a: usize = 48;
  export const b: usize = 52;
  export const chunk: usize = 56;
  /** Up to 16 counts of a kernel. */
  export const counts: usize = 64;
}

/** Faults: the caller has a clause for people for each. */
export namespace Fault {
  export const none: i32 = 0;
  export const signature: i32 = 1;
  export const truncatedChunk: i32 = 2;
  export const truncatedEnd: i32 = 3;
  export const chunkLength: i32 = 4;
  export const chunkType: i32 = 5;
  export const crc: i32 = 6;
  export const order: i32 = 7;
  export const critical: i32 = 8;
  export const headerLength: i32 = 9;
  export const emptySize: i32 = 10;
  export const depth: i32 = 11;
  export const method: i32 = 12;
  export const palette: i32 = 13;
  export const paletteMissing: i32 = 14;
  export const dataMissing: i32 = 15;
  export const twice: i32 = 16;
  export const dataSplit: i32 = 17;
  export const endLength: i32 = 18;

  export const zlibHeader: i32 = 32;
  export const zlibDictionary: i32 = 33;
  export const blockType: i32 = 34;
  export const storedLength: i32 = 35;
  export const symbolCount: i32 = 36;
  export const lengthCodes: i32 = 37;
  export const lengthRepeat: i32 = 38;
  export const endCode: i32 = 39;
  export const literalCodes: i32 = 40;
  export const distanceCodes: i32 = 41;
  export const literalCode: i32 = 42;
  export const distanceCode: i32 = 43;
  export const distanceFar: i32 = 44;
  export const tooMuch: i32 = 45;
  export const tooLittle: i32 = 46;
  export const inputEnd: i32 = 47;
  export const adler: i32 = 48;

  export const filter: i32 = 64;
}

// @ts-ignore: decorator
@inline
export function put(offset: usize, value: u32): void {
  store<u32>(INFO + offset, value);
}
