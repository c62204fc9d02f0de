import { instantiate } from '../kernels/module.js';
import type { OutputForm } from './output-form.js';
import { findSoftmaxMaxima, findStrongest, findSumError, type Planes, type Strongest } from './strongest.js';

/**
 * The strongest channel of each pixel, and the classes that these stand for; for softmax outputs how far a pixel's sum is from 1 at
 * most. Arrays are valid until the next call.
 */
export type Label = (planes: Planes) => { found: Strongest; labels: Uint8Array; sumError: number | null };

/**
 * `findStrongest` for outputs of one form (with `findSoftmaxMaxima` where they are `logits`), and the class of each winner from a
 * table of 256 (background for NONE). 32-bit floats go through the WebAssembly module (assembly/strongest.ts), many times as fast
 * as the plain loops that take other types and what holds NaN or infinities.
 */
export function createLabel(
  form: Omit<Planes, 'data' | 'base'>,
  floor: number,
  table: Uint8Array,
  { kind, unit }: Pick<OutputForm, 'kind' | 'unit'>,
): Label {
  const { size, channels, pixelStep } = form;
  const sideBySide = pixelStep > 1;
  const kernels = instantiate();
  const room = (size + 15) & ~15;

  let end = Math.ceil(kernels.heapAddress() / 64) * 64;
  const lay = (bytes: number) => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const planesAt = lay(size * channels * 4);
  const inputAt = sideBySide ? lay(size * channels * 4) : planesAt;
  const winnerAt = lay(room);
  const bestAt = lay(room * 4);
  const highestAt = lay(channels * 4);
  const maximaAt = lay(channels * 32);
  const tableAt = lay(table.length);
  const labelsAt = lay(room);
  const missing = end - kernels.memory.buffer.byteLength;
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / 65536));

  const { buffer } = kernels.memory;
  const input = new Float32Array(buffer, inputAt, size * channels);
  const winner = new Uint8Array(buffer, winnerAt, size);
  const highest = new Float32Array(buffer, highestAt, channels);
  const labels = new Uint8Array(buffer, labelsAt, size);
  new Uint8Array(buffer, tableAt, table.length).set(table);
  const above = floorToFloat(floor);
  const planesOf = [planesAt, size * 4, channels, size] as const;

  return (planes) => {
    const { data, base } = planes;
    if (data instanceof Float32Array) {
      input.set(data.subarray(base, base + size * channels));
      if (sideBySide) kernels.separateChannels(inputAt, channels, size, planesAt, size * 4);
      if (kernels.strongestChannel(...planesOf, above, winnerAt, bestAt, highestAt)) {
        if (kind === 'logits') kernels.softmaxMaxima(...planesOf, bestAt, highestAt, maximaAt);
        kernels.applyTable(winnerAt, size, tableAt, labelsAt);
        const sumError = kind === 'softmax' ? kernels.largestSumError(...planesOf) : null;
        return { found: { winner, highest, finite: true }, labels, sumError };
      }
    }
    const found = findStrongest(planes, floor);
    if (kind === 'logits') found.highest = findSoftmaxMaxima(planes);
    const sumError = kind === 'softmax' ? findSumError(planes, unit) : null;
    return { found, labels: found.winner.map((channel) => table[channel]), sumError };
  };
}

/** The largest 32-bit float that isn't above x: a float is above the one exactly where it is above the other. */
export function floorToFloat(x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return -3.4028234663852886e38;
  const float = Float32Array.of(x);
  if (float[0] <= x) return float[0];
  const bits = new Int32Array(float.buffer);
  // Patterns of negative numbers grow away from zero, and the one below +0 is the smallest negative one.
  bits[0] = bits[0] === 0 ? -0x7fffffff : bits[0] + (x < 0 ? 1 : -1);
  return float[0];
}
