import type { NamedTensor, TrainBatch, Trainer, TrainerOptions } from '../../../src/pipeline/training/trainer.js';

/** What a fake may be told to do. */
export interface FakeOptions {
  /** Numbers of the steps, from 1, whose loss is not a number; 0: the validation's. */
  nanAt?: number[];
  /** Called before every step with its number. */
  onStep?(step: number): void;
  /** Called before every batch of a validation with the steps done. */
  onEvaluate?(steps: number): void;
}

/**
 * A trainer that learns nothing and forgets nothing: its few weights and moments depend on every batch, rate and step before, and the
 * loss on those, so that two runs that differ anywhere differ in every loss from there on. The share of right labels rises.
 */
export function fakeTrainer(
  { classes }: Pick<TrainerOptions, 'classes'>,
  { nanAt = [], onStep, onEvaluate }: FakeOptions = {},
): Trainer & { calls: string[] } {
  let weights = Float32Array.from([0.5, -0.25, 0.125]);
  let moments = new Float32Array(3);
  let steps = 0;
  const calls: string[] = [];
  const info = { engine: 'fake', device: 'cpu', version: '1', parameters: 3, trainableParameters: 3 };
  const sumOf = ({ images, labels }: TrainBatch): number => {
    let sum = 0;
    for (let i = 0; i < labels.length; i++) sum += (labels[i] + 1) * ((i % 97) + 1);
    for (let i = 0; i < images.length; i += 7) sum += images[i] * ((i % 31) + 1);
    return sum / labels.length;
  };
  const lossOf = (batch: TrainBatch) => Math.abs(Math.sin(sumOf(batch) + weights[0]) + weights[1] * weights[2]) + 0.1;
  /** Right in one of `steps` + 2 rows fewer, else background. */
  const labelsOf = ({ labels }: TrainBatch) =>
    labels.map((label, i) => (label < classes && i % (steps + 2) !== 0 ? label : 0));
  /** Of a classifier's batch: surer of the right class than of the others, more so with every step, in some noise. */
  const probabilitiesOf = ({ count, images, labels }: TrainBatch) => {
    const values = new Float32Array(count * classes);
    if (labels.length > count) return values;
    const size = images.length / count;
    for (let image = 0; image < count; image++) {
      const powers = Array.from({ length: classes }, (_, c) =>
        Math.exp((labels[image] === c ? 1 + steps / 20 : 0) + 2 * Math.sin(997 * images[image * size + 7] + 31 * c)),
      );
      const all = powers.reduce((sum, power) => sum + power, 0);
      values.set(
        powers.map((power) => power / all),
        image * classes,
      );
    }
    return values;
  };
  return {
    info,
    calls,
    async step(batch, learningRate) {
      onStep?.(steps + 1);
      const loss = nanAt.includes(steps + 1) ? Number.NaN : lossOf(batch);
      const labels = labelsOf(batch);
      if (!Number.isFinite(loss)) return { loss, gradientNorm: loss, labels };
      moments = moments.map((moment, k) => 0.9 * moment + Math.cos(sumOf(batch) * (k + 1)));
      weights = weights.map((weight, k) => weight - learningRate * moments[k]);
      steps++;
      return { loss, gradientNorm: 1, labels };
    },
    async evaluate(batch) {
      onEvaluate?.(steps);
      const loss = nanAt.includes(0) ? Number.NaN : lossOf(batch);
      const maxProbability = probabilitiesOf(batch);
      return { loss, labels: labelsOf(batch), maxProbability };
    },
    setFreeze: (freeze) => void calls.push(`freeze ${freeze} before step ${steps + 1}`),
    async state(): Promise<NamedTensor[]> {
      return [
        { name: 'a/kernel', shape: [3], values: weights.slice() },
        { name: 'optimizer/a/kernel', shape: [3], values: moments.slice() },
        { name: 'optimizer/step', shape: [], values: Float32Array.of(steps) },
      ];
    },
    async restore(state) {
      [weights, moments] = state.slice(0, 2).map(({ values }) => values.slice());
      steps = state[2].values[0];
      calls.push(`restore step ${steps}`);
    },
    async layers() {
      calls.push(`layers of step ${steps}`);
      const config = { name: 'fake', layers: [], input_layers: [], output_layers: [] };
      return { topology: { class_name: 'Model', config, keras_version: '', backend: '' }, weights: await this.state() };
    },
    close: () => void calls.push('close'),
  };
}
