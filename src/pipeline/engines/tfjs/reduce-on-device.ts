import type { OutputForm } from '../../model/output-form.js';
import { createReduce, decisionValue, type OutputValues, toProbability } from '../../model/reduce.js';
import { NONE } from '../../model/strongest.js';
import { floorToFloat } from '../../model/strongest-vectors.js';
import type { ModelOutput } from '../engine.js';
import type { Tensor, Tf } from './tf.js';

/**
 * The reduction of `createReduce`, computed where the output lies: only labels and a few numbers an image leave the device. An
 * output that holds NaN or infinities, and a map of labels, are brought over whole and reduced by `createReduce` itself.
 */
export function createDeviceReduce(tf: Tf, form: OutputForm, read: (output: Tensor) => Promise<OutputValues>) {
  const { width, height, channels, codes } = form;
  const plain = createReduce(form);
  const table = new Uint8Array(256);
  table.set(codes.subarray(0, NONE));

  return async (output: Tensor, count: number): Promise<ModelOutput[]> => {
    const found = form.kind === 'labels' ? null : await reduceFinite(tf, form, output, count);
    if (found === null) {
      const values = await read(output);
      return Array.from({ length: count }, (_, index) => plain(values, index));
    }
    const { winners, highest, lowest, strongest, sumErrors } = found;
    return Array.from({ length: count }, (_, index) => {
      const labels = new Uint8Array(width * height);
      const base = index * labels.length;
      for (let pixel = 0; pixel < labels.length; pixel++) labels[pixel] = table[winners[base + pixel]];
      const maxProbability: (number | null)[] = form.known.map(() => null);
      let constant = true;
      for (let c = 0, at = index * channels; c < channels; c++, at++) {
        const probability = toProbability(strongest[at], form);
        maxProbability[codes[c]] = Math.max(maxProbability[codes[c]] ?? probability, probability);
        constant &&= highest[at] === lowest[at];
      }
      const sumError = form.kind === 'softmax' ? sumErrors[index] : null;
      return { width, height, labels, maxProbability, constant, nonFinite: false, sumError };
    });
  };
}

interface Found {
  /** The strongest channel of each pixel of each image, the first of equals, NONE where none is above the decision value. */
  winners: Int32Array | Float32Array;
  /** Of each image's channels: the highest and the lowest value, and the highest of what a probability is made of. */
  highest: Float32Array;
  lowest: Float32Array;
  strongest: Float32Array;
  /** Of each image: how far the sum over a pixel's channels is from 1 at most. */
  sumErrors: Float32Array;
}

/** null where a value is NaN or infinite. */
async function reduceFinite(tf: Tf, form: OutputForm, output: Tensor, count: number): Promise<Found | null> {
  const { width, height, channels, kind } = form;
  const [winners, figures] = tf.tidy(() => {
    const some = output.shape[0] === count ? output : tf.slice(output, 0, count);
    const planes = form.layout === 'NHWC' || some.rank === 3 ? some : tf.transpose(some, [0, 2, 3, 1]);
    const values = tf.cast(tf.reshape(planes, [count, height * width, channels]), 'float32');
    const top = tf.max(values, 2, true);
    const winner = decide(tf, firstOf(tf, values, top), top, decisionValue(form));
    const strongest = kind === 'logits' ? softmax(tf, values, top) : values;
    const finite = tf.reshape(tf.min(tf.cast(tf.isFinite(values), 'float32'), [1, 2]), [count, 1]);
    const sumErrors = tf.max(tf.abs(tf.sub(tf.sum(values, 2), 1)), 1, true);
    const perImage = [finite, sumErrors, tf.max(values, 1), tf.min(values, 1), tf.max(strongest, 1)];
    return [tf.cast(winner, 'int32'), tf.concat(perImage, 1)];
  });
  try {
    const [labels, numbers] = await Promise.all([winners.data(), figures.data()]);
    return split(labels as Int32Array, numbers as Float32Array, count, channels);
  } finally {
    tf.dispose([winners, figures]);
  }
}

/** The lowest channel of those with the highest value: which of equals an arg max gives is each library's own affair. */
function firstOf(tf: Tf, values: Tensor, top: Tensor): Tensor {
  const channels = values.shape[2] as number;
  const others = tf.mul(tf.cast(tf.notEqual(values, top), 'float32'), channels);
  return tf.min(tf.add(others, tf.range(0, channels, 1, 'float32')), 2);
}

/** NONE where the highest value is not above the floor: (first - NONE) x above + NONE. */
function decide(tf: Tf, first: Tensor, top: Tensor, floor: number): Tensor {
  if (!Number.isFinite(floor)) return first;
  const above = tf.cast(tf.greater(tf.reshape(top, first.shape), floorToFloat(floor)), 'float32');
  return tf.add(tf.mul(tf.sub(first, NONE), above), NONE);
}

function softmax(tf: Tf, values: Tensor, top: Tensor): Tensor {
  const exps = tf.exp(tf.sub(values, top));
  return tf.div(exps, tf.sum(exps, 2, true));
}

/** `figures` holds 2 + 3 x channels numbers an image: whether all is finite, the sum's error, then three for each channel. */
function split(winners: Int32Array, figures: Float32Array, count: number, channels: number): Found | null {
  const columns = (from: number, width: number) => {
    const values = new Float32Array(count * width);
    for (let i = 0; i < count; i++) {
      const at = i * (2 + 3 * channels) + from;
      values.set(figures.subarray(at, at + width), i * width);
    }
    return values;
  };
  if (columns(0, 1).some((finite) => finite !== 1)) return null;
  return {
    winners,
    sumErrors: columns(1, 1),
    highest: columns(2, channels),
    lowest: columns(2 + channels, channels),
    strongest: columns(2 + 2 * channels, channels),
  };
}
