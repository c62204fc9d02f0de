import type { LayerClass } from '../trainer.js';
import { conv2d, conv2dTranspose } from './convolutions.js';
import { add, concatenate } from './joins.js';
import type { LayerRule } from './layer-rule.js';
import { batchNormalization, relu } from './norm-and-activation.js';
import { globalAveragePooling2d, maxPooling2d, upSampling2d, zeroPadding2d } from './sizes.js';

/** All but the input, which computes nothing. `Activation` is ReLU here: a softmax is at the end, and the loss's affair. */
export const LAYER_RULES: Record<Exclude<LayerClass, 'InputLayer'>, LayerRule> = {
  ZeroPadding2D: zeroPadding2d,
  Conv2D: conv2d,
  Conv2DTranspose: conv2dTranspose,
  BatchNormalization: batchNormalization,
  Activation: relu,
  MaxPooling2D: maxPooling2d,
  UpSampling2D: upSampling2d,
  GlobalAveragePooling2D: globalAveragePooling2d,
  Concatenate: concatenate,
  Add: add,
};
