import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COVID_QU_EX_CLASSES } from '../../../../src/pipeline/dataset/classes.js';
import type { DatasetSpec } from '../../../../src/pipeline/dataset/dataset.js';
import { openOnnxSession } from '../../../../src/pipeline/engines/onnx-session.js';
import { WorkError } from '../../../../src/pipeline/errors.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import { onnxGraph, writeOnnxModel } from '../../../../src/pipeline/training/export/onnx-model.js';
import { writeTfjsModel } from '../../../../src/pipeline/training/export/tfjs-model.js';
import { initialWeight } from '../../../../src/pipeline/training/networks/initial-weights.js';
import { buildNetwork } from '../../../../src/pipeline/training/networks/network.js';
import { type WeightRole, weightSpecs } from '../../../../src/pipeline/training/networks/weight-specs.js';
import type { LayerGraph, ModelTopology, NamedTensor } from '../../../../src/pipeline/training/trainer.js';
import { byOnnx, byTfjs, labelsOf, largestDifference, type Planes } from './both-ways.js';
import { createNetwork } from './made-network.js';

const CARD = { preprocess: 'unit', resize: 'bilinear', classes: ['background', 'lung'] } as const;
const card = { ...CARD, classes: [...CARD.classes] };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pictures(shape: readonly number[], seed: string): Planes {
  const random = createRandom(seed);
  const size = shape.reduce((product, dim) => product * dim, 1);
  return { shape, values: Float32Array.from({ length: size }, () => random.uniform()) };
}

/** Both exports of a network give the same on two pictures, in each of their outputs; the first of them is returned. */
async function expectTwins(network: LayerGraph, name: string): Promise<Planes> {
  const file = path.join(folder, `${name}.onnx`);
  writeOnnxModel(file, network, card);
  writeTfjsModel(path.join(folder, name), network, card);
  const [, ...size] = network.topology.config.layers[0].config.batch_input_shape as number[];
  const image = pictures([2, ...size], name);
  const [tfjs, onnx] = [await byTfjs(path.join(folder, name, 'model.json'), image), await byOnnx(file, image)];
  const names = network.topology.config.output_layers.map(([output]) => output);
  expect([[...onnx.keys()], [...tfjs.keys()]]).toEqual([names, names]);
  for (const [output, planes] of onnx) {
    const twin = tfjs.get(output)!;
    expect(planes.shape).toEqual(twin.shape);
    expect(largestDifference(planes, twin)).toBeLessThan(1e-5);
    expect(labelsOf(planes)).toEqual(labelsOf(twin));
  }
  return onnx.get(names[0])!;
}

describe('ONNX Runtime computes from the ONNX file what TensorFlow.js computes from model.json', () => {
  it('through every kind of layer, on sizes that no stride divides', async () => {
    const net = createNetwork([37, 30, 3], 'every layer');
    net.add('ZeroPadding2D', 'pad', {
      padding: [
        [1, 2],
        [0, 3],
      ],
      data_format: 'channels_last',
    });
    net.conv('down', [3, 6], 5, { strides: 2, padding: 'valid', activation: 'relu' });
    net.conv('same2', [6, 8], 3, { strides: 2, bias: false });
    net.norm('norm', 8, { epsilon: 1.001e-5 });
    net.add('Activation', 'relu', { activation: 'relu' });
    net.add('MaxPooling2D', 'pool', {
      pool_size: [3, 3],
      strides: [2, 2],
      padding: 'same',
      data_format: 'channels_last',
    });
    net.conv('wide', [8, 8], 3);
    net.add('Add', 'sum', {}, {}, ['wide', 'pool']);
    net.add('UpSampling2D', 'up', { size: [2, 3], interpolation: 'nearest', data_format: 'channels_last' });
    net.conv('side', [8, 5], 1, { bias: false });
    net.add('Concatenate', 'both', { axis: -1 }, {}, ['up', 'side']);
    net.norm('bare', 13, { center: false, scale: false });
    net.transpose('grow4', [13, 6], 4, { strides: 2, bias: false });
    net.transpose('grow3', [6, 5], 3, { strides: 2, activation: 'relu' });
    net.transpose('grow2', [5, 4], 2, { strides: 3 });
    net.conv('scores', [4, 3], 3, { activation: 'softmax' });
    const out = await expectTwins(net.finish(), 'every-layer');
    expect(new Set(labelsOf(out)).size).toBe(3);
  });

  it.each([
    ['unet-resnet50', 'upsample', 3],
    ['unet-resnet50', 'transpose', 1],
    ['small-unet', 'upsample', 1],
    ['small-unet', 'transpose', 3],
  ] as const)('of a %s with %s', async (architecture, decoder, channels) => {
    const topology = buildNetwork({ architecture, decoder, channels, height: 64, width: 32, classes: 4 });
    await expectTwins({ topology, weights: trainedWeights(topology) }, `${architecture}-${decoder}`);
  });

  it.each([
    ['resnet50', 3],
    ['small-cnn', 1],
  ] as const)(
    'of a %s: a probability for each class, and heat maps whose means are the logits',
    async (architecture, channels) => {
      const topology = buildNetwork({ architecture, decoder: null, channels, height: 96, width: 64, classes: 3 });
      const network = { topology, weights: trainedWeights(topology) };
      const { shape, values } = await expectTwins(network, architecture);
      expect(shape).toEqual([2, 3]);
      const file = path.join(folder, `${architecture}.onnx`);
      const heat = (await byOnnx(file, pictures([2, 96, 64, channels], architecture))).get('heat')!;
      const side = architecture === 'resnet50' ? 32 : 16;
      expect(heat.shape).toEqual([2, 96 / side, 64 / side, 3]);
      const places = heat.values.length / 6;
      for (const image of [0, 1]) {
        const powers = [0, 1, 2].map((c) => {
          let sum = 0;
          for (let place = 0; place < places; place++) sum += heat.values[(image * places + place) * 3 + c];
          return Math.exp(sum / places);
        });
        const all = powers.reduce((sum, power) => sum + power, 0);
        powers.forEach((power, c) => {
          expect(values[image * 3 + c]).toBeCloseTo(power / all, 4);
        });
      }
    },
  );
});

/**
 * As if trained: batch norm's averages and factors are not those that it starts with. The factors are below 1, so that planes stay
 * as small as training keeps them: what rounding makes of planes in the thousands is no measure of an exporter.
 */
function trainedWeights(topology: ModelTopology): NamedTensor[] {
  const random = createRandom('trained');
  return weightSpecs(topology).map((spec) => {
    const values = initialWeight(spec, false, 1);
    if (spec.role === 'kernel') return { ...spec, values };
    const [low, high] = RANGES[spec.role] ?? [-0.2, 0.2];
    return { ...spec, values: values.map(() => random.between(low, high)) };
  });
}

const RANGES: Partial<Record<WeightRole, [number, number]>> = { gamma: [0.4, 0.8], moving_variance: [0.5, 1.5] };

describe('the file', () => {
  const small = () => {
    const net = createNetwork([8, 8, 1], 'small');
    net.conv('scores', [1, 2], 3, { activation: 'softmax' });
    return net.finish();
  };

  it('has its card beside it and is nothing but itself', () => {
    const file = path.join(folder, 'own', 'small.onnx');
    writeOnnxModel(file, small(), card);
    expect(JSON.parse(readFileSync(`${file}.maskaudit.json`, 'utf8'))).toEqual(CARD);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('tells an audit, with its card, all that it has to know', async () => {
    const file = path.join(folder, 'told.onnx');
    writeOnnxModel(file, small(), card);
    const dataset = { classes: COVID_QU_EX_CLASSES.lung } as DatasetSpec;
    const engine = await openOnnxSession({ model: file, dataset, device: 'cpu', batch: null, jobs: 1, card: {} });
    expect(engine.info.notes.join('; ')).not.toMatch(/assumed|guessed/);
    expect(engine.info).toMatchObject({ inputWidth: 8, inputHeight: 8, knownClasses: [0, 1] });
    await engine.close();
  });

  it('is the same bytes for the same weights', () => {
    const file = path.join(folder, 'again.onnx');
    writeOnnxModel(file, small(), card);
    const first = readFileSync(file);
    writeOnnxModel(file, small(), card);
    expect(readFileSync(file).equals(first)).toBe(true);
  });

  it('is not there where it could not be written whole', () => {
    const file = path.join(folder, 'own', 'small.onnx', 'under-a-file.onnx');
    expect(() => writeOnnxModel(file, small(), card)).toThrow(WorkError);
    expect(existsSync(file)).toBe(false);
  });
});

describe('what no network here has is refused, not exported wrongly', () => {
  const refusals: [string, (net: ReturnType<typeof createNetwork>) => void, RegExp][] = [
    ['an activation', (net) => net.conv('c', [1, 2], 3, { activation: 'gelu' }), /layer c .*activation is "gelu"/],
    ['a dilation', (net) => net.conv('c', [1, 2], 3, { dilation: 2 }), /dilation_rate is \[2,2\]/],
    ['a padding', (net) => net.conv('c', [1, 2], 3, { padding: 'causal' }), /padding is "causal"/],
    [
      'an interpolation',
      (net) => net.add('UpSampling2D', 'u', { size: [2, 2], interpolation: 'bilinear' }),
      /interpolation is "bilinear"/,
    ],
    ['a place of channels', (net) => net.add('Add', 'a', { data_format: 'channels_first' }), /channels_first/],
    ['another axis', (net) => net.add('Concatenate', 'a', { axis: 1 }), /axis is 1/],
    [
      'a weight that is missing',
      (net) => net.add('Conv2D', 'c', { activation: 'linear', padding: 'same' }),
      /no option strides/,
    ],
  ];
  it.each(refusals)('%s', (_, build, message) => {
    const net = createNetwork([8, 8, 1], 'refused');
    build(net);
    expect(() => onnxGraph(net.finish())).toThrow(message);
  });
});
