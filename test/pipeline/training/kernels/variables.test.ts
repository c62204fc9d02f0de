import { describe, expect, it } from 'vitest';
import type { Ops } from '../../../../src/pipeline/training/kernels/ops.js';
import { OPS, tf } from '../backends.js';

const START = [1, -2, 0.5];
/** One row a step. */
const GRADIENTS = [
  [0.1, -4, 0],
  [-0.3, 2, 0.2],
  [0.7, 1, -5],
];

describe.each(OPS)('%s variables', (_, ops) => {
  const variable = (values: number[]) => {
    const tensor = tf.tensor1d(values);
    const made = ops.variable(tensor);
    tensor.dispose();
    return made;
  };
  const read = (of: ReturnType<Ops['variable']>) => tf.tidy(() => [...of.read().dataSync()]);

  it('gives what it was last assigned, whatever becomes of the tensors', () => {
    const before = tf.memory().numTensors;
    const weight = variable([1, 2]);
    const early = weight.read();
    const next = tf.tensor1d([3, 4]);
    weight.assign(next);
    next.dispose();
    expect([...early.dataSync()]).toEqual([1, 2]);
    expect(read(weight)).toEqual([3, 4]);
    early.dispose();
    weight.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('moves a share of the way towards a target', () => {
    const average = variable([1, 3]);
    tf.tidy(() => ops.moveTowards(average, tf.tensor1d([2, 3]), 0.25));
    expect(read(average)).toEqual([1.25, 3]);
    average.dispose();
  });

  it("is updated by Adam as in Kingma and Ba's section 2", () => {
    const by = { rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3 };
    const [weight, m, v] = [variable(START), variable([0, 0, 0]), variable([0, 0, 0])];
    const before = tf.memory().numTensors;
    for (const [index, gradient] of GRADIENTS.entries()) {
      tf.tidy(() => {
        const update = { variable: weight, m, v, gradient: tf.tensor1d(gradient), step: index + 1 };
        ops.adam([update], by);
      });
    }
    expect(tf.memory().numTensors).toBe(before);

    const expected = START.map((start, entry) => {
      let [w, first, second] = [start, 0, 0];
      for (const [index, gradient] of GRADIENTS.entries()) {
        const g = gradient[entry];
        first = by.beta1 * first + (1 - by.beta1) * g;
        second = by.beta2 * second + (1 - by.beta2) * g * g;
        const rate = (by.rate * Math.sqrt(1 - by.beta2 ** (index + 1))) / (1 - by.beta1 ** (index + 1));
        w -= (rate * first) / (Math.sqrt(second) + by.epsilon);
      }
      return w;
    });
    expectClose(read(weight), expected);
    for (const each of [weight, m, v]) each.dispose();
  });

  it('takes weights at different steps in one update', () => {
    const by = { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    const trio = () => ({ variable: variable([0]), m: variable([0]), v: variable([0]) });
    const [young, old] = [trio(), trio()];
    tf.tidy(() => {
      const gradient = tf.tensor1d([2]);
      ops.adam(
        [
          { ...young, gradient, step: 1 },
          { ...old, gradient, step: 1000 },
        ],
        by,
      );
    });
    // The first step of Adam is the rate; without a correction of note it is 0.1 / sqrt(0.001) of it.
    expect(read(young.variable)[0]).toBeCloseTo(-0.1, 5);
    const uncorrected = (-0.1 * Math.sqrt(1 - 0.999 ** 1000) * 0.1) / Math.sqrt(0.001);
    expect(read(old.variable)[0]).toBeCloseTo(uncorrected, 5);
    for (const each of [young, old].flatMap((slot) => Object.values(slot))) each.dispose();
  });

  it.each([0, 0.9])("is updated by Keras's SGD with momentum %d, the rate changing on the way", (momentum) => {
    const rates = [0.1, 0.1, 0.01];
    const weight = variable(START);
    const velocity = momentum > 0 ? variable([0, 0, 0]) : null;
    for (const [index, rate] of rates.entries()) {
      tf.tidy(() => {
        ops.sgd([{ variable: weight, velocity, gradient: tf.tensor1d(GRADIENTS[index]) }], { rate, momentum });
      });
    }
    const expected = START.map((start, entry) => {
      let [w, speed] = [start, 0];
      for (const [index, rate] of rates.entries()) {
        speed = momentum * speed - rate * GRADIENTS[index][entry];
        w += speed;
      }
      return w;
    });
    expectClose(read(weight), expected);
    weight.dispose();
    velocity?.dispose();
  });
});

function expectClose(found: number[], expected: number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [index, value] of found.entries()) expect(value).toBeCloseTo(expected[index], 5);
}
