import { describe, expect, it } from 'vitest';
import { frozenLayers } from '../../../../src/pipeline/training/networks/freezing.js';
import { buildNetwork, encoderStages } from '../../../../src/pipeline/training/networks/network.js';
import { outputShapes } from '../../../../src/pipeline/training/networks/shapes.js';
import { weightSpecs } from '../../../../src/pipeline/training/networks/weight-specs.js';
import type { Freeze, NetworkOptions } from '../../../../src/pipeline/training/trainer.js';
import { layersModel } from '../backends.js';

const small: NetworkOptions = {
  architecture: 'small-unet',
  height: 32,
  width: 48,
  channels: 1,
  classes: 3,
  decoder: 'upsample',
};
const large: NetworkOptions = { ...small, architecture: 'unet-resnet50', width: 64, channels: 3, classes: 4 };
const cnn: NetworkOptions = { ...small, architecture: 'small-cnn', decoder: null };
const resnet: NetworkOptions = { ...large, architecture: 'resnet50', decoder: null };
const NETWORKS = [small, large, { ...small, filters: 3 }]
  .flatMap((network) => [network, { ...network, decoder: 'transpose' as const }])
  .concat(cnn, { ...cnn, filters: 3 }, resnet);
const sizeOf = (shape: readonly number[]) => shape.reduce((product, each) => product * each, 1);

describe('a network', () => {
  it.each(NETWORKS)(
    '$architecture, $decoder, $filters filters, is a model of TF.js layers with those shapes and weights',
    async (options) => {
      const topology = buildNetwork(options);
      const specs = weightSpecs(topology);
      const weights = specs.map(({ name, shape }) => ({ name, shape, values: new Float32Array(sizeOf(shape)) }));
      const model = await layersModel({ topology, weights });
      const shapes = outputShapes(topology);
      for (const { name, outputShape } of model.layers) expect(outputShape, name).toEqual([null, ...shapes.get(name)!]);
      const { height, width, classes } = options;
      const classifies = { 'small-cnn': 16, resnet50: 32 }[options.architecture as string];
      expect(model.outputs.map(({ shape }) => shape)).toEqual(
        classifies === undefined
          ? [[null, height, width, classes]]
          : [
              [null, classes],
              [null, height / classifies, width / classifies, classes],
            ],
      );
      for (const { name, weights: theirs } of model.layers) {
        const ours = specs.filter(({ layer }) => layer === name);
        expect(
          theirs.map((weight) => weight.shape),
          name,
        ).toEqual(ours.map(({ shape }) => shape));
      }
      expect(model.countParams()).toBe(specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
      model.dispose();
    },
  );

  it('has as many weights as that of segmentation_models with the same encoder', () => {
    const count = (classes: number) =>
      weightSpecs(buildNetwork({ ...large, classes })).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(count(4)).toBe(32_603_204);
    expect(count(5) - count(4)).toBe(3 * 3 * 16 + 1);
  });

  it('of a classifier is its encoder and one weight for each of its planes and class', () => {
    const names = (network: NetworkOptions) => weightSpecs(buildNetwork(network)).map(({ name }) => name);
    for (const [classifier, unet] of [
      [cnn, small],
      [resnet, large],
    ]) {
      const [head, ...encoder] = names(classifier).reverse();
      expect(head).toBe('heat/kernel');
      expect(names(unet).slice(0, encoder.length)).toEqual(encoder.reverse());
      expect(names(unet)[encoder.length]).toMatch(/^decoder_stage0/);
    }
    const count = weightSpecs(buildNetwork(resnet)).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    // Keras's count of ResNet50 without its top, and 2,048 weights for each of 4 classes.
    expect(count).toBe(23_587_712 + 4 * 2048);
  });

  it('has filters as told, doubled where planes are halved', () => {
    const filtersOf = (options: NetworkOptions, name: RegExp) =>
      buildNetwork(options)
        .config.layers.filter((layer) => name.test(layer.name))
        .map(({ config }) => config.filters);
    const thin = { ...small, filters: 3 };
    expect(filtersOf(thin, /^encoder\da_conv$/)).toEqual([3, 6, 12, 24, 48]);
    expect(filtersOf(thin, /^decoder_stage\da_conv$/)).toEqual([24, 12, 6, 3]);
    expect(filtersOf(small, /^encoder1a_conv$/)).toEqual([16]);
    expect(filtersOf({ ...large, filters: 8 }, /^(conv1|decoder_stage\da)_conv$/)).toEqual([64, 128, 64, 32, 16, 8]);
  });

  it.each<[Partial<NetworkOptions>, RegExp]>([
    [{ height: 40 }, /height is 40: small-unet takes multiples of 16/],
    [{ width: 0 }, /width is 0/],
    [{ architecture: 'unet-resnet50', height: 48, width: 64 }, /height is 48: unet-resnet50 takes multiples of 32/],
    [{ classes: 1 }, /1 classes/],
    [{ classes: 256 }, /256 classes/],
  ])('is refused with %j', (change, message) => {
    expect(() => buildNetwork({ ...small, ...change })).toThrow(message);
  });
});

describe('freezing', () => {
  const topology = buildNetwork(large);
  const weighty = new Set(weightSpecs(topology).map(({ layer }) => layer));
  const frozen = (freeze: Freeze) =>
    [...frozenLayers('unet-resnet50', topology, freeze)].filter((name) => weighty.has(name));

  it('takes nothing, the whole encoder, or its stages before the one that is named', () => {
    expect(frozen('none')).toEqual([]);
    expect(frozen('until:conv1')).toEqual([]);
    expect(frozen('until:conv2')).toEqual(['conv1_conv', 'conv1_bn']);
    // conv1, and 3 blocks of 3 convolutions and a projection, each with its batch norm.
    expect(frozen('until:conv3')).toHaveLength(2 * (1 + 3 * 3 + 1));
    expect(frozen('encoder')).toHaveLength(2 * 53);
    expect(frozen('encoder').some((name) => name.startsWith('decoder'))).toBe(false);
  });

  it('names the stages where one is asked for that is not there', () => {
    expect(encoderStages('small-unet')).toEqual(['encoder1', 'encoder2', 'encoder3', 'encoder4', 'encoder5']);
    expect(() => frozen('until:conv9')).toThrow(/conv1, conv2, conv3, conv4, conv5/);
    expect(() => frozen('conv2' as Freeze)).toThrow(/until:STAGE/);
  });
});
