import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createLoss } from '../../../../src/pipeline/training/losses/loss.js';
import type { LossTerm } from '../../../../src/pipeline/training/losses/loss-spec.js';
import { OPS, tf, values } from '../backends.js';

const CLASSES = 3;
const IGNORED = 255;

/** Rows of probabilities as logits: their logarithms. */
const logitsOf = (rows: number[][]) => tf.tensor2d(rows.map((row) => row.map(Math.log)));

/** Two images of two pixels. */
const ROWS = [
  [0.5, 0.25, 0.25],
  [0.2, 0.6, 0.2],
  [0.1, 0.1, 0.8],
  [0.7, 0.2, 0.1],
];
const LABELS = Uint8Array.of(0, 1, 1, IGNORED);

const ce = { kind: 'cross-entropy', weight: 1, classWeights: null, normalise: 'pixels' } as const;
const focal = { kind: 'focal', weight: 1, gamma: 2, classWeights: null, normalise: 'pixels' } as const;
const dice = { kind: 'dice', weight: 1, over: 'batch', background: true, smooth: 1 } as const;
const tversky = { ...dice, kind: 'tversky', alpha: 0.3, beta: 0.7 } as const;
const classWeights = [1, 3, 10];
const { log } = Math;

/** Terms, and what they come to for the rows above, by hand: P of the true classes are 0.5, 0.6, 0.1. */
const CASES: [string, LossTerm[], number][] = [
  ['cross-entropy', [ce], -(log(0.5) + log(0.6) + log(0.1)) / 3],
  ['weighted cross-entropy by pixels', [{ ...ce, classWeights }], -(log(0.5) + 3 * log(0.6) + 3 * log(0.1)) / 3],
  [
    'weighted cross-entropy by weights',
    [{ ...ce, classWeights, normalise: 'weights' }],
    -(log(0.5) + 3 * log(0.6) + 3 * log(0.1)) / 7,
  ],
  ['focal', [focal], -(0.25 * log(0.5) + 0.16 * log(0.6) + 0.81 * log(0.1)) / 3],
  [
    'weighted focal with a root',
    [{ ...focal, gamma: 0.5, classWeights, normalise: 'weights' }],
    -(Math.sqrt(0.5) * log(0.5) + 3 * Math.sqrt(0.4) * log(0.6) + 3 * Math.sqrt(0.9) * log(0.1)) / 7,
  ],
  ['focal with gamma 0', [{ ...focal, gamma: 0 }], -(log(0.5) + log(0.6) + log(0.1)) / 3],
  // Sums of p t, p, t over the three pixels: 0.5, 0.8, 1 | 0.7, 0.95, 2 | 0, 1.25, 0.
  ['Dice', [dice], 1 - (2 / 2.8 + 2.4 / 3.95 + 1 / 2.25) / 3],
  ['Dice without background', [{ ...dice, background: false }], 1 - (2.4 / 3.95 + 1 / 2.25) / 2],
  // The first image: 0.5, 0.7, 1 | 0.6, 0.85, 1 | 0, 0.45, 0; the second: 0, 0.1, 0 | 0.1, 0.1, 1 | 0, 0.8, 0.
  [
    'Dice an image',
    [{ ...dice, over: 'image' }],
    1 - (2 / 2.7 + 2.2 / 2.85 + 1 / 1.45 + 1 / 1.1 + 1.2 / 2.1 + 1 / 1.8) / 6,
  ],
  [
    'Tversky',
    [tversky],
    1 - (1.5 / (1.5 + 0.3 * 0.3 + 0.7 * 0.5) + 1.7 / (1.7 + 0.3 * 0.25 + 0.7 * 1.3) + 1 / (1 + 0.3 * 1.25)) / 3,
  ],
  [
    'a sum with weights',
    [
      { ...ce, weight: 2 },
      { ...dice, weight: 0.5 },
    ],
    (-2 * (log(0.5) + log(0.6) + log(0.1))) / 3 + 0.5 * (1 - (2 / 2.8 + 2.4 / 3.95 + 1 / 2.25) / 3),
  ],
];

describe.each(OPS)('losses by %s kernels', (_, ops) => {
  const kit = { tf, ops, classes: CLASSES };
  const lossOf = (terms: LossTerm[], logits: Tensor2D, labels: Uint8Array, count = 2): number => {
    const [value] = tf.tidy(() => createLoss(kit, { terms }).value(logits, labels, count).dataSync());
    return value;
  };

  it.each(CASES)('%s is what it is by hand', (_name, terms, expected) => {
    expect(lossOf(terms, logitsOf(ROWS), LABELS)).toBeCloseTo(expected, 5);
  });

  it.each(CASES)('%s has the gradient that differences say, and none where it is ignored', (_name, terms) => {
    const logits = values(12, 5);
    const { found, loss } = tf.tidy(() => {
      const { value, gradient } = createLoss(kit, { terms }).withGradient(tf.tensor2d(logits, [4, 3]), LABELS, 2);
      return { found: [...gradient.dataSync()], loss: value.dataSync()[0] };
    });
    expect(loss).toBeCloseTo(lossOf(terms, tf.tensor2d(logits, [4, 3]), LABELS), 5);
    expect(found.slice(9).every((value) => value === 0)).toBe(true);
    // With a step of 1e-2, what the curve adds is under 1e-4, and float32's rounding of a loss of 1 about 1e-5.
    const step = 1e-2;
    for (let entry = 0; entry < logits.length; entry++) {
      const moved = [step, -step].map((by) => {
        const shifted = Float32Array.from(logits);
        shifted[entry] += by;
        return lossOf(terms, tf.tensor2d(shifted, [4, 3]), LABELS);
      });
      expect(Math.abs(found[entry] - (moved[0] - moved[1]) / (2 * step)), `entry ${entry}`).toBeLessThan(5e-4);
    }
  });

  it('is 0, with no gradient, where every pixel is ignored', () => {
    const nothing = new Uint8Array(4).fill(IGNORED);
    const terms = [ce, { ...ce, classWeights, normalise: 'weights' } as const, focal, dice, tversky];
    const [loss, gradient] = tf.tidy(() => {
      const { value, gradient } = createLoss(kit, { terms }).withGradient(logitsOf(ROWS), nothing, 2);
      return [value.dataSync()[0], [...gradient.dataSync()]];
    });
    expect(loss).toBeCloseTo(0, 6);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });

  it('stays finite where a network is certain, right or wrong', () => {
    const terms: LossTerm[] = [ce, focal, { ...focal, gamma: 0.5 }, dice, tversky];
    const certain = tf.tensor2d([1000, 0, 0, 0, 1000, 0, 0, 0, 1000, 0, 0, 1000], [4, 3]);
    for (const term of terms) {
      const finite = tf.tidy(() => {
        const { value, gradient } = createLoss(kit, { terms: [term] }).withGradient(certain, LABELS, 2);
        return [...value.dataSync(), ...gradient.dataSync()].every(Number.isFinite);
      });
      expect(finite, term.kind).toBe(true);
    }
  });

  it('leaves nothing behind', () => {
    const logits = logitsOf(ROWS);
    const before = tf.memory().numTensors;
    for (const [, terms] of CASES) {
      const loss = createLoss(kit, { terms });
      const { value, gradient } = loss.withGradient(logits, LABELS, 2);
      tf.dispose([value, gradient, loss.value(logits, LABELS, 2)]);
    }
    expect(tf.memory().numTensors).toBe(before);
    logits.dispose();
  });

  it.each<[LossTerm[], RegExp]>([
    [[], /no term/],
    [[{ ...ce, classWeights: [1, 2] }], /2 class weights for 3 classes/],
    [[{ ...ce, classWeights: [1, -2, 1] }], /weight of class 1 is -2/],
    [[{ ...ce, classWeights: [1, Number.NaN, 1] }], /weight of class 1 is NaN/],
    [[{ ...ce, classWeights: [0, 0, 0] }], /every class weight is 0/],
    [[{ ...ce, weight: Number.POSITIVE_INFINITY }], /its weight in the loss is Infinity/],
    [[{ ...focal, gamma: -1 }], /gamma is -1/],
    [[{ ...dice, smooth: 0 }], /smooth is 0/],
    [[{ ...tversky, beta: -1 }], /beta is -1/],
  ])('refuses %j', (terms, message) => {
    expect(() => createLoss(kit, { terms })).toThrow(message);
  });
});
