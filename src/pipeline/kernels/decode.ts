import { describeFault, type FaultDetail, FILTER_FAULT, sizeFault } from './faults.js';
import { describeForeign } from './foreign.js';
import type { Decoded, PngInfo, Slot } from './kernels.js';
import type { KernelExports } from './module.js';
import { INPUT, PACKED, RAW, type Regions, SCRATCH } from './regions.js';

/** Samples a pixel by colour type. */
const CHANNELS = [1, 0, 3, 1, 2, 0, 4];
/** Adam7: first column, first row, column step, row step of each pass (PNG, clause 8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
const WHOLE = [[0, 0, 1, 1]];
/** Words of `info` (assembly/layout.ts). */
const WORD = { idatAt: 9, idatFilled: 10, idatBytes: 11, a: 12, b: 13, chunk: 14 };

/** Rows of one pass with something in them. */
interface Pass {
  columns: number;
  rows: number;
  /** Without the filter byte. */
  rowBytes: number;
  /** Where its first pixel goes, and how far apart its pixels and rows are, in pixels. */
  first: number;
  stepX: number;
  stepY: number;
}

function passesOf(info: PngInfo): Pass[] {
  const bits = CHANNELS[info.colorType] * info.bitDepth;
  return (info.interlaced ? PASSES : WHOLE).flatMap(([x, y, dx, dy]) => {
    const columns = Math.ceil((info.width - x) / dx);
    const rows = Math.ceil((info.height - y) / dy);
    if (columns <= 0 || rows <= 0) return [];
    const rowBytes = Math.ceil((columns * bits) / 8);
    return [{ columns, rows, rowBytes, first: y * info.width + x, stepX: dx, stepY: dy * info.width }];
  });
}

/** Reading of PNG files that lie in the input area; see the Kernels interface. */
export function createDecoder(kernels: KernelExports, regions: Regions) {
  const infoAddress = kernels.infoAddress();
  let words = new Uint32Array(kernels.memory.buffer, infoAddress, 16);

  function fault(code: number, expected = 0): Decoded {
    const [a, b, chunk] = [words[WORD.a], words[WORD.b], words[WORD.chunk]];
    const detail: FaultDetail = {
      a,
      b,
      chunk,
      width: words[0],
      height: words[1],
      inflated: kernels.inflated(),
      expected,
    };
    return { ok: false, fault: describeFault(code, detail) };
  }

  function inspectPng(length: number): Decoded {
    if (words.length === 0) words = new Uint32Array(kernels.memory.buffer, infoAddress, 16);
    const at = regions.at(INPUT);
    const code = kernels.readChunks(at, length);
    if (code === 1) return { ok: false, fault: describeForeign(regions.bytes().subarray(at, at + length)) };
    if (code !== 0) return fault(code);
    const palette = at + words[5];
    const info: PngInfo = {
      width: words[0],
      height: words[1],
      bitDepth: words[2] as PngInfo['bitDepth'],
      colorType: words[3] as PngInfo['colorType'],
      interlaced: words[4] === 1,
      palette: words[6] > 0 ? regions.bytes().slice(palette, palette + words[6] * 3) : null,
      transparency: words[7] === 1,
    };
    return { ok: true, info };
  }

  /** Unfilters the passes in the raw area and puts their samples into the slot; a Decoded where a filter byte is wrong. */
  function arrange(info: PngInfo, passes: Pass[], slot: Slot): Decoded | null {
    const channels = CHANNELS[info.colorType];
    const pixelBytes = Math.max(1, (channels * info.bitDepth) >> 3);
    const scale = info.colorType === 3 ? 1 : 255 / (2 ** info.bitDepth - 1);
    const direct = info.bitDepth >= 8 && !info.interlaced;
    const out = regions.at(slot);
    const rows = direct ? out : regions.at(SCRATCH);
    let raw = regions.at(RAW);
    for (const pass of passes) {
      const wrong = kernels.unfilter(raw, rows, pass.rowBytes, pass.rows, pixelBytes);
      if (wrong >= 0) {
        const filter = regions.bytes()[raw + wrong * (pass.rowBytes + 1)];
        words.set([wrong, filter], WORD.a);
        return fault(FILTER_FAULT);
      }
      if (info.bitDepth < 8) {
        const { columns, rowBytes, stepX, stepY } = pass;
        kernels.spreadBits(rows, rowBytes, columns, pass.rows, info.bitDepth, scale, out + pass.first, stepX, stepY);
      } else if (!direct) {
        const first = out + pass.first * pixelBytes;
        kernels.spreadPixels(
          rows,
          pass.columns,
          pass.rows,
          pixelBytes,
          first,
          pass.stepX * pixelBytes,
          pass.stepY * pixelBytes,
        );
      }
      raw += pass.rows * (pass.rowBytes + 1);
    }
    if (info.bitDepth === 16) kernels.swapBytes(out, info.width * info.height * pixelBytes);
    return null;
  }

  function decodePng(length: number, slot: Slot): Decoded {
    const inspected = inspectPng(length);
    if (!inspected.ok) return inspected;
    const info = inspected.info;
    const passes = passesOf(info);
    const rawBytes = passes.reduce((sum, pass) => sum + pass.rows * (pass.rowBytes + 1), 0);
    const [idatAt, filled, dataBytes] = [words[WORD.idatAt], words[WORD.idatFilled], words[WORD.idatBytes]];
    const tooMuch = sizeFault(info, rawBytes, dataBytes);
    if (tooMuch) return { ok: false, fault: tooMuch };
    const sampleBytes = info.bitDepth === 16 ? 2 : 1;
    try {
      regions.ensure(slot, info.width * info.height * CHANNELS[info.colorType] * sampleBytes);
      regions.ensure(RAW, rawBytes);
      if (filled > 1) regions.ensure(PACKED, dataBytes);
      if (info.bitDepth < 8 || info.interlaced) regions.ensure(SCRATCH, rawBytes);
    } catch {
      return { ok: false, fault: `too large: ${info.width}x${info.height} pixels don't fit the memory` };
    }
    if (words.length === 0) words = new Uint32Array(kernels.memory.buffer, infoAddress, 16);
    if (filled > 1) kernels.joinData(regions.at(INPUT), regions.at(PACKED));
    const data = filled > 1 ? regions.at(PACKED) : regions.at(INPUT) + idatAt;
    const code = kernels.inflate(data, dataBytes, regions.at(RAW), rawBytes);
    if (code !== 0) return fault(code, rawBytes);
    return arrange(info, passes, slot) ?? inspected;
  }

  return { inspectPng, decodePng };
}
