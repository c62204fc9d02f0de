/** What the module exports; src/pipeline/kernels/load.ts is its only caller. */
import { prepareCrc } from './crc32';
import { prepareInflate } from './inflate';
import { INFO } from './layout';

prepareCrc();
prepareInflate();

/** Address of the words by which the module answers, and the first address that is free for regions. */
export function infoAddress(): usize {
  return INFO;
}
export function heapAddress(): usize {
  return __heap_base;
}

export { swapBytes, spreadBits, spreadPixels } from './arrange';
export { countOutside, markValue, rowBytes, surveyMask } from './bits';
export { joinData, readChunks } from './chunks';
export { componentsScratch, labelComponents } from './components';
export { confusion, countFour, countWhereZero, histogram } from './count';
export { differenceHash } from './difference-hash';
export { xxhash64 } from './hash';
export { inflated } from './inflate';
export { applyTable, composeLabels, paint } from './labels';
export { resizeNearest } from './resize';
export { decodeRows, inflate } from './rows';
export { largestSumError, separateChannels, softmaxMaxima, strongestChannel } from './strongest';
export { unfilter } from './unfilter';
export { waveScratch } from './wave';
