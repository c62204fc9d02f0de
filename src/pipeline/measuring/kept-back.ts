import type { GateOutput, KeptBack } from '../engines/engine.js';
import type { Kernels } from '../kernels/kernels.js';
import { overlapCounts } from '../metrics/counts.js';
import type { GateRecord } from '../record.js';
import { SLOTS } from './truth.js';

/**
 * What is kept of a hybrid's gate: of classes that it kept back and whose segmenter looked nonetheless also what they would have
 * been, counted as a prediction is. The annotation lies in `SLOTS.truth`; null where there is none to compare with.
 */
export function gateRecord(
  kernels: Kernels,
  { probabilities, passed, keptBack }: GateOutput,
  truth: { width: number; height: number } | null,
): GateRecord {
  const record: GateRecord = { probabilities, passed };
  if (keptBack === undefined || truth === null) return record;
  const found: NonNullable<GateRecord['keptBack']> = probabilities.map(() => null);
  for (const map of keptBack) countMap(kernels, map, truth, found);
  return { ...record, keptBack: found };
}

function countMap(
  kernels: Kernels,
  { width, height, labels, classes }: KeptBack,
  truth: { width: number; height: number },
  found: NonNullable<GateRecord['keptBack']>,
): void {
  // A model was given the picture long ago: its slot is free.
  kernels.store(SLOTS.image, labels);
  const isSameSize = width === truth.width && height === truth.height;
  if (!isSameSize) kernels.resizeNearest(SLOTS.image, width, height, truth.width, truth.height, SLOTS.scratch);
  const slot = isSameSize ? SLOTS.image : SLOTS.scratch;
  const confusion = kernels.confusion(SLOTS.truth, slot, truth.width * truth.height, found.length);
  for (const c of classes) {
    const { tp, fp } = overlapCounts(confusion, c);
    found[c] = { predicted: tp + fp, tp };
  }
}
