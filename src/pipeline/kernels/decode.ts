import { describeFault, type FaultDetail, FILTER_FAULT, sizeFault } from './faults.js';
import { describeForeign } from './foreign.js';
import { type Geometry, geometryOf, type Pass } from './geometry.js';
import type { Decoded, PngInfo, Slot } from './kernels.js';
import { createMemo } from './memo.js';
import type { KernelExports } from './module.js';
import { INPUT, PACKED, RAW, type Regions, SCRATCH } from './regions.js';

/** Words of `info` (assembly/layout.ts). */
const WORD = {
  width: 0,
  height: 1,
  bitDepth: 2,
  colorType: 3,
  interlaced: 4,
  paletteAt: 5,
  paletteEntries: 6,
  transparency: 7,
  idatAt: 9,
  idatFilled: 10,
  idatBytes: 11,
  a: 12,
  b: 13,
  chunk: 14,
};

/** Rows of more bytes are unfiltered one at a time: sixteen of them would ask for too much scratch. */
const WIDEST_WAVE = 2 ** 18;
/** Of sixteen rows so many must have a serial filter for a wave: nearly all in masks, whose rows are quick one by one. */
const WAVE_FROM = { plain: 12, dense: 3, never: 17 };

/** Whether unfiltered rows are the samples already. */
function isDirect(info: PngInfo): boolean {
  return info.bitDepth >= 8 && !info.interlaced;
}

/** Reading of PNG files that lie in the input area; see the Kernels interface. */
export function createDecoder(kernels: KernelExports, regions: Regions) {
  const infoAddress = kernels.infoAddress();
  const memo = createMemo();
  let words = new Uint32Array(kernels.memory.buffer, infoAddress, 16);

  function fault(code: number, expected = 0): Decoded {
    const detail: FaultDetail = {
      a: words[WORD.a],
      b: words[WORD.b],
      chunk: words[WORD.chunk],
      width: words[WORD.width],
      height: words[WORD.height],
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
    const palette = at + words[WORD.paletteAt];
    const entries = words[WORD.paletteEntries];
    const info: PngInfo = {
      width: words[WORD.width],
      height: words[WORD.height],
      bitDepth: words[WORD.bitDepth] as PngInfo['bitDepth'],
      colorType: words[WORD.colorType] as PngInfo['colorType'],
      interlaced: words[WORD.interlaced] === 1,
      palette: entries > 0 ? regions.bytes().slice(palette, palette + entries * 3) : null,
      transparency: words[WORD.transparency] === 1,
    };
    return { ok: true, info };
  }

  /** Inflates, unfilters and arranges the data at `data` into the slot; null, or what is wrong with it. */
  function decodeData(info: PngInfo, geometry: Geometry, data: number, dataBytes: number, slot: Slot): Decoded | null {
    const { passes, pixelBytes, rowBytes, rawBytes, outBytes } = geometry;
    const raw = regions.at(RAW);
    const out = regions.at(slot);
    const wave = regions.at(SCRATCH);
    const rows = isDirect(info) ? out : wave + waveScratch(rowBytes);
    const some = rawBytes > 16 * dataBytes ? WAVE_FROM.plain : WAVE_FROM.dense;
    const waveFrom = rowBytes > WIDEST_WAVE ? WAVE_FROM.never : some;
    const code = info.interlaced
      ? kernels.inflate(data, dataBytes, raw, rawBytes)
      : kernels.decodeRows(data, dataBytes, raw, rows, rowBytes, info.height, pixelBytes, wave, waveFrom);
    if (code !== 0) return fault(code, rawBytes);
    let from = raw;
    for (const pass of isDirect(info) ? [] : passes) {
      if (info.interlaced) {
        const wrong = kernels.unfilter(from, rows, pass.rowBytes, pass.rows, 1, pixelBytes, wave, waveFrom);
        if (wrong >= 0) {
          words.set([wrong, regions.bytes()[from + wrong * (pass.rowBytes + 1)]], WORD.a);
          return fault(FILTER_FAULT);
        }
        from += pass.rows * (pass.rowBytes + 1);
      }
      spread(info, pass, pixelBytes, rows, out);
    }
    if (info.bitDepth === 16) kernels.swapBytes(out, outBytes);
    return null;
  }

  /** Moves a pass's unfiltered pixels to their places, a byte a sample or as wide as they are. */
  function spread(info: PngInfo, pass: Pass, pixelBytes: number, from: number, out: number): void {
    const { columns, rows, rowBytes, first, stepX, stepY } = pass;
    if (info.bitDepth < 8) {
      const scale = info.colorType === 3 ? 1 : 255 / (2 ** info.bitDepth - 1);
      kernels.spreadBits(from, rowBytes, columns, rows, info.bitDepth, scale, out + first, stepX, stepY);
    } else {
      const to = out + first * pixelBytes;
      kernels.spreadPixels(from, columns, rows, pixelBytes, to, stepX * pixelBytes, stepY * pixelBytes);
    }
  }

  function waveScratch(rowBytes: number): number {
    return kernels.waveScratch(Math.min(rowBytes, WIDEST_WAVE));
  }

  /** Room for all that decoding needs, before any of it is addressed. False where memory ends. */
  function makeRoom(info: PngInfo, { rowBytes, rawBytes, outBytes }: Geometry, packed: number, slot: Slot): boolean {
    try {
      regions.ensure(slot, outBytes);
      regions.ensure(RAW, rawBytes);
      if (packed > 0) regions.ensure(PACKED, packed);
      regions.ensure(SCRATCH, waveScratch(rowBytes) + (isDirect(info) ? 0 : rawBytes));
    } catch {
      return false;
    }
    if (words.length === 0) words = new Uint32Array(kernels.memory.buffer, infoAddress, 16);
    return true;
  }

  function decodePng(length: number, slot: Slot): Decoded {
    const inspected = inspectPng(length);
    if (!inspected.ok) return inspected;
    const info = inspected.info;
    const idatAt = words[WORD.idatAt];
    const single = words[WORD.idatFilled] === 1;
    const dataBytes = words[WORD.idatBytes];
    const geometry = geometryOf(info);
    const refused = sizeFault(info, geometry.rawBytes, dataBytes);
    if (refused) return { ok: false, fault: refused };
    if (!makeRoom(info, geometry, single ? 0 : dataBytes, slot)) {
      return { ok: false, fault: `too large: ${info.width}x${info.height} pixels don't fit the memory` };
    }
    if (!single) kernels.joinData(regions.at(INPUT), regions.at(PACKED));
    const data = single ? regions.at(INPUT) + idatAt : regions.at(PACKED);
    const tiny = memo.fits(dataBytes) ? regions.bytes().subarray(data, data + dataBytes) : null;
    const known = tiny && memo.recall(info, tiny);
    if (known) {
      regions.bytes().set(known, regions.at(slot));
      return inspected;
    }
    const wrong = decodeData(info, geometry, data, dataBytes, slot);
    if (wrong) return wrong;
    if (tiny) memo.keep(info, tiny, regions.bytes().subarray(regions.at(slot), regions.at(slot) + geometry.outBytes));
    return inspected;
  }

  return { inspectPng, decodePng };
}
