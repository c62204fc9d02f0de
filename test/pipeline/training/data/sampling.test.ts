import { describe, expect, it } from 'vitest';
import type { Examples } from '../../../../src/pipeline/training/data/examples.js';
import { epochLength, epochOrder } from '../../../../src/pipeline/training/data/sampling.js';

/** Ten images of two classes: the second class is in images 3 and 7. */
const examples: Examples = {
  positions: Array.from({ length: 10 }, (_, i) => 100 + i),
  present: Uint8Array.from({ length: 20 }, (_, i) => (i % 2 === 0 || i === 7 || i === 15 ? 1 : 0)),
  frequencies: [],
  leftOut: 0,
};

const times = (order: number[], example: number) => order.filter((one) => one === example).length;

describe('epochOrder', () => {
  it('shows each example once, in an order of its own in each epoch', () => {
    const orders = [0, 1, 2].map((epoch) => epochOrder(examples, {}, 5, epoch));
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(orders[0]).not.toEqual(orders[1]);
    expect(orders[1]).not.toEqual(orders[2]);
  });

  it('is a function of seed and epoch', () => {
    expect(epochOrder(examples, {}, 5, 3)).toEqual(epochOrder(examples, {}, 5, 3));
    expect(epochOrder(examples, {}, 5, 3)).not.toEqual(epochOrder(examples, {}, 6, 3));
  });

  it('shows images with a class so often', () => {
    const order = epochOrder(examples, { 1: 4 }, 5, 0);
    expect(order).toHaveLength(16);
    for (let example = 0; example < 10; example++) expect(times(order, example)).toBe([3, 7].includes(example) ? 4 : 1);
  });

  it('spreads a broken factor over the images, other ones in other epochs', () => {
    const extra = Array.from({ length: 20 }, (_, epoch) => {
      const order = epochOrder(examples, { 1: 2.5 }, 5, epoch);
      expect(order).toHaveLength(13);
      return [3, 7].filter((example) => times(order, example) === 3);
    });
    expect(extra.every((found) => found.length === 1)).toBe(true);
    expect(new Set(extra.flat()).size).toBe(2);
  });

  it('takes the largest factor of an image with several classes', () => {
    expect(epochOrder(examples, { 0: 2, 1: 3 }, 5, 0)).toHaveLength(2 * 8 + 3 * 2);
    expect(epochOrder(examples, { 0: 3, 1: 2 }, 5, 0)).toHaveLength(30);
  });

  it.each<Record<number, number>>([{}, { 1: 4 }, { 1: 2.5 }, { 0: 1.25 }])(
    'is as long as it is said to be (%j)',
    (factors) => {
      for (let epoch = 0; epoch < 4; epoch++)
        expect(epochOrder(examples, factors, 1, epoch)).toHaveLength(epochLength(examples, factors));
    },
  );
});
