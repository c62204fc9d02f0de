import type { TrainerTf } from './node-backend.js';
import type { Ops } from './ops.js';

/** What TensorFlow.js does by one kernel on every backend. */
export function commonPlanes(tf: TrainerTf): Pick<Ops, 'averagePool' | 'pad' | 'padGradient' | 'concat' | 'split'> {
  return {
    averagePool: (x) => tf.mean(x, [1, 2]),
    pad: (x, [top, bottom, left, right]) =>
      tf.pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
    padGradient(dy, [top, bottom, left, right]) {
      const [n, height, width, channels] = dy.shape as [number, number, number, number];
      return tf.slice(dy, [0, top, left, 0], [n, height - top - bottom, width - left - right, channels]);
    },
    concat: (inputs) => tf.concat(inputs, 3),
    split: (dy, channels) => tf.split(dy, [...channels], 3),
  };
}
