import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { WorkError } from '../errors.js';
import { runBackward } from './execution/backward.js';
import { checkBatch } from './execution/check-batch.js';
import { type Machine, runForward } from './execution/forward.js';
import { createOptimizer } from './execution/optimizer.js';
import { planNetwork } from './execution/plan.js';
import { firstHighest, globalNorm, highestProbabilities } from './execution/reductions.js';
import { restoreState, saveState } from './execution/saved-state.js';
import { createWeights, readVariable } from './execution/weights.js';
import { composedOps } from './kernels/composed-ops.js';
import { nativeOps } from './kernels/native-ops.js';
import { describeBackend, isNodeBackend, type TrainerTf } from './kernels/node-backend.js';
import type { Variable } from './kernels/ops.js';
import { createLoss } from './losses/loss.js';
import { frozenLayers } from './networks/freezing.js';
import { buildNetwork } from './networks/network.js';
import { weightSpecs } from './networks/weight-specs.js';
import type { Freeze, TrainBatch, Trainer, TrainerInfo, TrainerOptions } from './trainer.js';

/**
 * A trainer on whatever backend `tf` has: by TensorFlow's own kernels where it is `tfjs-node`, else by composed ones.
 * @throws UsageError where the options ask for what can't be made
 */
export async function openTrainer(tf: TrainerTf, options: TrainerOptions): Promise<Trainer> {
  const { architecture, height, width, classes, seed, encoderWeights } = options;
  const topology = buildNetwork(options);
  const specs = weightSpecs(topology);
  const frozenBy = (freeze: Freeze) => frozenLayers(architecture, topology, freeze);
  const planFor = (freeze: Freeze) => planNetwork(topology, frozenBy(freeze));
  const ops = isNodeBackend(tf) ? nativeOps(tf) : composedOps(tf);
  const loss = createLoss({ tf, ops, classes }, options.loss);
  const plan = planFor(options.freeze);
  const variables = createWeights(tf, ops, specs, {
    last: specs[specs.length - 1].layer,
    seed,
    encoder: encoderWeights && { layers: frozenBy('encoder'), weights: encoderWeights },
  });
  const machine: Machine = { tf, ops, plan, variables };
  const optimizer = createOptimizer(machine, options.optimizer);
  const learned = { variables, optimizer };
  const info: TrainerInfo = {
    ...describeBackend(tf),
    parameters: specs.reduce((sum, spec) => sum + sizeOf(spec.shape), 0),
    trainableParameters: countTrainable(machine),
  };

  const imagesOf = ({ images, count }: TrainBatch) => tf.tensor4d(images, [count, height, width, options.channels]);
  const rowsOf = (logits: Tensor) => tf.reshape(logits, [-1, classes]) as Tensor2D;

  return {
    info,
    step: (batch, learningRate) =>
      inScope(tf, async () => {
        checkBatch(batch, options);
        const images = imagesOf(batch);
        const { logits, tape, statistics } = runForward(machine, images, true);
        images.dispose();
        const rows = rowsOf(logits);
        const { value, gradient } = loss.withGradient(rows, batch.labels, batch.count);
        const [[found], scores] = await Promise.all([value.data(), rows.data()]);
        const labels = firstHighest(scores as Float32Array, classes);
        tf.dispose([value, rows]);
        const toPlanes = tf.reshape(gradient, logits.shape);
        tf.dispose([gradient, logits]);
        if (!Number.isFinite(found)) return { loss: found, gradientNorm: Number.NaN, labels };

        const gradients = runBackward(machine, tape, toPlanes);
        const gradientNorm = await globalNorm(tf, ops, gradients.values());
        if (!Number.isFinite(gradientNorm)) return { loss: found, gradientNorm, labels };
        optimizer.apply(gradients, gradientNorm, learningRate);
        for (const { name, config } of machine.plan.layers) {
          const batchStatistics = statistics.get(name);
          if (batchStatistics === undefined) continue;
          const by = 1 - (config.momentum as number);
          ops.moveTowards(variables.get(`${name}/moving_mean`) as Variable, batchStatistics.mean, by);
          ops.moveTowards(variables.get(`${name}/moving_variance`) as Variable, batchStatistics.variance, by);
        }
        return { loss: found, gradientNorm, labels };
      }),
    evaluate: (batch) =>
      inScope(tf, async () => {
        checkBatch(batch, options);
        const { logits } = runForward(machine, imagesOf(batch), false);
        const rows = rowsOf(logits);
        const value = loss.value(rows, batch.labels, batch.count);
        const highest = highestProbabilities(tf, rows, batch.count);
        const [[found], scores, maxProbability] = await Promise.all([value.data(), rows.data(), highest.data()]);
        return {
          loss: found,
          labels: firstHighest(scores as Float32Array, classes),
          maxProbability: Float32Array.from(maxProbability),
        };
      }),
    setFreeze(freeze) {
      machine.plan = planFor(freeze);
      info.trainableParameters = countTrainable(machine);
    },
    state: () => saveState(learned),
    restore: async (state) => restoreState(tf, ops, learned, state),
    async layers() {
      const values = await Promise.all(specs.map(({ name }) => readVariable(variables.get(name) as Variable)));
      const weights = specs.map(({ name, shape }, index) => ({ name, shape, values: values[index] }));
      return { topology, weights };
    },
    close() {
      const slots = [...optimizer.slots.values()].flatMap(({ moments }) => Object.values(moments));
      for (const variable of [...variables.values(), ...slots]) variable.dispose();
      optimizer.slots.clear();
      variables.clear();
    },
  };
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

function countTrainable({ plan }: Machine): number {
  const weights = plan.layers.filter(({ learns }) => learns).flatMap((layer) => layer.weights);
  return weights.filter(({ learns }) => learns).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Frees what a piece of work leaves behind, whether it ends or fails; variables stay. */
async function inScope<T>(tf: TrainerTf, work: () => Promise<T>): Promise<T> {
  const engine = tf.engine();
  engine.startScope();
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    if (!/\bOOM\b|out of memory|resource ?exhausted/i.test(message)) throw error;
    throw new WorkError(`there is not enough memory for a batch of that size: take a smaller one (${message})`, {
      cause: error,
    });
  } finally {
    engine.endScope();
  }
}
