import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runForward } from '../../../../src/pipeline/training/execution/forward.js';
import { planNetwork } from '../../../../src/pipeline/training/execution/plan.js';
import { createVariable } from '../../../../src/pipeline/training/execution/weights.js';
import { createGraphBuilder } from '../../../../src/pipeline/training/networks/graph-builder.js';
import { addResnet50 } from '../../../../src/pipeline/training/networks/resnet50.js';
import { type WeightSpec, weightSpecs } from '../../../../src/pipeline/training/networks/weight-specs.js';
import { hashed, OPS, tf } from '../backends.js';

/** What Keras gives (resnet50-features.py). */
interface Features {
  shape: number[];
  mean: number;
  highest: number;
  samples: Record<string, number>;
}
const expected: { parameters: number; weights: string[]; features: Record<string, Features> } = JSON.parse(
  readFileSync(new URL('resnet50-features.json', import.meta.url), 'utf8'),
);

const SIZE = 64;
const built = () => {
  const graph = createGraphBuilder('resnet50');
  const outputs = addResnet50(graph, graph.input('image', [SIZE, SIZE, 3]));
  return { outputs, topology: graph.finish(outputs[outputs.length - 1]) };
};
const hashes = (size: number, seed: number) => Float64Array.from({ length: size }, (_, i) => hashed(i, seed));
const sizeOf = (shape: readonly number[]) => shape.reduce((product, each) => product * each, 1);

describe('ResNet50', () => {
  it("has the names and the number of weights of Keras's, and their sizes", () => {
    const specs = weightSpecs(built().topology);
    expect(specs.map(({ name }) => name).sort()).toEqual(expected.weights);
    expect(specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(expected.parameters);
  });

  // Composed kernels are run here too, since convolutions and batch norm are the library's own there.
  it.each(OPS)(
    "has the features of Keras's for the same weights, by %s kernels",
    (_, ops) => {
      const { topology, outputs } = built();
      expect(outputs).toEqual(Object.keys(expected.features));
      const specs = weightSpecs(topology);
      const seeds = new Map(expected.weights.map((name, index) => [name, index]));
      const variables = new Map(
        specs.map((spec) => {
          const values = valuesOf(spec, seeds.get(spec.name) as number);
          return [spec.name, createVariable(tf, ops, spec.shape, values)] as const;
        }),
      );
      const pixels = Float32Array.from(hashes(SIZE * SIZE * 3, 1000));
      for (const stage of outputs) {
        const { layers } = topology.config;
        const until = layers.slice(0, layers.findIndex(({ name }) => name === stage) + 1);
        const config = { ...topology.config, layers: until, output_layers: [[stage, 0, 0] as [string, 0, 0]] };
        const plan = planNetwork({ ...topology, config }, new Set());
        const { shape, mean, highest, samples } = expected.features[stage];
        tf.tidy(() => {
          const image = tf.tensor(pixels, [1, SIZE, SIZE, 3]);
          const planes = runForward({ tf, ops, plan, variables }, image, false).logits;
          const found = planes.dataSync() as Float32Array;
          expect(planes.shape).toEqual([1, ...shape]);
          expect(Math.abs(found.reduce((sum, each) => sum + each, 0) / found.length - mean)).toBeLessThan(1e-5);
          expect(Math.abs(found.reduce((a, b) => Math.max(a, b), 0) - highest)).toBeLessThan(1e-4);
          for (const [at, value] of Object.entries(samples)) {
            expect(Math.abs(found[Number(at)] - value), `${stage} at ${at}`).toBeLessThan(1e-4);
          }
        });
      }
      for (const variable of variables.values()) variable.dispose();
    },
    600_000,
  );
});

function valuesOf({ role, shape }: WeightSpec, seed: number): Float32Array {
  const values = hashes(sizeOf(shape), seed);
  const [scale, offset] = {
    kernel: [Math.sqrt(3 / sizeOf(shape.slice(0, 3))), 0],
    bias: [0.1, 0],
    gamma: [0.25, 0.75],
    beta: [0.1, 0],
    moving_mean: [0.1, 0],
    moving_variance: [0.25, 0.75],
  }[role];
  return Float32Array.from(values, (value) => value * scale + offset);
}
