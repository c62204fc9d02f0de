import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { TrainerTf } from '../kernels/node-backend.js';
import type { Ops } from '../kernels/ops.js';

/** The column of the highest value of each row, the first of equals. */
export function firstHighest(rows: Float32Array, columns: number): Uint8Array {
  const found = new Uint8Array(rows.length / columns);
  for (let row = 0, at = 0; row < found.length; row++, at += columns) {
    let best = 0;
    for (let column = 1; column < columns; column++) if (rows[at + column] > rows[at + best]) best = column;
    found[row] = best;
  }
  return found;
}

/** `count` x C: the highest probability of each class in each image. @param logits P x C */
export function highestProbabilities(tf: TrainerTf, logits: Tensor2D, count: number): Tensor {
  return tf.tidy(() => tf.max(tf.reshape(tf.softmax(logits), [count, -1, logits.shape[1]]), 1));
}

/** L2, of all tensors taken together. */
export async function globalNorm(tf: TrainerTf, ops: Ops, tensors: Iterable<Tensor>): Promise<number> {
  const half = tf.tidy(() => tf.addN([...tensors].map((tensor) => ops.halfSquares(tensor))));
  const [value] = await half.data();
  half.dispose();
  return Math.sqrt(2 * value);
}
