import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { runBackward } from '../../../../src/pipeline/training/execution/backward.js';
import { type Machine, runForward } from '../../../../src/pipeline/training/execution/forward.js';
import { planNetwork } from '../../../../src/pipeline/training/execution/plan.js';
import { createWeights } from '../../../../src/pipeline/training/execution/weights.js';
import type { Ops } from '../../../../src/pipeline/training/kernels/ops.js';
import { frozenLayers } from '../../../../src/pipeline/training/networks/freezing.js';
import { buildNetwork } from '../../../../src/pipeline/training/networks/network.js';
import { weightSpecs } from '../../../../src/pipeline/training/networks/weight-specs.js';
import type { Freeze, NetworkOptions } from '../../../../src/pipeline/training/trainer.js';
import { layersModel, OPS, tf, values } from '../backends.js';

const small: NetworkOptions = {
  architecture: 'small-unet',
  height: 32,
  width: 32,
  channels: 1,
  classes: 3,
  decoder: 'upsample',
};
/** As large as it takes for the deepest batch norm to have more than a few values to go by. */
const large: NetworkOptions = { ...small, architecture: 'unet-resnet50', height: 96, width: 96, channels: 3 };
const cnn: NetworkOptions = { ...small, architecture: 'small-cnn', decoder: null };
const resnet: NetworkOptions = { ...large, architecture: 'resnet50', decoder: null };
const COUNT = 2;

function machineOf(ops: Ops, network: NetworkOptions, freeze: Freeze = 'none') {
  const topology = buildNetwork(network);
  const plan = planNetwork(topology, frozenLayers(network.architecture, topology, freeze));
  const specs = weightSpecs(topology);
  const variables = createWeights(tf, ops, specs, { last: specs[specs.length - 1].layer, seed: 1, encoder: null });
  const machine: Machine = { tf, ops, plan, variables };
  return { machine, topology, specs };
}

const imagesFor = ({ height, width, channels }: NetworkOptions) =>
  tf.tensor(values(COUNT * height * width * channels, 3), [COUNT, height, width, channels]);

/** What the network's output is multiplied by before it is summed: a loss with a gradient everywhere. */
const directionFor = (logits: Tensor) => tf.tensor(values(logits.size, 4), logits.shape);

/** The last digits of sums differ, and with them a few of a deep network's ReLUs: relative error that is left to a gradient. */
const TOLERANCE = { 'small-unet': 5e-3, 'small-cnn': 5e-3, 'unet-resnet50': 5e-2, resnet50: 5e-2 };

const CASES = [small, { ...small, decoder: 'transpose' as const }, cnn, large, resnet].flatMap((network) =>
  OPS.map(([kind, ops]) => ({
    kind,
    ops,
    network,
    name: `${network.architecture}, ${network.decoder ?? 'classifier'}`,
  })),
);
/** The large ones by what trains alone: kernel by kernel, native is compared with composed in planes.test.ts. */
const affordable = CASES.filter(({ kind, network }) => network.height === small.height || kind === 'native');

describe('a step by explicit passes', () => {
  it.each(affordable)(
    "$name, by $kind kernels: outputs and gradients are those of TF.js's layers and its own differentiation",
    async ({ ops, network }) => {
      const { machine, topology, specs } = machineOf(ops, network);
      const weights = specs.map(({ name, shape }) => ({
        name,
        shape,
        values: tf.tidy(() => Float32Array.from(machine.variables.get(name)?.read().dataSync() ?? [])),
      }));
      const model = await layersModel({ topology, weights });
      const images = imagesFor(network);
      const direction = tf.tidy(() => directionFor(runForward(machine, tf.clone(images), false).logits));
      // The oracle ends in a softmax: the gradient of sum(softmax(z) d) by z is what goes into the other's backward pass.
      const oracle = tf.variableGrads(() => {
        const outputs = model.apply(images, { training: true });
        const output = (Array.isArray(outputs) ? outputs[0] : outputs) as Tensor;
        return tf.sum(tf.mul(output, direction)) as Scalar;
      });
      const expected = new Map(
        model.layers
          .flatMap((layer) => layer.trainableWeights)
          .map((weight) => [weight.originalName, oracle.grads[weight.name]] as const),
      );

      tf.tidy(() => {
        const { logits, tape } = runForward(machine, images, true);
        const softmax = (z: Tensor) =>
          tf.reshape(tf.softmax(tf.reshape(z, [-1, network.classes]) as Tensor2D), z.shape);
        const [found] = tf.sum(tf.mul(softmax(logits), direction)).dataSync();
        expect(Math.abs(found - oracle.value.dataSync()[0])).toBeLessThan(2e-3);
        const gradients = runBackward(machine, tape, tf.grad(softmax)(logits, direction));

        const learning = specs.filter(({ learns }) => learns);
        for (const { name, shape } of learning) {
          const theirs = expected.get(name) as Tensor;
          const ours = gradients.get(name);
          const size = tf.norm(theirs).dataSync()[0];
          if (ours === undefined) {
            // Batch norm takes this bias away again: its gradient is what rounding leaves of 0.
            expect(name).toMatch(/_conv\/bias$/);
            expect(size).toBeLessThan(1e-2);
            continue;
          }
          expect(ours.shape).toEqual(shape);
          expect(tf.norm(tf.sub(ours, theirs)).dataSync()[0] / size, name).toBeLessThan(
            TOLERANCE[network.architecture],
          );
        }
        expect(gradients.size).toBeGreaterThan(20);
      });
      model.dispose();
    },
    600_000,
  );

  it.each(OPS)('by %s kernels: what is frozen costs no gradient', (_, ops) => {
    const counted = {
      convInputGradient: 0,
      convKernelGradient: 0,
      batchNorm: 0,
      batchNormGradient: 0,
      batchNormInference: 0,
    };
    const counting = new Proxy(ops, {
      get(target, name: keyof Ops) {
        if (name in counted) counted[name as keyof typeof counted]++;
        return target[name];
      },
    });
    const { machine } = machineOf(counting, small, 'until:encoder3');
    const gradients = tf.tidy(() => {
      const { logits, tape, statistics } = runForward(machine, imagesFor(small), true);
      expect([...statistics.keys()].filter((name) => /^encoder[12]/.test(name))).toEqual([]);
      return [...runBackward(machine, tape, tf.onesLike(logits)).keys()];
    });
    expect(gradients.filter((name) => /^encoder[12]/.test(name))).toEqual([]);
    // Convolutions: 2 in each of 5 stages of the encoder, 4 of them frozen, 2 in each of 4 of the decoder, and the last.
    expect(counted).toEqual({
      convKernelGradient: 15,
      // None from the first that learns to what is frozen before it.
      convInputGradient: 14,
      batchNorm: 14,
      batchNormGradient: 14,
      batchNormInference: 4,
    });
  });
});
