import { readFileSync } from 'node:fs';
import { WorkError } from '../errors.js';
import { programFile } from '../program-files.js';

// Neither ES2023's library nor Node's types of this version declare it; what is used here.
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
};

/** What assembly/index.ts exports. Addresses and sizes in bytes; a returned code is one of `Fault` there. */
export interface KernelExports {
  memory: WasmMemory;
  infoAddress(): number;
  heapAddress(): number;
  readChunks(input: number, length: number): number;
  joinData(input: number, to: number): void;
  inflate(at: number, length: number, out: number, size: number): number;
  inflated(): number;
  decodeRows(
    at: number,
    length: number,
    raw: number,
    out: number,
    rowBytes: number,
    rows: number,
    pixelBytes: number,
    scratch: number,
    waveFrom: number,
  ): number;
  unfilter(
    raw: number,
    out: number,
    rowBytes: number,
    rows: number,
    first: number,
    pixelBytes: number,
    scratch: number,
    waveFrom: number,
  ): number;
  waveScratch(rowBytes: number): number;
  swapBytes(at: number, bytes: number): void;
  spreadBits(
    from: number,
    rowBytes: number,
    width: number,
    rows: number,
    depth: number,
    scale: number,
    out: number,
    stepX: number,
    stepY: number,
  ): void;
  spreadPixels(
    from: number,
    width: number,
    rows: number,
    pixelBytes: number,
    out: number,
    stepX: number,
    stepY: number,
  ): void;
  rowBytes(width: number): number;
  markValue(at: number, width: number, height: number, value: number, bits: number): void;
  surveyMask(at: number, width: number, height: number, bits: number): void;
  countOutside(a: number, b: number, bytes: number): number;
  countFour(at: number, n: number, first: number): void;
  histogram(at: number, n: number, table: number, scratch: number): void;
  countWhereZero(labels: number, mask: number, n: number, table: number): void;
  confusion(truth: number, predicted: number, n: number, classes: number, table: number): void;
  applyTable(at: number, n: number, table: number, out: number): void;
  composeLabels(
    lung: number,
    infection: number,
    lungLabel: number,
    infectionLabel: number,
    n: number,
    out: number,
  ): void;
  paint(mask: number, value: number, n: number, out: number): void;
  componentsScratch(width: number): number;
  labelComponents(bits: number, width: number, height: number, smallPixels: number, scratch: number): void;
  resizeNearest(
    at: number,
    width: number,
    height: number,
    outWidth: number,
    outHeight: number,
    out: number,
    columns: number,
  ): void;
  strongestChannel(
    from: number,
    stride: number,
    channels: number,
    n: number,
    above: number,
    winner: number,
    best: number,
    highest: number,
  ): number;
  softmaxMaxima(
    from: number,
    stride: number,
    channels: number,
    n: number,
    best: number,
    highest: number,
    maxima: number,
  ): void;
  largestSumError(from: number, stride: number, channels: number, n: number): number;
  separateChannels(from: number, channels: number, n: number, to: number, stride: number): void;
  xxhash64(at: number, n: number, seed: number): void;
  differenceHash(at: number, width: number, height: number, scratch: number): void;
}

let compiled: object | null = null;

/** A fresh instance; the module is compiled once a thread. Throws WorkError where the build is missing or unusable. */
export function instantiate(): KernelExports {
  try {
    compiled ??= new WebAssembly.Module(readFileSync(programFile('wasm/kernels.wasm')));
    return new WebAssembly.Instance(compiled, {}).exports as KernelExports;
  } catch (error) {
    throw new WorkError(
      `cannot load the pixel kernels (wasm/kernels.wasm): ${(error as Error).message}; \`npm run build\` makes them`,
    );
  }
}
