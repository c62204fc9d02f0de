import { describe, expect, test } from 'vitest';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import type { ClassSpec } from '../../../src/pipeline/dataset/dataset.js';
import { UsageError } from '../../../src/pipeline/errors.js';
import type { ModelCard } from '../../../src/pipeline/model/card.js';
import { readGraphOutput } from '../../../src/pipeline/model/graph-output.js';
import type { Values } from '../../../src/pipeline/model/strongest.js';

const FOUR = COVID_QU_EX_CLASSES.infection;
const LUNG = COVID_QU_EX_CLASSES.lung;

interface Case {
  dims: number[];
  /** Value of flat position i; 0 unless told. */
  at?: (i: number) => number;
  operator?: string | null;
  type?: string;
  card?: ModelCard;
  classes?: readonly ClassSpec[];
  chosen?: string[];
  layout?: 'NCHW' | 'NHWC';
  batch?: number;
}

function read({ dims, at = () => 0, type = 'float32', card = {}, ...rest }: Case) {
  const { operator = null, classes = FOUR, chosen = [], layout = 'NCHW', batch = 1 } = rest;
  const notes: string[] = [];
  const origin = Object.fromEntries(Object.keys(card).map((key) => [key, 'the card']));
  const length = dims.reduce((product, dim) => product * dim, 1);
  const numbers = Array.from({ length }, (_, i) => at(i));
  const data: Values = type === 'uint8' ? Uint8Array.from(numbers) : Float32Array.from(numbers);
  const output = { name: 'y', type, shape: dims };
  const question = { model: 'net.onnx', output, operator, layout, reading: { card, origin } };
  const probe = { dims, type, values: { data, words: 1 as const }, batch, width: 8, height: 6 };
  const form = readGraphOutput({ ...question, dataset: { classes, chosen } }, probe, notes);
  return { ...form, codes: Array.from(form.codes), notes };
}

/** 1 / n for each of n channels of 6 x 8. */
const even = (n: number): Case => ({ dims: [1, n, 6, 8], at: () => 1 / n });
const range = (from: number, to: number) => (i: number) => from + ((i * 7) % 12) * ((to - from) / 11);

describe('where the channels stand', () => {
  test('NCHW', () => expect(read(even(4))).toMatchObject({ layout: 'NCHW', width: 8, height: 6, channels: 4 }));
  test('NHWC behind an NCHW input', () => {
    expect(read({ dims: [1, 3, 4, 4], at: () => 0.25 })).toMatchObject({ layout: 'NHWC', width: 4, height: 3 });
  });
  test('a smaller map', () =>
    expect(read({ dims: [1, 4, 3, 4], at: () => 0.25 })).toMatchObject({ width: 4, height: 3 }));
  test('no channel axis', () => {
    expect(read({ dims: [1, 6, 8], operator: 'ArgMax' })).toMatchObject({ channels: 1, width: 8, height: 6 });
  });
});

describe('what they hold', () => {
  test.each([
    ['Softmax', 'softmax'],
    ['LogSoftmax', 'logits'],
  ])('%s says %s', (operator, kind) => {
    const at = operator === 'Softmax' ? () => 0.25 : () => Math.log(0.25);
    const { kind: seen, notes } = read({ dims: [1, 4, 6, 8], at, operator });
    expect([seen, notes[0]]).toEqual([kind, `${kind} from the graph (${operator})`]);
  });
  test.each<[string, Case, string]>([
    ['sums of 1', even(4), 'softmax'],
    ['within 0 and 1, other sums', { dims: [1, 4, 6, 8], at: range(0, 1) }, 'sigmoid'],
    ['anything else', { dims: [1, 4, 6, 8], at: range(-9, 3) }, 'logits'],
    ['anything else without background', { dims: [1, 3, 6, 8], at: range(-9, 3) }, 'sigmoid-logits'],
    ['one channel within 0 and 1', { dims: [1, 1, 6, 8], at: range(0, 1), chosen: ['lung'] }, 'sigmoid'],
    ['one channel beyond', { dims: [1, 1, 6, 8], at: range(-2, 1), chosen: ['lung'] }, 'sigmoid-logits'],
  ])('%s: guessed, and said so', (_, given, kind) => {
    const { kind: seen, notes } = read(given);
    expect([seen, notes[0]]).toEqual([kind, `${kind} from the first output: guessed`]);
  });
  test('NaN in the test image does not decide', () => {
    expect(read({ dims: [1, 4, 6, 8], at: (i) => (i === 3 ? Number.NaN : 0.25) }).kind).toBe('softmax');
  });
  test('integers are labels; 8-bit ones probabilities where the card says so', () => {
    expect(read({ dims: [1, 1, 6, 8], type: 'uint8' }).kind).toBe('labels');
    const given = { dims: [1, 4, 6, 8], type: 'uint8', at: () => 64, card: { output: 'softmax' as const } };
    expect(read(given)).toMatchObject({ kind: 'softmax', unit: 1 / 255 });
  });
  test('the card names what the graph leaves open', () => {
    const { kind, notes } = read({ dims: [1, 4, 6, 8], at: range(-1, 1), card: { output: 'logits' } });
    expect([kind, notes[0]]).toEqual(['logits', 'logits from the card']);
  });
});

describe('classes', () => {
  test('the dataset’s own, where the number fits', () => expect(read(even(4)).codes).toEqual([0, 1, 2, 3]));
  test('without background', () => {
    expect(read({ dims: [1, 3, 6, 8], at: range(0, 1), operator: 'Sigmoid' })).toMatchObject({
      codes: [1, 2, 3],
      known: [false, true, true, true],
    });
  });
  test('one channel of a dataset of two classes needs no word', () => {
    expect(read({ dims: [1, 1, 6, 8], operator: 'Sigmoid', classes: LUNG }).codes).toEqual([1]);
  });
  test('one channel is for the one class of --class, or of the card', () => {
    const one = { dims: [1, 1, 6, 8], operator: 'Sigmoid' };
    expect(read({ ...one, chosen: ['non-covid'] })).toMatchObject({ codes: [3], known: [false, false, false, true] });
    expect(read({ ...one, chosen: ['lung'], card: { classes: ['covid'] } }).codes).toEqual([2]);
  });
  test('the card’s order, by key, name or alias; several channels may be one class', () => {
    const card = { classes: ['Background', 'non-covid', 'COVID-19', 'lung', 'lungs'] };
    expect(read({ ...even(5), card }).codes).toEqual([0, 3, 2, 1, 1]);
  });
  test('labels of one class are 0 and that class', () => {
    expect(read({ dims: [1, 6, 8], operator: 'ArgMax', card: { classes: ['covid'] } }).codes).toEqual([0, 2]);
  });
});

test.each<[string, Case, RegExp]>([
  [
    'five channels for four classes',
    even(5),
    /gives 5 channels \(softmax\).*has 4 classes.*expected 4; "classes" in net\.onnx/,
  ],
  ['three softmax channels', even(3), /gives 3 channels \(softmax\).*expected 4;/],
  ['two sigmoids', { dims: [1, 2, 6, 8], operator: 'Sigmoid' }, /expected 4, or 3 without background/],
  ['one sigmoid for one of three classes', { dims: [1, 1, 6, 8], operator: 'Sigmoid' }, /which class it is for/],
  [
    'a class order of another length',
    { ...even(4), card: { classes: ['lung', 'covid'] } },
    /4 channels, and its class order names 2 classes \(lung, covid\)/,
  ],
  [
    'an unknown class',
    { ...even(4), card: { classes: ['background', 'lung', 'covdi', 'non-covid'] } },
    /unknown class "covdi".*did you mean "covid"\?; this dataset has background, lung, covid, non-covid/,
  ],
  [
    'softmax where the graph ends in Sigmoid',
    { dims: [1, 4, 6, 8], operator: 'Sigmoid', card: { output: 'softmax' } },
    /the card says output "softmax", and its graph ends in Sigmoid, which is "sigmoid"/,
  ],
  [
    'softmax where values are none',
    { dims: [1, 4, 6, 8], at: range(-3, 5), card: { output: 'softmax' } },
    /softmax \(the card\), and a test image gives values from -3 to 5.*"logits" may be right/,
  ],
  [
    'a softmax over another axis',
    { dims: [1, 4, 6, 8], at: range(0, 1), operator: 'Softmax' },
    /don't sum to 1: the softmax runs over another axis/,
  ],
  [
    'logits that are probabilities',
    { dims: [1, 2, 6, 8], at: (i) => (i < 48 ? 0.3 : 0.7), classes: LUNG, card: { output: 'logits' } },
    /each pixel summing to 1: "softmax" may be right/,
  ],
  [
    'sigmoid beyond 1',
    { dims: [1, 4, 6, 8], at: range(0, 4), card: { output: 'sigmoid' } },
    /sigmoid \(the card\).*"sigmoid-logits" may be right/,
  ],
  ['labels in several channels', { dims: [1, 4, 6, 8], type: 'uint8' }, /one value a pixel/],
  ['no map', { dims: [1, 4] }, /gives y float32 \[1,4\] for 1 image; a map of pixels/],
  ['another batch', { dims: [1, 4, 6, 8], batch: 2 }, /\[1,4,6,8\] for 2 images/],
])('%s: refused before the first image', (_, given, message) => {
  expect(() => read(given)).toThrow(UsageError);
  expect(() => read(given)).toThrow(message);
});
