import { describe, expect, test } from 'vitest';
import type { ClassSpec } from '../../../src/pipeline/dataset/dataset.js';
import { UsageError } from '../../../src/pipeline/errors.js';
import { readAnswer } from '../../../src/pipeline/model/answer.js';
import { isImageAnswer, readGraphAnswer } from '../../../src/pipeline/model/answer-form.js';
import type { ModelCard } from '../../../src/pipeline/model/card.js';
import { readHeat, readHeatForm } from '../../../src/pipeline/model/heat-maps.js';

const spec = (index: number, key: string): ClassSpec => ({ index, key, name: key, aliases: [] });
const THREE = ['healthy', 'covid', 'non-covid'].map((key, index) => spec(index, key));
const TWO = THREE.slice(0, 2);

interface Case {
  card?: ModelCard;
  operator?: string | null;
  classes?: readonly ClassSpec[];
  chosen?: readonly string[];
  type?: string;
}

/** The form of an output whose test image gave `probed`. */
function form(
  probed: readonly number[],
  { card = {}, operator = null, classes = THREE, chosen = [], type }: Case = {},
) {
  const origin = Object.fromEntries(Object.keys(card).map((key) => [key, 'the card']));
  const dims = [1, probed.length];
  const output = { name: 'y', type: type ?? 'float32', shape: dims };
  const notes: string[] = [];
  const question = { model: 'net.onnx', output, operator, layout: 'NCHW' as const, reading: { card, origin } };
  const values = { data: type === 'uint8' ? Uint8Array.from(probed) : Float64Array.from(probed), words: 1 as const };
  const probe = { dims, type: output.type, values, batch: 1, width: 8, height: 8 };
  return { ...readGraphAnswer({ ...question, dataset: { classes, chosen } }, probe, notes), notes };
}

/** Label and probabilities of one answer. */
function answer(values: readonly number[], given: Case = {}) {
  const { labels, maxProbability, ...rest } = readAnswer(
    form(values, given),
    { data: Float64Array.from(values), words: 1 },
    0,
  );
  return { label: labels[0], probabilities: maxProbability, ...rest };
}

const close = (values: readonly (number | null)[]) =>
  values.map((value) => (value === null ? null : expect.closeTo(value, 12)));
const softmax = (logits: readonly number[]) => {
  const sum = logits.reduce((total, z) => total + Math.exp(z), 0);
  return logits.map((z) => Math.exp(z) / sum);
};

test('an answer about a whole image: two dimensions, or a map of one pixel of a picture of more', () => {
  const of = (dims: number[], side = 8) => isImageAnswer({ dims, width: side, height: side });
  expect([of([1, 4]), of([1, 1, 1, 4]), of([1, 4, 1, 1])]).toEqual([true, true, true]);
  expect([of([1, 4, 2, 2]), of([1, 4, 1, 1], 1), of([1, 4, 8])]).toEqual([false, false, false]);
});

describe('what the values are', () => {
  test.each([
    ['a softmax by its graph', [0.2, 0.5, 0.3], { operator: 'Softmax' }, 'softmax'],
    ['a softmax by its sum', [0.2, 0.5, 0.3], {}, 'softmax'],
    ['values in 0..1 that sum to something else', [0.2, 0.5, 0.2], {}, 'logits'],
    ['logits', [4, -1, 0], {}, 'logits'],
    ['sigmoids by the graph', [0.2, 0.5, 0.2], { operator: 'Sigmoid' }, 'sigmoid'],
    ['one a class but the first', [0.2, 0.5], {}, 'sigmoid'],
    ['such logits', [-2, 0.5], {}, 'sigmoid-logits'],
    ['one logit, as the card says', [0.5], { card: { output: 'logits', classes: ['covid'] } }, 'sigmoid-logits'],
  ] as const)('%s', (_, values, given, kind) => expect(form(values, given as Case).kind).toBe(kind));
});

describe('probabilities', () => {
  test('a softmax as it is', () => {
    expect(answer([0.2, 0.5, 0.3])).toMatchObject({ label: 1, probabilities: [0.2, 0.5, 0.3], sumError: 0 });
  });
  test('logits', () =>
    expect(answer([1, 0, -2])).toMatchObject({ label: 0, probabilities: close(softmax([1, 0, -2])) }));
  test('the card’s order, and a class that the model does not know', () => {
    const card = { classes: ['covid', 'healthy'] };
    expect(answer([0.7, 0.3], { card, operator: 'Softmax' })).toMatchObject({
      label: 1,
      probabilities: [0.3, 0.7, null],
    });
  });
  test('exclusive values of one class are added', () => {
    const card = { classes: ['healthy', 'non-covid', 'non-covid', 'covid'] };
    const { label, probabilities } = answer([0.4, 0.25, 0.25, 0.1], { card });
    expect([label, probabilities]).toEqual([2, close([0.4, 0.1, 0.5])]);
  });
  test('one sigmoid answers for both of two classes', () => {
    expect(answer([0.8], { classes: TWO })).toMatchObject({ label: 1, probabilities: [expect.closeTo(0.2, 12), 0.8] });
    expect(answer([0.5], { classes: TWO })).toMatchObject({ label: 0, probabilities: [0.5, 0.5] });
  });
  test('and for one of three it knows no more', () => {
    const given = { chosen: ['covid'], operator: 'Sigmoid' };
    expect(answer([0.8], given)).toMatchObject({ label: 1, probabilities: [null, 0.8, null], sumError: null });
    expect(answer([0.4], given)).toMatchObject({ label: 0 });
  });
  test('8-bit values are shares of 255', () => {
    const values = [51, 153, 51];
    const given = { card: { output: 'softmax' as const }, type: 'uint8' };
    const output = readAnswer(form(values, given), { data: Uint8Array.from(values), words: 1 }, 0);
    expect(output.maxProbability).toEqual(close([0.2, 0.6, 0.2]));
  });
  test('a value that is no number is no answer', () => {
    const output = readAnswer(form([0.2, 0.5, 0.3]), { data: Float64Array.of(0.2, Number.NaN, 0.3), words: 1 }, 0);
    expect(output).toMatchObject({ nonFinite: true, maxProbability: [null, null, null], sumError: null });
  });
  test('each image of a batch has its own', () => {
    const data = Float64Array.of(0.2, 0.5, 0.3, 0.9, 0.1, 0);
    expect(readAnswer(form([0.2, 0.5, 0.3]), { data, words: 1 }, 1).maxProbability).toEqual([0.9, 0.1, 0]);
  });
});

describe('temperature', () => {
  const logits = [2, -1, 0.5];
  const expected = close(softmax(logits.map((z) => z / 2.5)));
  const card = { temperature: 2.5 };
  test('divides logits', () => expect(answer(logits, { card }).probabilities).toEqual(expected));
  test('gives the same from probabilities', () => {
    expect(answer(softmax(logits), { card }).probabilities).toEqual(expected);
  });
  test('leaves 0 at 0 and 1 at 1', () => expect(answer([0, 1, 0], { card }).probabilities).toEqual([0, 1, 0]));
  test('divides a sigmoid’s logit', () => {
    const given = { classes: TWO, card };
    const p = 1 / (1 + Math.exp(-3 / 2.5));
    expect(answer([1 / (1 + Math.exp(-3))], given).probabilities).toEqual(close([1 - p, p]));
    expect(answer([3], given).probabilities).toEqual(close([1 - p, p]));
  });
});

describe('the class that an image is told to be', () => {
  const label = (values: number[], decide: Record<string, number>, more: Case = {}) =>
    answer(values, { ...more, card: { decide, ...more.card } }).label;
  test('the first of equals', () => expect(answer([0.4, 0.4, 0.2]).label).toBe(0));
  test('one that reaches its own probability', () => {
    expect(label([0.5, 0.31, 0.19], { covid: 0.31 })).toBe(1);
    expect(label([0.5, 0.3, 0.2], { covid: 0.31 })).toBe(0);
  });
  test('of several the one that is the most times its own', () => {
    expect(label([0.2, 0.3, 0.5], { covid: 0.1, 'non-covid': 0.3 })).toBe(1);
  });
  test('else the most probable of the others, however probable it is itself', () => {
    expect(label([0.2, 0.7, 0.1], { covid: 0.8 })).toBe(0);
  });
  test('the most probable of all where each has its own and none reaches it', () => {
    expect(label([0.2, 0.3, 0.5], { healthy: 0.9, covid: 0.9, 'non-covid': 0.9 })).toBe(2);
  });
  test('sigmoids by the threshold', () => {
    expect(label([0.3, 0.6], { covid: 0.31 }, { operator: 'Sigmoid' })).toBe(2);
    expect(label([0.35, 0.4], { covid: 0.3 }, { operator: 'Sigmoid' })).toBe(1);
    expect(label([0.2, 0.4], { covid: 0.3 }, { operator: 'Sigmoid' })).toBe(0);
    expect(label([0.2, 0.4], {}, { operator: 'Sigmoid', card: { threshold: 0.3 } })).toBe(2);
  });
});

describe('refused before the first image', () => {
  test.each([
    [
      'another number of classes',
      [0.2, 0.3, 0.5, 0],
      {},
      /4 values an image \(softmax\).*images have 3 classes.*expected 3/,
    ],
    ['a class order of another length', [0.2, 0.3, 0.5], { card: { classes: ['covid'] } }, /names 1 class \(covid\)/],
    ['a class that is none', [0.2, 0.3, 0.5], { card: { classes: ['a', 'b', 'c'] } }, /unknown class "a"/],
    ['one value for any of three classes', [0.2], {}, /gives one value an image.*say which class.*classes=covid/],
    ['a softmax of one value', [1], { operator: 'Softmax' }, /always 1/],
    ['labels', [2], { operator: 'ArgMax', type: 'int32' }, /labels alone/],
    ['the card against the graph', [0.2, 0.3, 0.5], { operator: 'Softmax', card: { output: 'sigmoid' } }, /"softmax"/],
    ['a softmax that sums to something else', [0.2, 0.3, 0.1], { card: { output: 'softmax' } }, /don't sum to 1/],
    [
      'a decision about no class',
      [0.2, 0.3, 0.5],
      { card: { decide: { flu: 0.2 } } },
      /"flu" in "decide" of net\.onnx/,
    ],
    [
      'a decision about a class that the model does not know',
      [0.2, 0.8],
      { operator: 'Softmax', card: { classes: ['healthy', 'covid'], decide: { 'non-covid': 0.2 } } },
      /"decide" names non-covid, and the model gives no probability of it/,
    ],
  ] as const)('%s', (_, values, given, message) => {
    expect(() => form(values, given as Case)).toThrow(UsageError);
    expect(() => form(values, given as Case)).toThrow(message);
  });
});

test('notes say what is assumed and where the rest comes from', () => {
  const card = { temperature: 2, decide: { covid: 0.3 } };
  expect(form([0.2, 0.5, 0.3], { card, operator: 'Softmax' }).notes).toEqual([
    'classifier: softmax from the graph (Softmax)',
    "classes healthy, covid, non-covid from the dataset's order: assumed",
    'temperature 2 from the card',
    'decides covid from 0.3 by the card',
  ]);
});

describe('heat maps', () => {
  const read = (dims: number[], data: number[], of: ReturnType<typeof form>, layout: 'NCHW' | 'NHWC' = 'NCHW') => {
    const heat = readHeatForm('net.onnx', { name: 'heat', type: 'float32', dims }, dims[0], of, layout);
    return readHeat(heat, of, { data: Float32Array.from(data), words: 1 }, dims[0] - 1);
  };
  const of = form([0.2, 0.8], { operator: 'Softmax', card: { classes: ['covid', 'healthy'] } });

  test('channels last, of the second image of a batch, by the dataset’s classes', () => {
    const { width, height, values } = read([2, 1, 3, 2], [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6], of);
    expect([width, height]).toEqual([3, 1]);
    expect(Array.from(values)).toEqual([2, 4, 6, 1, 3, 5, 0, 0, 0]);
  });
  test('channels first', () => {
    expect(Array.from(read([1, 2, 1, 3], [1, 2, 3, 4, 5, 6], of).values)).toEqual([4, 5, 6, 1, 2, 3, 0, 0, 0]);
  });
  test('where both axes fit, as the input has it', () => {
    expect(Array.from(read([1, 2, 1, 2], [1, 2, 3, 4], of, 'NCHW').values).slice(0, 4)).toEqual([3, 4, 1, 2]);
    expect(Array.from(read([1, 2, 1, 2], [1, 2, 3, 4], of, 'NHWC').values).slice(0, 4)).toEqual([2, 4, 1, 3]);
  });
  test('what speaks for one of two classes speaks against the other', () => {
    expect(Array.from(read([1, 1, 2, 1], [1, -2], form([0.8], { classes: TWO })).values)).toEqual([-1, 2, 1, -2]);
  });
  test('of two values for a class the higher', () => {
    const double = form([0.2, 0.3, 0.5], { card: { classes: ['covid', 'covid', 'healthy'] } });
    expect(Array.from(read([1, 1, 2, 3], [-1, -2, 9, 3, 4, 9], double).values).slice(2, 4)).toEqual([-1, 4]);
  });
  test('another number of maps is refused', () => {
    expect(() => read([1, 4, 4, 3], [], of)).toThrow(
      /heat float32 \[1,4,4,3\] as heat maps: a map for each of its 2 answers/,
    );
  });
});
