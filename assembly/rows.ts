/** From a zlib stream to unfiltered rows, a few rows at a time, so that what was just inflated is still in the nearest cache. */
import { adler32 } from './adler32';
import { closeStream, inflated, openStream, readStream } from './inflate';
import { Fault, Info, put } from './layout';
import { unfilter } from './unfilter';

/** Bytes to inflate before they are summed and unfiltered. */
const PORTION: usize = 16384;

/**
 * Inflates the stream of `length` bytes at `at` to `raw`, which has to give `rows` rows of a filter byte and `rowBytes` bytes, and
 * puts the unfiltered rows at `out`. The other arguments are `unfilter`'s. Returns a Fault.
 */
export function decodeRows(
  at: usize,
  length: usize,
  raw: usize,
  out: usize,
  rowBytes: usize,
  rows: i32,
  bpp: usize,
  scratch: usize,
  waveFrom: u32,
): i32 {
  const stride = rowBytes + 1;
  const size = stride * <usize>rows;
  const fault = openStream(at, length, raw, size);
  if (fault != Fault.none) return fault;
  let adler: u32 = 1;
  let summed: usize = 0;
  let done: usize = 0;
  while (true) {
    const stop = summed + PORTION;
    const fault = readStream(stop);
    if (fault != Fault.none) return fault;
    const last = stop > size;
    const end = last ? size : inflated() & ~63;
    adler = adler32(adler, raw + summed, end - summed);
    summed = end;
    // Sixteens of rows, and the rest at last.
    const ready = last ? <usize>rows : (end / stride) & ~15;
    const from = raw + done * stride;
    const to = out + done * rowBytes;
    const wrong = unfilter(from, to, rowBytes, <i32>(ready - done), done == 0, bpp, scratch, waveFrom);
    if (wrong >= 0) {
      put(Info.a, <u32>done + wrong);
      put(Info.b, load<u8>(from + <usize>wrong * stride));
      return Fault.filter;
    }
    if (last) return closeStream(adler);
    done = ready;
  }
}

/** Inflates a stream into exactly `size` bytes at `out`. Returns a Fault. */
export function inflate(at: usize, length: usize, out: usize, size: usize): i32 {
  let fault = openStream(at, length, out, size);
  if (fault == Fault.none) fault = readStream(size + 1);
  return fault == Fault.none ? closeStream(adler32(1, out, size)) : fault;
}
