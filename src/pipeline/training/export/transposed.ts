import type { NamedTensor } from '../trainer.js';

/** A tensor of four dimensions with them in another order: `[3, 2, 0, 1]` puts the last one first. */
export function transposed(
  { name, shape, values }: NamedTensor,
  order: readonly [number, number, number, number],
): NamedTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = order.map((axis) => shape[axis]);
  const [a, b, c, d] = order.map((axis) => strides[axis]);
  const out = new Float32Array(values.length);
  let at = 0;
  for (let i = 0; i < sizes[0]; i++) {
    for (let j = 0; j < sizes[1]; j++) {
      for (let k = 0; k < sizes[2]; k++) {
        for (let l = 0; l < sizes[3]; l++) out[at++] = values[i * a + j * b + k * c + l * d];
      }
    }
  }
  return { name, shape: sizes, values: out };
}
