import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDeviceReduce } from '../../../../src/pipeline/engines/tfjs/reduce-on-device.js';
import type { Tensor } from '../../../../src/pipeline/engines/tfjs/tf.js';
import type { OutputForm } from '../../../../src/pipeline/model/output-form.js';
import { createReduce } from '../../../../src/pipeline/model/reduce.js';
import { seeded } from '../../../oracle/random.js';
import { startWasm } from './backend.js';

const tf = await startWasm();
const FORM: OutputForm = {
  model: 'net',
  kind: 'softmax',
  layout: 'NHWC',
  width: 3,
  height: 2,
  channels: 3,
  codes: Uint8Array.of(0, 1, 2),
  known: [true, true, true],
  threshold: 0.5,
  unit: 1,
};

let before = 0;
/** How often all values were brought over. */
let reads = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
  reads = 0;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

async function reduce(form: OutputForm, values: Float32Array | Int32Array, count: number, fed = count) {
  const { width, height, channels, layout, kind } = form;
  const dims =
    kind === 'labels' ? [height, width] : layout === 'NHWC' ? [height, width, channels] : [channels, height, width];
  const tensor = tf.tensor(values, [fed, ...dims], kind === 'labels' ? 'int32' : 'float32');
  const read = async (output: Tensor) => {
    reads++;
    return { data: (await output.data()) as Float32Array, words: 1 } as const;
  };
  try {
    return await createDeviceReduce(tf, form, read)(tensor, count);
  } finally {
    tensor.dispose();
  }
}

describe('labels worked out by hand', () => {
  const one = { ...FORM, width: 1, height: 1 };
  const label = async (form: OutputForm, ...values: number[]) =>
    (await reduce(form, Float32Array.from(values), 1))[0].labels[0];

  test('the first of equals', async () => {
    expect(await label(one, 0.2, 0.4, 0.4)).toBe(1);
    expect(await label(one, 0.4, 0.2, 0.4)).toBe(0);
    expect(await label(one, -0, 0, -0)).toBe(0);
    const many = { ...one, kind: 'logits', channels: 40, codes: Uint8Array.from({ length: 40 }, (_, i) => i) } as const;
    const known = Array.from({ length: 40 }, () => true);
    // The highest value stands in channels 7, 33 and 39.
    const values = Array.from({ length: 40 }, (_, c) => (c === 7 || c === 33 || c === 39 ? 2.5 : c / 40));
    expect(await label({ ...many, known }, ...values)).toBe(7);
  });

  test('a sigmoid class is predicted above its threshold, not at it; else background', async () => {
    const two: OutputForm = {
      ...one,
      kind: 'sigmoid',
      channels: 2,
      codes: Uint8Array.of(1, 2),
      known: [false, true, true],
    };
    expect(await label(two, 0.5, 0.2)).toBe(0);
    expect(await label(two, 0.5000001, 0.2)).toBe(1);
    expect(await label({ ...two, threshold: 0.9 }, 0.6, 0.91)).toBe(2);
    expect(await label({ ...two, kind: 'sigmoid-logits' }, -0.001, 0)).toBe(0);
    expect(await label({ ...two, kind: 'sigmoid-logits' }, -0.001, 0.001)).toBe(2);
  });

  test('logits: the highest softmax probability, however large they are', async () => {
    const [output] = await reduce({ ...one, kind: 'logits' }, Float32Array.of(1000, 1001, 999), 1);
    const sum = Math.exp(-1) + 1 + Math.exp(-2);
    expect(output.maxProbability).toEqual([Math.exp(-1), 1, Math.exp(-2)].map((e) => expect.closeTo(e / sum, 6)));
  });
});

describe('what createReduce says', () => {
  const random = seeded(7);
  const COUNT = 3;
  const forms: [string, Partial<OutputForm>][] = [
    ['softmax', {}],
    ['softmax, channels first', { layout: 'NCHW' }],
    ['two channels for one class', { codes: Uint8Array.of(0, 2, 2), known: [true, false, true] }],
    ['logits', { kind: 'logits' }],
    ['logits, channels first', { kind: 'logits', layout: 'NCHW' }],
    ['sigmoid', { kind: 'sigmoid', threshold: 0.4 }],
    [
      'sigmoid logits of one channel',
      { kind: 'sigmoid-logits', channels: 1, codes: Uint8Array.of(2), known: [false, false, true] },
    ],
  ];
  test.each(forms)('%s, values with ties', async (_, change) => {
    const form = { ...FORM, width: 7, height: 5, ...change };
    for (let round = 0; round < 20; round++) {
      // Tenths: equal values are common.
      const values = Float32Array.from(
        { length: COUNT * 35 * form.channels },
        () => Math.floor(random.next() * 11) / 10 - (form.kind.includes('logits') ? 0.5 : 0),
      );
      const plain = createReduce(form);
      const expected = Array.from({ length: COUNT }, (_, i) => plain({ data: values, words: 1 }, i));
      for (const [i, output] of (await reduce(form, values, COUNT)).entries()) {
        const close = expected[i].maxProbability.map((p) => (p === null ? null : expect.closeTo(p, 5)));
        const sumError = expected[i].sumError === null ? null : expect.closeTo(expected[i].sumError, 5);
        expect(output).toEqual({ ...expected[i], maxProbability: close, sumError });
      }
    }
    expect(reads).toBe(0);
  });

  test('NaN and infinities: all is brought over, and nothing is left on the device', async () => {
    for (const poison of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const values = Float32Array.from({ length: 36 }, (_, i) => (i === 20 ? poison : i / 40));
      const plain = createReduce(FORM);
      const outputs = await reduce(FORM, values, 2);
      expect(outputs).toEqual([0, 1].map((i) => plain({ data: values, words: 1 }, i)));
      expect(outputs.map(({ nonFinite }) => nonFinite)).toEqual([false, true]);
    }
    expect(reads).toBe(3);
  });

  test('a map of labels', async () => {
    const values = Int32Array.of(0, 1, 2, 2, 1, 0);
    const [output] = await reduce({ ...FORM, kind: 'labels', channels: 1 }, values, 1);
    expect(output).toMatchObject({ labels: Uint8Array.of(0, 1, 2, 2, 1, 0), maxProbability: [null, null, null] });
  });
});

test('the same in every pixel is constant, image by image', async () => {
  const flat = Array.from({ length: 6 }, () => [0.1, 0.7, 0.2]).flat();
  const almost = [...flat.slice(0, -1), 0.2000001];
  const outputs = await reduce(FORM, Float32Array.from([...flat, ...almost]), 2);
  expect(outputs.map(({ constant }) => constant)).toEqual([true, false]);
});

test('how far a pixel of a softmax is from the sum 1, image by image', async () => {
  const pixels = (last: number) => [...Array.from({ length: 5 }, () => [0.1, 0.7, 0.2]), [0.1, 0.7, last]].flat();
  const outputs = await reduce(FORM, Float32Array.from([...pixels(0.2), ...pixels(0.05), ...pixels(0.6)]), 3);
  expect(outputs.map(({ sumError }) => sumError)).toEqual([0, 0.15, 0.4].map((error) => expect.closeTo(error, 5)));
  const [sigmoid] = await reduce({ ...FORM, kind: 'sigmoid' }, Float32Array.from(pixels(0.2)), 1);
  expect(sigmoid.sumError).toBeNull();
});

test('places without an image of a fixed batch are not looked at', async () => {
  const values = Float32Array.from({ length: 36 }, (_, i) => (i < 18 ? i / 20 : Number.NaN));
  const outputs = await reduce(FORM, values, 1, 2);
  expect(outputs).toHaveLength(1);
  expect([outputs[0].nonFinite, reads]).toEqual([false, 0]);
});
