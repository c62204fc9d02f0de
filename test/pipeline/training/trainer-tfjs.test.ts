import type { Tensor } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import type {
  NamedTensor,
  OptimizerSpec,
  TrainBatch,
  Trainer,
  TrainerOptions,
} from '../../../src/pipeline/training/trainer.js';
import { openTrainer } from '../../../src/pipeline/training/trainer-tfjs.js';
import { layersModel, tf, values } from './backends.js';

const adam: OptimizerSpec = { kind: 'adam', clipNorm: null };
const base: TrainerOptions = {
  architecture: 'small-unet',
  height: 32,
  width: 32,
  channels: 1,
  classes: 3,
  decoder: 'upsample',
  loss: { terms: [{ kind: 'cross-entropy', weight: 1, classWeights: null, normalise: 'pixels' }] },
  optimizer: adam,
  freeze: 'none',
  encoderWeights: null,
  seed: 7,
};

const open: Trainer[] = [];
async function trainer(change: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const opened = await openTrainer(tf, { ...base, ...change });
  open.push(opened);
  return opened;
}
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** Images of a disc (class 1) with a rim (class 2), in noise. */
function discs(count: number, size: number, first = 0): TrainBatch {
  const noise = values(count * size * size, 50 + first);
  const labels = new Uint8Array(noise.length);
  const images = noise.map((value, at) => {
    const image = Math.floor(at / (size * size)) + first;
    const [x, y] = [at % size, Math.floor(at / size) % size];
    const centre = [0.3 + 0.1 * (image % 5), 0.3 + 0.15 * (image % 3)].map((part) => part * size);
    const away = Math.hypot(x - centre[0], y - centre[1]) / size;
    labels[at] = away < 0.15 ? 1 : away < 0.25 ? 2 : 0;
    return [0.1, 0.8, 0.5][labels[at]] + 0.2 * value;
  });
  return { count, images, labels };
}

const classifier: Partial<TrainerOptions> = { architecture: 'small-cnn', decoder: null };

/** Images of a bright disc, a dark one, or none, in noise: one label an image. */
function dots(count: number, size: number, first = 0): TrainBatch {
  const noise = values(count * size * size, 90 + first);
  const labels = Uint8Array.from({ length: count }, (_, image) => (image + first) % 3);
  const images = noise.map((value, at) => {
    const image = Math.floor(at / (size * size));
    const [x, y] = [at % size, Math.floor(at / size) % size];
    const centre = [0.3 + 0.1 * ((image + first) % 5), 0.3 + 0.15 * ((image + first) % 4)].map((part) => part * size);
    const inside = Math.hypot(x - centre[0], y - centre[1]) < 0.2 * size;
    return 0.5 + (inside ? [0, 0.4, -0.4][labels[image]] : 0) + 0.2 * value;
  });
  return { count, images, labels };
}

/** Dice of a class, over all pixels. */
function diceOf(found: Uint8Array, truth: Uint8Array, label: number): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    both += Number(found[i] === label && truth[i] === label);
    either += Number(found[i] === label) + Number(truth[i] === label);
  }
  return (2 * both) / either;
}

const by = (state: readonly NamedTensor[]) => new Map(state.map(({ name, values }) => [name, values]));

/** Names of the tensors that differ, or that only one of them has. */
function differing(one: readonly NamedTensor[], other: readonly NamedTensor[]): string[] {
  const bytesOf = (values: Float32Array = new Float32Array()) => Buffer.from(values.buffer as ArrayBuffer);
  const [a, b] = [by(one), by(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => !bytesOf(a.get(name)).equals(bytesOf(b.get(name))));
}

/** What it computes is the same elsewhere, by the last test; plain JavaScript would take minutes. */
describe('a trainer', () => {
  it('says what it is', async () => {
    const { info } = await trainer({ freeze: 'encoder' });
    expect(info.engine).toBe('tensorflow');
    expect(info.device).toMatch(/^(cpu|cuda:0)$/);
    expect(info.version).toMatch(/^TensorFlow 2\./);
    expect(info.trainableParameters).toBeLessThan(info.parameters / 2);
  });

  it('gives the same labels and highest probabilities as its exported layers', async () => {
    const t = await trainer();
    const batch = discs(2, 32);
    await t.step(batch, 0);
    const { labels, maxProbability, loss } = await t.evaluate(batch);
    const model = await layersModel(await t.layers());
    const [scores, expected] = tf.tidy(() => {
      const output = model.predict(tf.tensor4d(batch.images, [2, 32, 32, 1])) as ReturnType<typeof tf.tensor>;
      return [output.dataSync() as Float32Array, tf.max(output, [1, 2]).dataSync()];
    });
    for (const [index, highest] of maxProbability.entries()) expect(highest).toBeCloseTo(expected[index], 4);
    let sum = 0;
    for (let pixel = 0; pixel < labels.length; pixel++) {
      const row = scores.subarray(3 * pixel, 3 * pixel + 3);
      expect(row[labels[pixel]]).toBeGreaterThan(Math.max(...row) - 1e-4);
      sum -= Math.log(row[batch.labels[pixel]]);
    }
    expect(loss).toBeCloseTo(sum / labels.length, 4);
    model.dispose();
  });

  it('learns: the loss of the same batch falls', async () => {
    const t = await trainer();
    const batch = discs(2, 32);
    const first = await t.step(batch, 1e-3);
    for (let i = 0; i < 5; i++) await t.step(batch, 1e-3);
    expect((await t.step(batch, 1e-3)).loss).toBeLessThan(0.8 * first.loss);
  });

  it('has the same weights for the same seed, and others for another', async () => {
    const [a, b, c] = [await trainer(), await trainer(), await trainer({ seed: 8 })];
    expect(differing(await a.state(), await b.state())).toEqual([]);
    expect(differing(await a.state(), await c.state())).toContain('encoder1a_conv/kernel');
  });

  it('keeps the moving averages as Keras does: 0.99 of what was, 0.01 of the batch', async () => {
    const t = await trainer();
    const weights = by(await t.state());
    const batch = discs(2, 32);
    await t.step(batch, 1e-3);
    const after = by(await t.state());
    const kernel = tf.tensor4d(weights.get('encoder1a_conv/kernel') as Float32Array, [3, 3, 1, 16]);
    const [means, variances] = tf.tidy(() => {
      const planes = tf.conv2d(tf.tensor4d(batch.images, [2, 32, 32, 1]), kernel, 1, 'same');
      const { mean, variance } = tf.moments(planes, [0, 1, 2]);
      return [mean.dataSync(), variance.dataSync()];
    });
    kernel.dispose();
    const mean = after.get('encoder1a_bn/moving_mean') as Float32Array;
    const variance = after.get('encoder1a_bn/moving_variance') as Float32Array;
    for (let channel = 0; channel < 16; channel++) {
      expect(mean[channel]).toBeCloseTo(0.01 * means[channel], 6);
      expect(variance[channel]).toBeCloseTo(0.99 + 0.01 * variances[channel], 6);
    }
  });

  it('scales gradients to the norm that is asked for', async () => {
    const sgd = (clipNorm: number | null): OptimizerSpec => ({ kind: 'sgd', clipNorm });
    const [free, clipped] = [await trainer({ optimizer: sgd(null) }), await trainer({ optimizer: sgd(0.5) })];
    const batch = discs(2, 32);
    const start = by(await free.state());
    const { gradientNorm } = await free.step(batch, 1);
    expect(gradientNorm).toBeGreaterThan(0.5);
    expect((await clipped.step(batch, 1)).gradientNorm).toBeCloseTo(gradientNorm, 3);
    const move = async (of: Trainer) => {
      const now = by(await of.state());
      let squares = 0;
      for (const [name, before] of start) {
        if (name.includes('moving_')) continue;
        for (const [i, value] of before.entries()) squares += (value - (now.get(name) as Float32Array)[i]) ** 2;
      }
      return Math.sqrt(squares);
    };
    expect(await move(free)).toBeCloseTo(gradientNorm, 2);
    expect(await move(clipped)).toBeCloseTo(0.5, 2);
  });

  it('changes nothing where the loss is not finite, and says so', async () => {
    const t = await trainer();
    const batch = discs(1, 32);
    await t.step(batch, 1e-3);
    const before = await t.state();
    const broken = { ...batch, images: batch.images.map((value, at) => (at === 5 ? Number.NaN : value)) };
    const { loss, labels } = await t.step(broken, 1e-3);
    expect(loss).toBeNaN();
    expect(labels).toHaveLength(32 * 32);
    expect(differing(await t.state(), before)).toEqual([]);
  });

  it('changes nothing of what is frozen, and lets it learn when it is not any more', async () => {
    const t = await trainer({ freeze: 'until:encoder3' });
    const batch = discs(2, 32);
    const start = await t.state();
    const changed = async () => differing(start, await t.state());
    await t.step(batch, 1e-3);
    const first = await changed();
    expect(first.filter((name) => /^encoder[12]/.test(name))).toEqual([]);
    expect(first).toContain('encoder3a_conv/kernel');
    const { trainableParameters } = t.info;
    t.setFreeze('none');
    expect(t.info.trainableParameters).toBeGreaterThan(trainableParameters);
    await t.step(batch, 1e-3);
    expect(await changed()).toContain('encoder1a_conv/kernel');
    expect(await changed()).toContain('encoder1a_bn/moving_mean');
    const steps = by(await t.state());
    expect(steps.get('optimizer/steps/encoder1a_conv/kernel')).toEqual(Float32Array.of(1));
    expect(steps.get('optimizer/steps/encoder3a_conv/kernel')).toEqual(Float32Array.of(2));
    expect(() => t.setFreeze('until:encoder9')).toThrow(/encoder1, encoder2/);
  });

  it.each<OptimizerSpec>([adam, { kind: 'sgd', momentum: 0.9, clipNorm: 1 }])(
    'goes on from a saved state as if it had never stopped: $kind',
    async (optimizer) => {
      const batches = [0, 2, 4, 6].map((first) => discs(2, 32, first));
      const whole = await trainer({ optimizer });
      const losses = [];
      let saved: NamedTensor[] = [];
      for (const [index, batch] of batches.entries()) {
        if (index === 2) saved = await whole.state();
        losses.push((await whole.step(batch, 1e-3)).loss);
      }
      const resumed = await trainer({ optimizer, seed: 99 });
      await resumed.step(batches[0], 1e-3);
      await resumed.restore(saved);
      const after = [];
      for (const batch of batches.slice(2)) after.push((await resumed.step(batch, 1e-3)).loss);
      // Threads sum in an order of their own: the last digits may differ.
      for (const [index, loss] of after.entries()) expect(loss).toBeCloseTo(losses[index + 2], 4);
      expect(losses[2]).not.toBeCloseTo(losses[0], 3);
    },
  );

  it('takes no state but its own, and changes nothing then', async () => {
    const t = await trainer();
    await t.step(discs(1, 32), 1e-3);
    const state = await t.state();
    const refuse = (wrong: NamedTensor[], message: RegExp) => expect(t.restore(wrong)).rejects.toThrow(message);
    await refuse(state.slice(1), /encoder1a_conv\/kernel of \d+ are missing/);
    await refuse([...state, { name: 'more', shape: [], values: Float32Array.of(1) }], /more belong to no weight/);
    await refuse(
      state.map((tensor) => ({ ...tensor, shape: tensor.shape.map((size) => size + 1) })),
      /has to be 3 x 3 x 1 x 16/,
    );
    expect(differing(await t.state(), state)).toEqual([]);
    const other = await trainer({ optimizer: { kind: 'sgd', clipNorm: null } });
    await expect(other.restore(state)).rejects.toThrow(/another network or optimizer/);
  });

  it("takes an encoder's weights, all of them and nothing else", async () => {
    const source = await trainer({ seed: 3 });
    const { weights } = await source.layers();
    const encoderWeights = weights.filter(({ name }) => name.startsWith('encoder'));
    const t = await trainer({ encoderWeights });
    const rest = differing(await t.state(), encoderWeights);
    expect(rest.filter((name) => name.startsWith('encoder'))).toEqual([]);
    expect(differing(await t.state(), await (await trainer()).state())).not.toContain('final_conv/kernel');
    await expect(trainer({ encoderWeights: weights })).rejects.toThrow(/belong to no weight/);
    await expect(trainer({ encoderWeights: encoderWeights.slice(2) })).rejects.toThrow(/missing/);
  });

  it.each<[string, Partial<TrainBatch>, RegExp]>([
    ['no image', { count: 0 }, /0 images/],
    [
      'another size',
      { images: new Float32Array(7) },
      /7 values and 1024 labels; 1 images of 32 x 32 x 1 have 1024 and 1024/,
    ],
    [
      'an unknown label',
      { labels: new Uint8Array(1024).fill(3, 40, 41) },
      /label 3 at row 1, column 8.*3 classes, 0 to 2/,
    ],
  ])('refuses a batch with %s', async (_, change, message) => {
    const t = await trainer();
    const batch = { ...discs(1, 32), ...change };
    await expect(t.step(batch, 1e-3)).rejects.toThrow(message);
    await expect(t.evaluate(batch)).rejects.toThrow(message);
  });

  it.each<[Partial<OptimizerSpec>, RegExp]>([
    [{ beta1: 1 }, /beta1 is 1/],
    [{ epsilon: 0 }, /epsilon is 0/],
    [{ momentum: -1 }, /momentum is -1/],
    [{ clipNorm: 0 }, /clipped to is 0/],
  ])('refuses an optimizer with %j', async (change, message) => {
    await expect(trainer({ optimizer: { ...adam, ...change } })).rejects.toThrow(message);
  });

  it('frees all it has when it is closed', async () => {
    const before = tf.memory().numTensors;
    const t = await openTrainer(tf, base);
    await t.step(discs(1, 32), 1e-3);
    await t.evaluate(discs(1, 32));
    await t.state();
    t.close();
    expect(tf.memory().numTensors).toBe(before);
  });
  it('learns 4 images by heart', { timeout: 600_000 }, async () => {
    const t = await trainer();
    const batch = discs(4, 32);
    for (let i = 0; i < 120; i++) await t.step(batch, 2e-3);
    // A step at a rate of 0 says what was learned; the moving averages of an evaluation would be late.
    const { labels } = await t.step(batch, 0);
    for (const label of [0, 1, 2]) expect(diceOf(labels, batch.labels, label)).toBeGreaterThan(0.95);
  });

  it('has as many tensors after 100 steps as after the first', { timeout: 600_000 }, async () => {
    const t = await trainer({ height: 16, width: 16, optimizer: { ...adam, clipNorm: 0.1 } });
    const batch = discs(1, 16);
    await t.step(batch, 1e-3);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 100; i++) {
      await t.step(batch, 1e-3);
      expect(tf.memory().numTensors).toBe(numTensors);
    }
    await t.evaluate(batch);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('classifies images: probabilities as its exported layers give them, and learns', {
    timeout: 600_000,
  }, async () => {
    const t = await trainer({ ...classifier, height: 16, width: 16 });
    const batch = dots(6, 16);
    const first = await t.step(batch, 1e-3);
    expect(first.labels).toHaveLength(6);
    for (let i = 0; i < 60; i++) await t.step(batch, 1e-3);
    const { labels, loss } = await t.step(batch, 0);
    expect([...labels]).toEqual([...batch.labels]);
    expect(loss).toBeLessThan(0.2 * first.loss);
    const { maxProbability } = await t.evaluate(batch);
    const model = await layersModel(await t.layers());
    const expected = tf.tidy(() => {
      const [probabilities] = model.predict(tf.tensor4d(batch.images, [6, 16, 16, 1])) as Tensor[];
      expect(probabilities.shape).toEqual([6, 3]);
      return probabilities.dataSync();
    });
    for (const [index, probability] of maxProbability.entries()) expect(probability).toBeCloseTo(expected[index], 4);
    model.dispose();
  });

  it('refuses a batch with a label a pixel, and names the image of a wrong one, where it classifies', async () => {
    const t = await trainer(classifier);
    const batch = dots(2, 32);
    await expect(t.step({ ...batch, labels: new Uint8Array(2048) }, 1e-3)).rejects.toThrow(
      /2048 labels.*have 2048 and 2$/,
    );
    await expect(t.evaluate({ ...batch, labels: Uint8Array.of(0, 3) })).rejects.toThrow(
      /image 1 of a batch has the label 3; there/,
    );
  });

  it('computes the same losses as without it', { timeout: 600_000 }, async () => {
    const losses = async () => {
      // Adam divides by the size of gradients, and makes much of what rounding leaves of those that are 0.
      const t = await openTrainer(tf, {
        ...base,
        height: 16,
        width: 16,
        optimizer: { kind: 'sgd', momentum: 0.9, clipNorm: 1 },
      });
      const found = [];
      for (const first of [0, 1]) found.push((await t.step(discs(1, 16, first), 0.01)).loss);
      found.push((await t.evaluate(discs(1, 16))).loss);
      t.close();
      return found;
    };
    const fast = await losses();
    await tf.setBackend('cpu');
    try {
      const plain = await losses();
      for (const [index, loss] of plain.entries()) expect(loss).toBeCloseTo(fast[index], 3);
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});
