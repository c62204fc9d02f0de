import type { Pixels } from '../engines/engine.js';
import type { Preprocessing } from './preprocessing.js';
import { type AxisTable, axisTable, type ResizeMethod, resample } from './resample.js';

/** What a model takes: one image is height x width x channels values. */
export interface InputForm {
  width: number;
  height: number;
  channels: 1 | 3;
  layout: 'NCHW' | 'NHWC';
  resize: ResizeMethod;
  preprocessing: Preprocessing;
}

/** Puts an image into position `index` of a batch of the model's form. */
export type FillBatch = (image: Pixels, batch: Float32Array, index: number) => void;

/**
 * A function that brings images of any size to the form of a model, in double precision until the last store: the values of an
 * image don't depend on what else is in the batch. Gray is repeated over three channels; colour for a one-channel model becomes
 * 0.299 R + 0.587 G + 0.114 B. Interpolated samples aren't rounded to whole grays. Tables and scratch are kept between calls.
 */
export function createFill(form: InputForm): FillBatch {
  const { width, height, channels, layout, preprocessing } = form;
  const plane = width * height;
  const step = layout === 'NCHW' ? 1 : channels;
  const between = layout === 'NCHW' ? plane : 1;
  const tables = Array.from({ length: channels }, (_, c) => valueTable(preprocessing, c));
  /** Gray gives the same plane for every channel. */
  const copies = layout === 'NCHW' && tables.every((table) => table.every((value, v) => value === tables[0][v]));
  let scratch: Resizing | null = null;

  return (image, batch, index) => {
    const start = index * plane * channels;
    const gray = channels === 1 && image.channels === 3 ? toGray(image) : null;
    const source = gray ?? image.data;
    const sourceStep = gray ? 1 : image.channels;
    const colour = (c: number) => (sourceStep === 1 ? 0 : preprocessing.bgr ? 2 - c : c);
    const sameSize = image.width === width && image.height === height;
    if (!sameSize && (scratch?.fromWidth !== image.width || scratch.fromHeight !== image.height)) {
      scratch = prepareResize(image.width, image.height, form);
    }
    for (let c = 0; c < channels; c++) {
      const to = start + c * between;
      if (c > 0 && copies && image.channels === 1) {
        batch.copyWithin(to, start, start + plane);
      } else if (sameSize && gray === null) {
        lookUp(image.data, sourceStep, colour(c), tables[c], batch, to, step, plane);
      } else if (sameSize) {
        scale(gray as Float64Array, preprocessing, c, batch, to, step, plane);
      } else {
        const { x, y, rows, out } = scratch as Resizing;
        if (c === 0 || sourceStep > 1) {
          resample(source, sourceStep, colour(c), image.width, image.height, x, y, rows, out);
        }
        scale(out, preprocessing, c, batch, to, step, plane);
      }
    }
    if (preprocessing.zscore) standardise(batch, start, start + plane * channels);
  };
}

interface Resizing {
  fromWidth: number;
  fromHeight: number;
  x: AxisTable;
  y: AxisTable;
  rows: Float64Array;
  out: Float64Array;
}

function prepareResize(fromWidth: number, fromHeight: number, form: InputForm): Resizing {
  return {
    fromWidth,
    fromHeight,
    x: axisTable(fromWidth, form.width, form.resize),
    y: axisTable(fromHeight, form.height, form.resize),
    rows: new Float64Array(fromHeight * form.width),
    out: new Float64Array(form.height * form.width),
  };
}

function valueTable(preprocessing: Preprocessing, channel: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, v) => v * preprocessing.gain[channel] + preprocessing.offset[channel]);
}

function lookUp(
  source: Uint8Array,
  sourceStep: number,
  offset: number,
  table: Float32Array,
  batch: Float32Array,
  to: number,
  step: number,
  plane: number,
): void {
  for (let i = 0, from = offset, at = to; i < plane; i++, from += sourceStep, at += step)
    batch[at] = table[source[from]];
}

function scale(
  source: Float64Array,
  preprocessing: Preprocessing,
  channel: number,
  batch: Float32Array,
  to: number,
  step: number,
  plane: number,
): void {
  const gain = preprocessing.gain[channel];
  const offset = preprocessing.offset[channel];
  for (let i = 0, at = to; i < plane; i++, at += step) batch[at] = source[i] * gain + offset;
}

/** Luma of ITU-R BT.601, as OpenCV and Pillow have it, without their rounding; R = G = B stays exactly itself. */
function toGray(image: Pixels): Float64Array {
  const { data } = image;
  const gray = new Float64Array(image.width * image.height);
  for (let i = 0, at = 0; i < gray.length; i++, at += 3) {
    gray[i] = (299 * data[at] + 587 * data[at + 1] + 114 * data[at + 2]) / 1000;
  }
  return gray;
}

/** Mean 0 and population standard deviation 1 over values[from..to); an image of one gray becomes 0 everywhere. */
function standardise(values: Float32Array, from: number, to: number): void {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  const mean = sum / (to - from);
  let squares = 0;
  for (let i = from; i < to; i++) squares += (values[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / (to - from));
  const gain = deviation > 1e-6 ? 1 / deviation : 0;
  for (let i = from; i < to; i++) values[i] = (values[i] - mean) * gain;
}
