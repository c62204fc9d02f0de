import { IGNORED } from '../trainer.js';
import type { Normalisation } from './loss-spec.js';

/**
 * What each pixel's loss is multiplied by before they are summed: its class's weight by what the sum is normalised by; 0 where the pixel is
 * ignored, and everywhere where nothing counts.
 */
export function pixelWeights(
  classes: Uint8Array,
  classWeights: readonly number[] | null,
  normalise: Normalisation,
): Float32Array<ArrayBuffer> {
  const counts = new Float64Array(256);
  for (const label of classes) counts[label]++;
  counts[IGNORED] = 0;
  const weightOf = (label: number) => (label === IGNORED ? 0 : (classWeights?.[label] ?? 1));
  const pixels = counts.reduce((sum, count) => sum + count, 0);
  const weight = counts.reduce((sum, count, label) => sum + (count > 0 ? count * weightOf(label) : 0), 0);
  const divisor = normalise === 'weights' ? weight : pixels;
  const table = Float32Array.from(counts, (_, label) => (divisor > 0 ? weightOf(label) / divisor : 0));
  const weights = new Float32Array(classes.length);
  for (let i = 0; i < weights.length; i++) weights[i] = table[classes[i]];
  return weights;
}
