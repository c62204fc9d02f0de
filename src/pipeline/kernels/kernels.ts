/**
 * The pixel kernels: PNG decoding and counting in one WebAssembly module (source: assembly/, TypeScript's syntax by AssemblyScript).
 * One instance per thread. All buffers lie in the module's memory and are named by slots; a `view` is valid until the next
 * call that decodes or allocates.
 */

/** What a PNG's header and chunks say. */
export interface PngInfo {
  width: number;
  height: number;
  bitDepth: 1 | 2 | 4 | 8 | 16;
  /** 0 gray, 2 RGB, 3 palette, 4 gray+alpha, 6 RGBA. */
  colorType: 0 | 2 | 3 | 4 | 6;
  interlaced: boolean;
  /** RGBRGB..., for colour type 3, else null. */
  palette: Uint8Array | null;
  /** True where a tRNS chunk is there. */
  transparency: boolean;
}

export type Decoded = { ok: true; info: PngInfo } | { ok: false; fault: string };

/** Of the pixels that are 255. */
export interface MaskSurvey {
  /** Every pixel is 0 or 255. */
  clean: boolean;
  on: number;
  /** Those in the left half (x < floor(width / 2)), the rest is right; and those on the border, the outermost rows and columns. */
  left: number;
  border: number;
}

/** 8-connected foreground components and 4-connected holes of a binary mask. */
export interface ComponentStats {
  components: number;
  /** Components of at most `smallPixels` pixels, and their pixels. */
  specks: number;
  speckPixels: number;
  /** Background components (4-connected) that don't touch the border, of at most `smallPixels` pixels. */
  holes: number;
  holePixels: number;
}

/** Buffers of the module: pixels of up to six files or maps at a time. */
export type Slot = 0 | 1 | 2 | 3 | 4 | 5;

export interface Kernels {
  /** Reads a file into the input area; returns its length in bytes. Throws Node's own error (ENOENT, EACCES, EISDIR...). */
  readFile(path: string): number;
  /** Copies bytes into the input area; returns their length. */
  setInput(bytes: Uint8Array): number;
  /** The first `length` bytes of the input area. */
  input(length: number): Uint8Array;

  /** Header and chunk structure only (sizes, order, CRC), nothing inflated: cheap. */
  inspectPng(length: number): Decoded;
  /**
   * Decodes the PNG in the input area into a slot: samples of 8 bits, interleaved, row-major; gray of 1, 2, 4 bits scaled to
   * 0..255, palette as indices; 16-bit samples as two bytes, low byte first. Interlaced images come out in order. Checks every
   * length, CRC, Adler-32 and bound: a damaged file is `ok: false` with a clause for people, never a throw or a wrong picture.
   */
  decodePng(length: number, slot: Slot): Decoded;

  /** Bytes of a slot. */
  view(slot: Slot, length: number): Uint8Array;
  /** Puts bytes into a slot (e.g. what another decoder made). */
  store(slot: Slot, bytes: Uint8Array): void;

  /** Counts the pixels that are 255, and keeps where they are for `countOutside` and `maskComponents`. */
  surveyMask(slot: Slot, width: number, height: number): MaskSurvey;
  /** Pixels on in one surveyed mask and off in another of the same size. */
  countOutside(slot: Slot, other: Slot, width: number, height: number): number;
  histogram(slot: Slot, n: number): Uint32Array;
  /** out[i] = table[slot[i]], 256 entries. May be done in place. */
  applyTable(slot: Slot, n: number, table: Uint8Array, out: Slot): void;

  /**
   * Label map of an X-ray: `infectionLabel` where infection is 255, else `lungLabel` where lung is 255, else 0; `infection` null
   * stands for an empty one.
   */
  composeLabels(
    lung: Slot,
    infection: Slot | null,
    lungLabel: number,
    infectionLabel: number,
    n: number,
    out: Slot,
  ): void;

  /** Pixels of each label 0..classes-1 among the first n; others are not counted. */
  countLabels(slot: Slot, n: number, classes: number): Uint32Array;
  /** Pixels of each label 0..classes-1 where mask is 0 (e.g. outside the lungs). */
  countLabelsWhereZero(labels: Slot, mask: Slot, n: number, classes: number): Uint32Array;
  /** Row-major classes x classes, rows truth. Pixels whose truth or prediction is not below `classes` are left out. */
  confusion(truth: Slot, predicted: Slot, n: number, classes: number): Uint32Array;
  /** out[i] = value where slot[i] is 255 (else out[i] stays). */
  paint(mask: Slot, value: number, n: number, out: Slot): void;

  /** Components and holes of the pixels equal to `value`. */
  components(slot: Slot, width: number, height: number, value: number, smallPixels: number): ComponentStats;
  /** The same of a surveyed mask. */
  maskComponents(slot: Slot, width: number, height: number, smallPixels: number): ComponentStats;

  /** Nearest neighbour with pixel centres: out(x, y) = in(floor((x+0.5) w / ow), floor((y+0.5) h / oh)). One byte a pixel. */
  resizeNearest(slot: Slot, width: number, height: number, outWidth: number, outHeight: number, out: Slot): void;

  /** 64-bit hash of n bytes and a seed, 16 hex digits; not cryptographic, the same on every machine. */
  hash(slot: Slot, n: number, seed: number): string;
  /** 256-bit difference hash of a gray picture: 17 x 16 block means, bit = left mean > right mean + 2; 64 hex digits. */
  differenceHash(slot: Slot, width: number, height: number): string;
}
