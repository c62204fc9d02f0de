import { UsageError } from '../errors.js';
import type { ModelCard } from './card.js';

export const PREPROCESSING_NAMES = ['unit', 'byte', 'signed', 'imagenet-torch', 'resnet50-caffe', 'zscore'] as const;
export type PreprocessingName = (typeof PREPROCESSING_NAMES)[number];

/** What becomes of a sample v in 0..255 of a channel: v x gain + offset, arrays in the order in which the model takes channels. */
export interface Preprocessing {
  /** For people: `unit`, or `explicit`. */
  name: PreprocessingName | 'explicit';
  gain: readonly number[];
  offset: readonly number[];
  /** The model takes blue first. */
  bgr: boolean;
  /** After `gain` and `offset`: minus the image's own mean, over its own standard deviation, all channels together. */
  zscore: boolean;
}

/** Means and deviations of RGB in 0..1 (torchvision's ImageNet normalisation). */
const TORCH_MEAN = [0.485, 0.456, 0.406];
const TORCH_STD = [0.229, 0.224, 0.225];
/** Means of BGR in 0..255 (keras.applications.resnet50.preprocess_input, mode `caffe`). */
const CAFFE_MEAN = [103.939, 116.779, 123.68];

/**
 * The arithmetic that a card's preprocessing stands for.
 * @throws UsageError where names and figures contradict each other, or do not go with the number of channels.
 */
export function choosePreprocessing(card: ModelCard, channels: 1 | 3, fallback: PreprocessingName): Preprocessing {
  if (card.mean !== undefined || card.std !== undefined || card.scale !== undefined) return explicit(card, channels);
  const name = card.preprocess ?? fallback;
  switch (name) {
    case 'unit':
      return affine(name, channels, 1 / 255, [0], [1]);
    case 'byte':
      return affine(name, channels, 1, [0], [1]);
    case 'signed':
      return affine(name, channels, 1 / 127.5, [1], [1]);
    case 'zscore':
      return { ...affine(name, channels, 1, [0], [1]), zscore: true };
    case 'imagenet-torch':
      needThree(name, channels);
      return affine(name, channels, 1 / 255, TORCH_MEAN, TORCH_STD);
    case 'resnet50-caffe':
      needThree(name, channels);
      return { ...affine(name, channels, 1, CAFFE_MEAN, [1]), bgr: true };
  }
}

function explicit(card: ModelCard, channels: 1 | 3): Preprocessing {
  if (card.preprocess !== undefined && card.preprocess !== 'unit' && card.preprocess !== 'byte') {
    throw new UsageError(
      `the model's card has preprocess "${card.preprocess}" and also mean, std or scale: take one of them away ` +
        '("unit" and "byte" may stand beside mean and std)',
    );
  }
  if (card.scale !== undefined && card.preprocess !== undefined) {
    throw new UsageError(
      `the model's card has both preprocess "${card.preprocess}" and scale ${card.scale}: take one of them away`,
    );
  }
  if (card.scale === undefined && card.preprocess === undefined) {
    throw new UsageError(
      'the model\'s card has mean or std without their range: add preprocess "unit" where they are of values in 0..1, ' +
        '"byte" where of 0..255, or a scale',
    );
  }
  const mean = card.mean ?? [0];
  const std = card.std ?? [1];
  for (const [key, values] of [
    ['mean', mean],
    ['std', std],
  ] as const) {
    if (values.length !== 1 && values.length !== channels) {
      throw new UsageError(`the model's card has ${values.length} values of ${key} for ${channels} channel(s)`);
    }
  }
  return affine('explicit', channels, card.scale ?? (card.preprocess === 'unit' ? 1 / 255 : 1), mean, std);
}

function affine(
  name: Preprocessing['name'],
  channels: number,
  scale: number,
  mean: readonly number[],
  std: readonly number[],
): Preprocessing {
  const at = (values: readonly number[], c: number) => values[values.length === 1 ? 0 : c];
  const gain = Array.from({ length: channels }, (_, c) => scale / at(std, c));
  const offset = Array.from({ length: channels }, (_, c) => 0 - at(mean, c) / at(std, c));
  return { name, gain, offset, bgr: false, zscore: false };
}

function needThree(name: string, channels: number): void {
  if (channels !== 3) throw new UsageError(`preprocess "${name}" is for 3 channels, and this model takes ${channels}`);
}
