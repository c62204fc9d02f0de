import { describe, expect, test } from 'vitest';
import type { ModelOutput } from '../../../src/pipeline/engines/engine.js';
import { WorkError } from '../../../src/pipeline/errors.js';
import type { OutputKind } from '../../../src/pipeline/model/card.js';
import type { OutputForm } from '../../../src/pipeline/model/output-form.js';
import { createReduce, type OutputValues } from '../../../src/pipeline/model/reduce.js';
import { floorToFloat } from '../../../src/pipeline/model/strongest-vectors.js';

/** A generator of its own, so that the tests share nothing with the code (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function formOf(part: Partial<OutputForm> & { kind: OutputKind }): OutputForm {
  const channels = part.channels ?? 4;
  const codes = part.codes ?? Uint8Array.from({ length: channels }, (_, c) => c);
  const classes = Math.max(...codes) + 1;
  const known = Array.from({ length: classes }, (_, index) => codes.includes(index));
  const base = { model: 'net', layout: 'NCHW' as const, width: 5, height: 3, channels, codes, known };
  return { ...base, threshold: 0.5, unit: 1, ...part, codes };
}

/** The definition, written down pixel by pixel. `at(channel, pixel)` is the raw value. */
function oracle(at: (channel: number, pixel: number) => number, form: OutputForm): ModelOutput {
  const { width, height, channels, kind, codes, threshold, unit } = form;
  const labels = new Uint8Array(width * height);
  const maxProbability: (number | null)[] = form.known.map(() => null);
  let constant = true;
  let nonFinite = false;
  let sumError = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const raw = Array.from({ length: channels }, (_, c) => at(c, pixel));
    if (raw.some((v) => !Number.isFinite(v))) nonFinite = true;
    if (raw.some((v, c) => v !== at(c, 0))) constant = false;
    let probability = raw.map((v) => v * unit);
    const error = Math.abs(probability.reduce((sum, p) => sum + p, 0) - 1);
    if (Number.isFinite(error)) sumError = Math.max(sumError, error);
    if (kind === 'sigmoid-logits') probability = raw.map((v) => 1 / (1 + Math.exp(-v)));
    if (kind === 'logits') {
      const top = Math.max(...raw);
      const exps = raw.map((v) => Math.exp(v - top));
      probability = exps.map((v) => v / exps.reduce((sum, e) => sum + e, 0));
    }
    const numbers = raw.map((v, c) => ({ v, c })).filter(({ v }) => !Number.isNaN(v));
    const best = numbers.reduce<{ v: number; c: number } | null>((a, b) => (a === null || b.v > a.v ? b : a), null);
    const counts = best !== null && (!kind.startsWith('sigmoid') || probability[best.c] > threshold);
    labels[pixel] = counts ? codes[(best as { c: number }).c] : 0;
    for (let c = 0; c < channels; c++) {
      if (!Number.isFinite(probability[c]) || (kind === 'logits' && raw.some((v) => !Number.isFinite(v)))) continue;
      maxProbability[codes[c]] = Math.max(maxProbability[codes[c]] ?? 0, probability[c]);
    }
  }
  return { width, height, labels, maxProbability, constant, nonFinite, sumError: kind === 'softmax' ? sumError : null };
}

function values(at: (channel: number, pixel: number) => number, form: OutputForm, images = 1, Type = Float32Array) {
  const size = form.width * form.height;
  const data = new Type(images * size * form.channels).fill(3);
  for (let pixel = 0; pixel < size; pixel++) {
    for (let c = 0; c < form.channels; c++) {
      const place = form.layout === 'NCHW' ? c * size + pixel : pixel * form.channels + c;
      data[(images - 1) * size * form.channels + place] = at(c, pixel);
    }
  }
  return { data, words: 1 } as OutputValues;
}

function compare(at: (channel: number, pixel: number) => number, form: OutputForm, digits: number, images = 1): void {
  const expected = oracle(at, form);
  const seen = createReduce(form)(values(at, form, images), images - 1);
  const { maxProbability, sumError, ...rest } = seen;
  expect(rest).toEqual({ ...expected, maxProbability: undefined, sumError: undefined });
  expect(sumError).toEqual(expected.sumError === null ? null : expect.closeTo(expected.sumError, digits));
  expect(maxProbability).toEqual(expected.maxProbability.map((p) => (p === null ? null : expect.closeTo(p, digits))));
}

const KINDS = ['softmax', 'logits', 'sigmoid', 'sigmoid-logits'] as const;

describe.each(KINDS)('%s against the definition', (kind) => {
  test.each(['NCHW', 'NHWC'] as const)('%s, random values of many sizes', (layout) => {
    const next = random(kind.length * 31 + layout.length);
    for (let round = 0; round < 120; round++) {
      const channels = kind.startsWith('sigmoid') ? 1 + Math.floor(next() * 5) : 2 + Math.floor(next() * 5);
      const [width, height] = [1 + Math.floor(next() * 23), 1 + Math.floor(next() * 9)];
      // Coarse values make ties; steep ones saturate.
      const grain = next() < 0.3 ? 4 : 4096;
      const spread = next() < 0.3 ? 60 : 6;
      const table = Float32Array.from({ length: channels * width * height }, () => {
        const v = Math.floor(next() * grain) / grain;
        return kind.endsWith('logits') ? (v - 0.5) * spread : v;
      });
      const at = (c: number, pixel: number) => table[pixel * channels + c];
      const reversed = Uint8Array.from({ length: channels }, (_, c) => channels - 1 - c);
      const codes = next() < 0.5 ? undefined : reversed;
      const threshold = [0.5, 0.3, 0.9][Math.floor(next() * 3)];
      // Softmax is worked out in 32-bit floats, as in a graph that ends in one.
      const digits = kind === 'logits' ? 6 : 12;
      compare(
        at,
        formOf({ kind, layout, width, height, channels, codes, threshold }),
        digits,
        1 + Math.floor(next() * 3),
      );
    }
  });

  test('a constant output is said to be one, and one that differs in its last value isn’t', () => {
    const form = formOf({ kind });
    compare((c) => 0.125 + c / 8, form, 6);
    expect(
      createReduce(form)(
        values((c) => 0.125 + c / 8, form),
        0,
      ).constant,
    ).toBe(true);
    const last = (c: number, pixel: number) => (c === 3 && pixel === 14 ? 0.5 : 0.1);
    expect(createReduce(form)(values(last, form), 0).constant).toBe(false);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d anywhere is seen', (bad) => {
    for (const layout of ['NCHW', 'NHWC'] as const) {
      for (const [channel, place] of [
        [0, 0],
        [3, 14],
        [1, 7],
      ]) {
        const form = formOf({ kind, layout });
        const at = (c: number, pixel: number) =>
          c === channel && pixel === place ? bad : Math.fround(((c * 7 + pixel * 3) % 11) / 11);
        if (bad !== Number.POSITIVE_INFINITY || kind !== 'sigmoid-logits') compare(at, form, 12);
        expect(createReduce(form)(values(at, form), 0).nonFinite).toBe(true);
      }
    }
  });
});

test('the first of equal channels wins', () => {
  const form = formOf({ kind: 'softmax', width: 2, height: 1 });
  const at = (c: number, pixel: number) => [[0.1, 0.4, 0.4, 0.1][c], 0.25][pixel];
  expect(Array.from(createReduce(form)(values(at, form), 0).labels)).toEqual([1, 0]);
});

test('nothing but NaN is background, with no probability', () => {
  const form = formOf({ kind: 'softmax', channels: 2, codes: Uint8Array.of(3, 1) });
  const output = createReduce(form)(
    values(() => Number.NaN, form),
    0,
  );
  expect(output.labels.every((label) => label === 0)).toBe(true);
  expect(output.maxProbability).toEqual([null, null, null, null]);
  expect(output).toMatchObject({ nonFinite: true, constant: false });
});

// numpy: exp(x - max) / sum for x = 0.2, -1.5, 3.0, 0.7.
test('softmax probabilities of logits are those of numpy', () => {
  const form = formOf({ kind: 'logits', width: 1, height: 1 });
  const output = createReduce(form)({ data: Float64Array.of(0.2, -1.5, 3.0, 0.7), words: 1 }, 0);
  expect(output.maxProbability).toEqual(
    [0.051877844203925716, 0.009477227399431883, 0.8531128231795627, 0.08553210521707968].map((p) =>
      expect.closeTo(p, 14),
    ),
  );
});

test('small probabilities keep their digits in 32-bit floats', () => {
  const form = formOf({ kind: 'logits', channels: 3, width: 1, height: 1 });
  for (let low = 0; low > -86; low -= 0.37) {
    const logit = Math.fround(low);
    const [, second] = createReduce(form)({ data: Float32Array.of(0, logit, -200), words: 1 }, 0).maxProbability;
    expect((second as number) / (Math.exp(logit) / (1 + Math.exp(logit)))).toBeCloseTo(1, 6);
  }
});

test('a threshold is passed by what is above it, also where it is no 32-bit float', () => {
  const form = formOf({ kind: 'sigmoid', channels: 1, codes: Uint8Array.of(2), width: 3, height: 1, threshold: 0.3 });
  const under = floorToFloat(0.3);
  const over = Math.fround(0.3);
  expect([under < 0.3, over > 0.3]).toEqual([true, true]);
  const output = createReduce(form)({ data: Float32Array.of(under, over, 0.1), words: 1 }, 0);
  expect(Array.from(output.labels)).toEqual([0, 2, 0]);
  const half = createReduce({ ...form, threshold: 0.5 })({ data: Float32Array.of(0.5, 0.50001, 0.4), words: 1 }, 0);
  expect(Array.from(half.labels)).toEqual([0, 2, 0]);
});

test('floorToFloat is the largest float that isn’t above', () => {
  const next = random(5);
  for (let i = 0; i < 2000; i++) {
    const x = (next() - 0.5) * 10 ** Math.floor(next() * 20 - 10);
    const below = floorToFloat(x);
    const up = Float32Array.of(below);
    const bits = new Int32Array(up.buffer);
    bits[0] += below < 0 ? -1 : 1;
    expect(below <= x && up[0] > x, `${x}`).toBe(true);
  }
  expect(floorToFloat(-1e-50)).toBe(-(2 ** -149));
  expect(floorToFloat(1e-50)).toBe(0);
});

test('several channels of one class: the strongest of them is its probability', () => {
  const form = formOf({ kind: 'softmax', width: 2, height: 1, codes: Uint8Array.of(0, 1, 1, 1) });
  const at = (c: number, pixel: number) => [[0.4, 0.2, 0.3, 0.1][c], [0.1, 0.1, 0.2, 0.6][c]][pixel];
  const output = createReduce(form)(values(at, form), 0);
  expect(Array.from(output.labels)).toEqual([0, 1]);
  expect(output.maxProbability).toEqual([expect.closeTo(0.4, 6), expect.closeTo(0.6, 6)]);
});

test('8-bit probabilities are of 255', () => {
  const form = formOf({ kind: 'softmax', width: 1, height: 1, channels: 2, unit: 1 / 255 });
  const output = createReduce(form)({ data: Uint8Array.of(51, 204), words: 1 }, 0);
  expect(output).toMatchObject({ labels: Uint8Array.of(1), maxProbability: [expect.closeTo(0.2, 12), 0.8] });
});

describe('label maps', () => {
  const form = formOf({ kind: 'labels', channels: 1, codes: Uint8Array.of(0, 3, 2), width: 3, height: 1 });
  test('values become classes, without probabilities', () => {
    expect(createReduce(form)({ data: Uint8Array.of(9, 9, 9, 2, 1, 0), words: 1 }, 1)).toMatchObject({
      labels: Uint8Array.of(2, 3, 0),
      maxProbability: [null, null, null, null],
      constant: false,
      nonFinite: false,
    });
  });
  test('64-bit integers come as pairs of words', () => {
    const words = new Int32Array(BigInt64Array.of(1n, 2n, 0n).buffer);
    expect(Array.from(createReduce(form)({ data: words, words: 2 }, 0).labels)).toEqual([3, 2, 0]);
  });
  test.each([
    [3n, '3'],
    [-1n, '-1'],
    [2n ** 40n, '1099511627776'],
  ])('%s stands for no class', (value, said) => {
    const words = new Int32Array(BigInt64Array.of(1n, 2n, value).buffer);
    const call = () => createReduce(form)({ data: words, words: 2 }, 0);
    expect(call).toThrow(WorkError);
    expect(call).toThrow(`net gives label ${said}, and its classes are 0 to 2`);
  });
  test('fractions are refused, NaN is background and said', () => {
    expect(() => createReduce(form)({ data: Float32Array.of(0, 0.5, 1), words: 1 }, 0)).toThrow('label 0.5');
    expect(createReduce(form)({ data: Float32Array.of(1, Number.NaN, 2), words: 1 }, 0)).toMatchObject({
      labels: Uint8Array.of(3, 0, 2),
      nonFinite: true,
    });
  });
});
