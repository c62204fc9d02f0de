import type { ModelOutput } from '../engines/engine.js';
import type { OutputForm } from './output-form.js';
import { readLabels } from './read-labels.js';
import { NONE, type Planes, type Values } from './strongest.js';
import { createLabel } from './strongest-vectors.js';

/** Values of an output tensor; int64 comes as its 32-bit words, low word first, with `words` 2. */
export interface OutputValues {
  data: Values;
  words: 1 | 2;
}

/** Labels and per-class maxima of image `index` of a batch. @throws WorkError for a label that stands for no class. */
export type Reduce = (values: OutputValues, index: number) => ModelOutput;

/**
 * The reduction of an output of this form to what an audit keeps of it.
 *
 * The label of a pixel is the class of its strongest channel (the first of equals); for sigmoid outputs background where none is
 * above the threshold. Values that are NaN never win, and a pixel without any number is background. Several channels may stand
 * for one class: its probability is the highest of theirs.
 */
export function createReduce(form: OutputForm): Reduce {
  const { width, height, channels, kind, codes } = form;
  const size = width * height;
  const [pixelStep, channelStep] = form.layout === 'NHWC' ? [channels, 1] : [1, size];
  const shape = { size, channels, pixelStep, channelStep };
  const table = new Uint8Array(256);
  table.set(codes.subarray(0, NONE));
  const label = createLabel(shape, decisionValue(form), table, form);

  return ({ data, words }, index) => {
    const maxProbability: (number | null)[] = form.known.map(() => null);
    const base = index * size * channels;
    if (kind === 'labels') {
      const { labels, nonFinite } = readLabels({ data, words }, base, size, form);
      return { width, height, labels, maxProbability, constant: false, nonFinite, sumError: null };
    }
    const planes: Planes = { data, base, ...shape };
    const { found, labels, sumError } = label(planes);
    for (let c = 0; c < channels; c++) {
      const probability = toProbability(found.highest[c], form);
      if (Number.isFinite(probability)) {
        maxProbability[codes[c]] = Math.max(maxProbability[codes[c]] ?? probability, probability);
      }
    }
    const constant = isConstant(planes);
    return { width, height, labels: labels.slice(), maxProbability, constant, nonFinite: !found.finite, sumError };
  };
}

/** What a value must be above to count, on the scale of the output's own values. */
export function decisionValue({ kind, threshold, unit }: OutputForm): number {
  if (kind === 'sigmoid') return threshold / unit;
  return kind === 'sigmoid-logits' ? Math.log(threshold / (1 - threshold)) : Number.NEGATIVE_INFINITY;
}

/** The probability that a channel's highest value stands for, not finite for none. */
export function toProbability(value: number, { kind, unit }: OutputForm): number {
  if (kind !== 'sigmoid-logits') return value * unit;
  return Number.isFinite(value) ? 1 / (1 + Math.exp(-value)) : Number.NaN;
}

/** Every pixel has the same values as the first; stops at the first that hasn't. */
function isConstant({ data, base, size, channels, pixelStep, channelStep }: Planes): boolean {
  for (let c = 0; c < channels; c++) {
    const first = base + c * channelStep;
    for (let pixel = 0, at = first; pixel < size; pixel++, at += pixelStep) {
      if (data[at] !== data[first]) return false;
    }
  }
  return true;
}
