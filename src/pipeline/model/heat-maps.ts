import type { HeatMaps } from '../engines/engine.js';
import { UsageError } from '../errors.js';
import type { AnswerForm } from './answer-form.js';
import { describeTensor } from './graph-input.js';
import type { OutputValues } from './reduce.js';

/** How a classifier's heat maps are to be read: a map for each value of its answer. */
export interface HeatForm {
  layout: 'NCHW' | 'NHWC';
  width: number;
  height: number;
}

/**
 * Where rows, columns and channels stand in an output of heat maps: the axis as long as the answer is wide is that of the channels,
 * the input's layout decides where both are.
 * @throws UsageError for an output that is no map of each value
 */
export function readHeatForm(
  model: string,
  output: { name: string; type: string; dims: readonly number[] },
  batch: number,
  { width: channels }: Pick<AnswerForm, 'width'>,
  layout: 'NCHW' | 'NHWC',
): HeatForm {
  const { name, type, dims } = output;
  const fits = dims.length === 4 && dims[0] === batch && (dims[1] === channels || dims[3] === channels);
  if (!fits || !type.startsWith('float')) {
    const shown = describeTensor({ name, type, shape: dims });
    throw new UsageError(`${model} gives ${shown} as heat maps: a map for each of its ${channels} answers is expected`);
  }
  const first = dims[1] === channels && (dims[3] !== channels || layout === 'NCHW');
  const [height, width] = first ? [dims[2], dims[3]] : [dims[1], dims[2]];
  return { layout: first ? 'NCHW' : 'NHWC', width, height };
}

/** The heat maps of image `index` of a batch, by the dataset's classes. */
export function readHeat(
  { layout, width, height }: HeatForm,
  { width: channels, codes, known, complement }: AnswerForm,
  { data }: OutputValues,
  index: number,
): HeatMaps {
  const size = width * height;
  const base = index * size * channels;
  const [pixelStep, channelStep] = layout === 'NHWC' ? [channels, 1] : [1, size];
  const values = new Float32Array(known.length * size);
  const seen = new Set<number>();
  codes.forEach((code, k) => {
    const map = values.subarray(code * size, (code + 1) * size);
    for (let i = 0; i < size; i++) {
      const value = data[base + i * pixelStep + k * channelStep];
      // Where several values stand for one class, it is where any of them is.
      if (!seen.has(code) || value > map[i]) map[i] = value;
    }
    seen.add(code);
  });
  // What speaks against the one class speaks for the other.
  if (complement) for (let i = 0; i < size; i++) values[i] = 0 - values[size + i];
  return { width, height, values };
}
