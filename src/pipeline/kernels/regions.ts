import type { Slot } from './kernels.js';
import type { KernelExports } from './module.js';

/** Areas of the module's memory that grow: the slots, then one each for a file and for work on it, then the slots' bit rows. */
export const INPUT = 6;
/** IDAT data of several chunks, end to end. */
export const PACKED = 7;
/** Inflated rows with their filter bytes. */
export const RAW = 8;
/** Tables, rows and runs of a single kernel. */
export const SCRATCH = 9;
type BitRows = 10 | 11 | 12 | 13 | 14 | 15;
export type Region = Slot | typeof INPUT | typeof PACKED | typeof RAW | typeof SCRATCH | BitRows;

/** Bit rows of what a slot holds (assembly/bits.ts). */
export function bitRowsOf(slot: Slot): BitRows {
  return (10 + slot) as BitRows;
}

const REGIONS = 16;
const PAGE = 65536;
/** Whole vectors and wide copies may pass a region's end by less than this. */
const SLACK = 512;

export interface Regions {
  /** All of the memory; a new object after each growth. */
  bytes(): Uint8Array;
  /** Address of a region; it changes when any region grows. */
  at(region: Region): number;
  capacity(region: Region): number;
  /** Makes room for so many bytes and keeps what every region holds. Throws RangeError where memory ends. */
  ensure(region: Region, size: number): void;
}

/** Lays the regions out behind the module's own data, and again, with more room, when one has to grow. */
export function layRegions(kernels: KernelExports): Regions {
  const memory = kernels.memory;
  const heap = Math.ceil(kernels.heapAddress() / 64) * 64;
  const starts = new Array<number>(REGIONS + 1).fill(0);
  const capacities = new Array<number>(REGIONS).fill(0);
  let bytes = new Uint8Array(memory.buffer);

  function place(): void {
    let at = heap;
    for (let region = 0; region < REGIONS; region++) {
      starts[region] = at;
      at += capacities[region] + SLACK;
    }
    starts[REGIONS] = at;
  }

  function grow(region: Region, size: number): void {
    const capacity = Math.ceil(size / PAGE) * PAGE;
    const more = capacity - capacities[region];
    const missing = starts[REGIONS] + more - bytes.length;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / PAGE));
      bytes = new Uint8Array(memory.buffer);
    }
    // What lies behind moves up in one piece.
    bytes.copyWithin(starts[region + 1] + more, starts[region + 1], starts[REGIONS]);
    capacities[region] = capacity;
    place();
  }

  place();
  grow(INPUT, PAGE);
  return {
    bytes: () => bytes,
    at: (region) => starts[region],
    capacity: (region) => capacities[region],
    ensure: (region, size) => {
      if (size > capacities[region]) grow(region, size);
    },
  };
}
