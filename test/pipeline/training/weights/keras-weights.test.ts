import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, test } from 'vitest';
import { UsageError, WorkError } from '../../../../src/pipeline/errors.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import type { NamedTensor } from '../../../../src/pipeline/training/trainer.js';
import { encoderWeights } from '../../../../src/pipeline/training/weights/encoder-weights.js';
import { readKerasWeights } from '../../../../src/pipeline/training/weights/keras-weights.js';

/** Made by Keras: fixtures/keras/make.py. */
const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/keras/${name}`, import.meta.url));
const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as Record<string, Plain[]>;
type Plain = { name: string; shape: number[]; values: number[] };

const plain = (tensors: readonly NamedTensor[]): Plain[] =>
  tensors.map(({ name, shape, values }) => ({ name, shape: [...shape], values: [...values] })).sort(byName);
const byName = (a: Plain, b: Plain) => (a.name < b.name ? -1 : 1);

const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-weights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const noDownload = { signal: new AbortController().signal, onBytes: () => {} };

describe('weights by the names of layers', () => {
  it.each([
    ['a model that Keras 3 saved', 'saved.h5', 'encoder'],
    ['weights of Keras 2, with its suffixes', 'keras2.h5', 'encoder'],
    ['a list of layers that Keras 2 cut into pieces', 'pieces.h5', 'encoder'],
    ['a model within a model', 'nested.h5', 'nested'],
  ])('%s', async (_, file, key) => {
    expect(plain(await readKerasWeights(fixture(file)))).toEqual([...expected[key]].sort(byName));
  });
});

describe('other files are said to be so', () => {
  it.each([
    [
      'keras3.weights.h5',
      /keras3\.weights\.h5 is of Keras 3's \.weights\.h5.*write one with model\.save\('FILE\.h5'\)/,
    ],
    ['data.h5', /data\.h5 holds no weights of Keras: it has images in it/],
    ['integers.h5', /weight conv1_conv\/kernel is of type "<i", not of floating point/],
    ['not-finite.h5', /weight conv1_conv\/kernel holds Infinity among its 3 values/],
    ['expected.json', /expected\.json is no HDF5 file/],
  ])('%s', async (file, message) => {
    const reading = readKerasWeights(fixture(file));
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(WorkError);
  });

  it('a file that is not there, and a folder, are wrong calls', async () => {
    await expect(readKerasWeights(path.join(folder, 'none.h5'))).rejects.toThrow(UsageError);
    await expect(readKerasWeights(folder)).rejects.toThrow(/is a folder/);
  });
});

describe('a damaged file', () => {
  const whole = readFileSync(fixture('saved.h5'));
  const tryBytes = async (bytes: Uint8Array) => {
    const file = path.join(folder, 'damaged.h5');
    writeFileSync(file, bytes);
    return readKerasWeights(file).then(
      () => null,
      (error: unknown) => error as Error,
    );
  };

  it('that is cut short is an error that names it, wherever the cut is', async () => {
    for (let length = 0; length < whole.length; length += 997) {
      const error = await tryBytes(whole.subarray(0, length));
      expect(error, `${length} bytes`).toBeInstanceOf(WorkError);
      expect(error?.message).toMatch(/damaged\.h5 (is no HDF5 file|can't be read as HDF5: \S)/);
    }
  });

  it('with flipped bytes is read or is a WorkError, never anything else', async () => {
    const random = createRandom('flipped weights');
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(whole);
      for (let flips = 0; flips < 4; flips++) bytes[random.integer(8, bytes.length)] ^= 1 << random.integer(0, 8);
      const error = await tryBytes(bytes);
      if (error === null) continue;
      refused++;
      expect(error, `round ${round}: ${error.stack}`).toBeInstanceOf(WorkError);
    }
    expect(refused).toBeGreaterThan(20);
    // What went wrong before leaves nothing behind.
    expect(plain(await readKerasWeights(fixture('saved.h5')))).toEqual([...expected.encoder].sort(byName));
  });
});

test('of a file with more than the encoder, the encoder is taken', async () => {
  const tensors = await encoderWeights(fixture('nested.h5'), noDownload);
  expect(plain(tensors)).toEqual(expected.nested.filter(({ name }) => !name.startsWith('scores/')).sort(byName));
});

test('a file without a ResNet50 names what it has', async () => {
  await expect(encoderWeights(fixture('no-encoder.h5'), noDownload)).rejects.toThrow(
    'no-encoder.h5 holds no ResNet50 by the names of Keras (conv1_conv, ...): its layers are dense',
  );
});
