import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { createDecoder } from './decode.js';
import type { ComponentStats, Kernels, Slot } from './kernels.js';
import { instantiate } from './module.js';
import { bitRowsOf, INPUT, layRegions, type Region, SCRATCH } from './regions.js';

/** Byte in `info` where the counts of a kernel begin. */
const COUNTS = 64;
/** Longest file that is read; a longer one is refused as Node's readFileSync refuses one over 2 GiB. */
const LONGEST_FILE = 2 ** 30;
/** Without waiting: a pipe without a writer would never open. Windows knows neither the flag nor such pipes. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** The last eight bytes of a whole PNG: IEND and its CRC. */
const PNG_END = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

function endsPng(bytes: Uint8Array, end: number): boolean {
  for (let i = 0; i < 8; i++) if (bytes[end - 8 + i] !== PNG_END[i]) return false;
  return true;
}

/** A set of kernels with a memory of its own, for one thread. Throws WorkError where the module is missing. */
export function createKernels(): Kernels {
  const kernels = instantiate();
  const regions = layRegions(kernels);
  const info = kernels.infoAddress();
  let counts = new Uint32Array(kernels.memory.buffer, info + COUNTS, 16);

  /** Address of a region's first n bytes; a bad call where it has never held so many. */
  function held(region: Region, n: number): number {
    if (!(n >= 0 && n <= regions.capacity(region))) throw new RangeError(`slot ${region} holds no ${n} bytes`);
    return regions.at(region);
  }

  function answered(): Uint32Array {
    if (counts.length === 0) counts = new Uint32Array(kernels.memory.buffer, info + COUNTS, 16);
    return counts;
  }

  function scratch(bytes: number): number {
    regions.ensure(SCRATCH, bytes);
    return regions.at(SCRATCH);
  }

  /** Room for the bit rows of a slot. */
  function bitRows(slot: Slot, width: number, height: number): number {
    regions.ensure(bitRowsOf(slot), kernels.rowBytes(width) * height);
    return regions.at(bitRowsOf(slot));
  }

  function componentsOf(slot: Slot, width: number, height: number, smallPixels: number): ComponentStats {
    const work = scratch(kernels.componentsScratch(width));
    const rows = held(bitRowsOf(slot), kernels.rowBytes(width) * height);
    kernels.labelComponents(rows, width, height, smallPixels, work);
    const found = answered();
    return { components: found[0], specks: found[1], speckPixels: found[2], holes: found[3], holePixels: found[4] };
  }

  function wordsAt(address: number, length: number): Uint32Array {
    return new Uint32Array(kernels.memory.buffer, address, length).slice();
  }

  function hex(bytes: number): string {
    return Buffer.from(kernels.memory.buffer, info + COUNTS, bytes).toString('hex');
  }

  function put(region: Region, bytes: Uint8Array): number {
    // A view of this memory would be lost when it grows.
    const source = bytes.buffer === kernels.memory.buffer ? bytes.slice() : bytes;
    regions.ensure(region, source.length);
    regions.bytes().set(source, regions.at(region));
    return source.length;
  }

  function readFile(path: string): number {
    const fd = openSync(path, READ);
    try {
      let length = 0;
      let regular = false;
      for (;;) {
        if (length === regions.capacity(INPUT)) {
          if (length >= LONGEST_FILE) throw new RangeError(`the file is larger than ${LONGEST_FILE} bytes`);
          regions.ensure(INPUT, length * 2);
        }
        const at = regions.at(INPUT) + length;
        const bytes = regions.bytes();
        const read = readSync(fd, bytes, at, regions.capacity(INPUT) - length, null);
        length += read;
        // A whole PNG needs no second call to see the end of the file, nor what kind of file it is: a device has no end.
        if (read > 0 && endsPng(bytes, at + read)) return length;
        if (!regular && !fstatSync(fd).isFile()) throw new RangeError('it is no regular file');
        regular = true;
        if (read === 0) return length;
      }
    } finally {
      closeSync(fd);
    }
  }

  return {
    ...createDecoder(kernels, regions),
    readFile,
    setInput: (bytes) => put(INPUT, bytes),
    input: (length) => regions.bytes().subarray(regions.at(INPUT), held(INPUT, length) + length),
    view: (slot, length) => {
      regions.ensure(slot, length);
      return regions.bytes().subarray(regions.at(slot), regions.at(slot) + length);
    },
    store: (slot, bytes) => {
      put(slot, bytes);
    },

    surveyMask: (slot, width, height) => {
      const rows = bitRows(slot, width, height);
      kernels.surveyMask(held(slot, width * height), width, height, rows);
      const found = answered();
      return { clean: found[0] === 1, on: found[1], left: found[2], border: found[3] };
    },
    countOutside: (slot, other, width, height) => {
      const bytes = kernels.rowBytes(width) * height;
      return kernels.countOutside(held(bitRowsOf(slot), bytes), held(bitRowsOf(other), bytes), bytes) >>> 0;
    },
    histogram: (slot, n) => {
      const table = scratch(5 * 1024);
      kernels.histogram(held(slot, n), n, table, table + 1024);
      return wordsAt(table, 256);
    },
    applyTable: (slot, n, table, out) => {
      if (table.length !== 256) throw new RangeError(`a table of ${table.length} entries, not 256`);
      scratch(256);
      regions.ensure(out, n);
      regions.bytes().set(table, regions.at(SCRATCH));
      kernels.applyTable(held(slot, n), n, regions.at(SCRATCH), regions.at(out));
    },
    composeLabels: (lung, infection, lungLabel, infectionLabel, n, out) => {
      regions.ensure(out, n);
      const other = infection === null ? 0 : held(infection, n);
      kernels.composeLabels(held(lung, n), other, lungLabel, infectionLabel, n, regions.at(out));
    },
    countLabels: (slot, n, classes) => {
      if (classes <= 8) {
        const all = new Uint32Array(8);
        for (let first = 0; first < classes; first += 4) {
          kernels.countFour(held(slot, n), n, first);
          all.set(answered().subarray(0, 4), first);
        }
        return all.slice(0, classes);
      }
      const table = scratch(5 * 1024);
      kernels.histogram(held(slot, n), n, table, table + 1024);
      return wordsAt(table, classes);
    },
    countLabelsWhereZero: (labels, mask, n, classes) => {
      const table = scratch(1024);
      kernels.countWhereZero(held(labels, n), held(mask, n), n, table);
      return wordsAt(table, classes);
    },
    confusion: (truth, predicted, n, classes) => {
      const table = scratch(classes * classes * 4);
      kernels.confusion(held(truth, n), held(predicted, n), n, classes, table);
      return wordsAt(table, classes * classes);
    },
    paint: (mask, value, n, out) => {
      regions.ensure(out, n);
      kernels.paint(held(mask, n), value, n, regions.at(out));
    },

    components: (slot, width, height, value, smallPixels) => {
      const rows = bitRows(slot, width, height);
      kernels.markValue(held(slot, width * height), width, height, value, rows);
      return componentsOf(slot, width, height, smallPixels);
    },
    maskComponents: componentsOf,
    resizeNearest: (slot, width, height, outWidth, outHeight, out) => {
      const columns = Math.ceil((outWidth * 4) / 64) * 64;
      const n = outWidth * outHeight;
      scratch(columns + (slot === out ? n : 0));
      regions.ensure(out, n);
      const to = slot === out ? regions.at(SCRATCH) + columns : regions.at(out);
      kernels.resizeNearest(held(slot, width * height), width, height, outWidth, outHeight, to, regions.at(SCRATCH));
      if (slot === out) regions.bytes().copyWithin(regions.at(out), to, to + n);
    },

    hash: (slot, n, seed) => {
      kernels.xxhash64(held(slot, n), n, seed);
      return hex(8);
    },
    differenceHash: (slot, width, height) => {
      const work = scratch(width * 4 + 64);
      kernels.differenceHash(held(slot, width * height), width, height, work);
      return hex(32);
    },
  };
}
