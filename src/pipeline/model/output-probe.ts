import { UsageError } from '../errors.js';
import type { OutputKind } from './card.js';
import type { OutputValues } from './reduce.js';

/** What the values of a test image's output look like; pixels with a value that is NaN or infinite are left out. */
export interface ProbeRange {
  min: number;
  max: number;
  /** Largest distance from 1 of the sum over a pixel's channels. */
  sumError: number;
}

/** The probabilities of a pixel of a softmax sum to 1; those of half precision and 8 bits are this far off at most. */
export const SUM_TOLERANCE = 0.03;
const RANGE_TOLERANCE = 1e-3;

/** Looks at the first image of an output; values are multiplied by `unit`. */
export function probeRange(
  { data }: OutputValues,
  { channels, size, layout, unit }: { channels: number; size: number; layout: 'NCHW' | 'NHWC'; unit: number },
): ProbeRange {
  const range: ProbeRange = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sumError: 0 };
  const pixelStep = layout === 'NHWC' ? channels : 1;
  const channelStep = layout === 'NHWC' ? 1 : size;
  for (let pixel = 0; pixel < size; pixel++) {
    const of = Array.from({ length: channels }, (_, c) => data[pixel * pixelStep + c * channelStep] * unit);
    const sum = of.reduce((total, value) => total + value, 0);
    if (!Number.isFinite(sum)) continue;
    range.min = Math.min(range.min, ...of);
    range.max = Math.max(range.max, ...of);
    range.sumError = Math.max(range.sumError, Math.abs(sum - 1));
  }
  return range;
}

export function inUnit({ min, max }: ProbeRange): boolean {
  return min >= -RANGE_TOLERANCE && max <= 1 + RANGE_TOLERANCE;
}

/** The kind that a test image's output looks like; `classes` is the number that the card or the dataset has. */
export function guessKind(range: ProbeRange, channels: number, classes: number): OutputKind {
  if (channels === 1) return inUnit(range) ? 'sigmoid' : 'sigmoid-logits';
  if (inUnit(range)) return range.sumError <= SUM_TOLERANCE ? 'softmax' : 'sigmoid';
  return channels === classes - 1 ? 'sigmoid-logits' : 'logits';
}

/**
 * Compares what the card or the graph says with what a test image gave.
 * @throws UsageError where that can't be.
 */
export function checkKind(model: string, kind: OutputKind, range: ProbeRange, channels: number, source: string): void {
  if (range.min > range.max) return;
  const seen = `a test image gives values from ${figure(range.min)} to ${figure(range.max)}`;
  if (kind === 'softmax' && (!inUnit(range) || range.sumError > SUM_TOLERANCE)) {
    const right = inUnit(range)
      ? `whose ${channels} channels don't sum to 1: the softmax runs over another axis, or the output is "sigmoid"`
      : 'which are no probabilities: "logits" may be right';
    throw new UsageError(`${model}: softmax (${source}), and ${seen}, ${right}`);
  }
  if (kind === 'sigmoid' && !inUnit(range)) {
    throw new UsageError(
      `${model}: sigmoid (${source}), and ${seen}, which are no probabilities: "sigmoid-logits" may be right`,
    );
  }
  if (kind === 'logits' && inUnit(range) && range.sumError <= SUM_TOLERANCE && range.max > range.min) {
    throw new UsageError(`${model}: logits (${source}), and ${seen}, each pixel summing to 1: "softmax" may be right`);
  }
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
