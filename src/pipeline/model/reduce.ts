import type { ModelOutput } from '../engines/engine.js';
import { WorkError } from '../errors.js';
import type { OutputForm } from './output-form.js';
import { type Planes, strongestLogit } from './reduce-logits.js';

/** Values of an output tensor; int64 comes as its 32-bit words, low word first, with `words` 2. */
export interface OutputValues {
  data: Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array;
  words: 1 | 2;
}

/**
 * Labels and per-class maxima of image `index` of a batch, in one pass over its part of the output.
 *
 * The label of a pixel is the class of its strongest channel (the first of equals); for sigmoid outputs background where none is
 * above the threshold. A pixel without any number is background. Several channels may stand for one class: its probability is
 * the highest of theirs.
 * @throws WorkError for a value of a label map that stands for no class.
 */
export function reduceOutput(values: OutputValues, index: number, form: OutputForm): ModelOutput {
  const { width, height, channels } = form;
  const size = width * height;
  const labels = new Uint8Array(size);
  const base = index * size * channels;
  const maxProbability: (number | null)[] = form.known.map(() => null);
  if (form.kind === 'labels') {
    const nonFinite = readLabels(values, base, form, labels);
    return { width, height, labels, maxProbability, constant: false, nonFinite };
  }
  const planes: Planes = {
    data: values.data,
    base,
    size,
    channels,
    pixelStep: form.layout === 'NHWC' ? channels : 1,
    channelStep: form.layout === 'NHWC' ? 1 : size,
  };
  const highest = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY);
  const finite =
    form.kind === 'logits'
      ? strongestLogit(planes, form.codes, labels, highest)
      : strongest(planes, decisionValue(form), form.codes, labels, highest);
  for (let c = 0; c < channels; c++) {
    const probability = toProbability(highest[c], form);
    const code = form.codes[c];
    if (Number.isFinite(probability)) maxProbability[code] = Math.max(maxProbability[code] ?? 0, probability);
  }
  return { width, height, labels, maxProbability, constant: isConstant(planes), nonFinite: !finite };
}

/** What a value must be above to count, on the scale of the output's own values. */
function decisionValue(form: OutputForm): number {
  if (form.kind === 'softmax') return Number.NEGATIVE_INFINITY;
  return form.kind === 'sigmoid' ? form.threshold / form.unit : Math.log(form.threshold) - Math.log1p(-form.threshold);
}

function toProbability(value: number, form: OutputForm): number {
  if (form.kind === 'softmax' || form.kind === 'sigmoid') return value * form.unit;
  return Number.isNaN(value) || value === Number.NEGATIVE_INFINITY ? Number.NaN : 1 / (1 + Math.exp(-value));
}

/** Fills `labels` and the highest value of each channel; false where a value is NaN or infinite. */
function strongest(
  planes: Planes,
  above: number,
  codes: Uint8Array,
  labels: Uint8Array,
  highest: Float64Array,
): boolean {
  const { data, base, size, channels, pixelStep, channelStep } = planes;
  let poison = 0;
  for (let pixel = 0, at = base; pixel < size; pixel++, at += pixelStep) {
    let best = above;
    let label = 0;
    let sum = 0;
    for (let c = 0, from = at; c < channels; c++, from += channelStep) {
      const value = data[from];
      sum += value;
      if (value > highest[c]) highest[c] = value;
      if (value > best) {
        best = value;
        label = codes[c];
      }
    }
    labels[pixel] = label;
    // Zero for every finite sum, NaN for the others.
    poison += sum - sum;
  }
  return poison === 0;
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

function readLabels(values: OutputValues, base: number, form: OutputForm, labels: Uint8Array): boolean {
  const { data, words } = values;
  const { codes } = form;
  let nonFinite = false;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const value = data[(base + pixel) * words];
    const high = words === 2 ? data[(base + pixel) * 2 + 1] : 0;
    const code = high === 0 ? codes[value] : undefined;
    if (code !== undefined) labels[pixel] = code;
    else if (value - value !== 0) nonFinite = true;
    else {
      const seen = words === 2 ? high * 2 ** 32 + (value >>> 0) : value;
      throw new WorkError(`the model gives label ${seen}, and its classes are 0 to ${codes.length - 1}`);
    }
  }
  return nonFinite;
}
