import { PREPROCESSING_NAMES } from '../pipeline/model/preprocessing.js';
import { ARCHITECTURES, MONITORS, TASKS } from '../pipeline/training/task.js';
import { LOSS } from './loss-option.js';
import { choice, list, number, type Option, toggle } from './option.js';
import { OPTIONS, pick } from './options.js';
import { defaultText } from './train-defaults.js';
import {
  AUGMENT,
  CLASS_WEIGHTS,
  ENCODER_WEIGHTS,
  FREEZE,
  OVERSAMPLE,
  SENSITIVITY,
  SIZE,
  UNFREEZE,
} from './train-values.js';

const ANY = Number.MAX_SAFE_INTEGER;

const model = 'What is trained';
const examples = 'Loss and examples';
const steps = 'Steps and epochs';

const monitor: Option<string | null> = {
  group: steps,
  placeholder: 'COLUMN',
  describe: 'the column of metrics.csv that decides which epoch is the best, e.g. val_iou_covid, val_auc_covid',
  kind: 'value',
  parse: ([text]) => text.trim(),
  fallback: null,
  fallbackText: `${MONITORS.segmentation}, to classify ${MONITORS.classification}`,
};

/** Options of `train`; those of the data are the audit's. */
export const TRAIN_OPTIONS = {
  ...pick(OPTIONS, ['layout', 'subset', 'maskEncoding', 'nonCovid']),

  task: choice(TASKS, 'segmentation', {
    group: model,
    describe: 'what the model will answer: the class of each pixel, or that of the image',
  }),
  architecture: choice([...ARCHITECTURES.segmentation, ...ARCHITECTURES.classification], null, {
    group: model,
    describe:
      'a U-Net with a ResNet50 encoder (32.6 million weights) or a small one; to classify, the encoders alone (default: the one with ResNet50)',
  }),
  labelClass: list('NAME', null, {
    group: model,
    describe: 'classification, layout masks: the classes that an image may be of; repeatable or with commas',
    fallbackText: 'all but background',
  }),
  decoder: choice(['upsample', 'transpose'], 'upsample', {
    group: model,
    describe: 'how a U-Net doubles planes: nearest neighbours and a convolution, or a transposed convolution',
  }),
  filters: number({ min: 1, max: 256 }, null, {
    group: model,
    describe:
      'of planes of full size, doubled where they are halved: fewer for a smaller model; a ResNet50 has its own (default: 16)',
  }),
  size: SIZE,
  channels: choice(['1', '3'], null, {
    group: model,
    describe: 'channels of its input; gray images are repeated over 3 (default: 3, small networks 1)',
  }),
  preprocess: choice(PREPROCESSING_NAMES, null, {
    group: model,
    describe: 'what becomes of gray values (default: unit, with --encoder-weights resnet50-caffe)',
  }),
  encoderWeights: ENCODER_WEIGHTS,
  freeze: FREEZE,
  unfreeze: UNFREEZE,

  loss: LOSS,
  classWeights: CLASS_WEIGHTS,
  normalise: choice(['weights', 'pixels'], 'weights', {
    group: examples,
    describe: "what a weighted loss is divided by: the pixels' class weights (as PyTorch), or their number (as Keras)",
  }),
  oversample: OVERSAMPLE,
  crop: number({ min: 0.05, max: 1, whole: false }, null, {
    group: examples,
    fallbackText: defaultText('crop'),
    describe: 'train on windows of this share of the width and height, at random places',
  }),
  cropClass: list('CLASS', [], {
    group: examples,
    describe: 'windows contain a pixel of these classes where the image has one; repeatable or with commas',
  }),
  augment: AUGMENT,
  resplit: toggle({
    group: examples,
    describe: 'split the dataset anew, patients and duplicates kept together, in place of the published splits',
  }),
  force: toggle({ group: examples, describe: 'train in spite of errors in the data' }),

  epochs: number({ min: 1, max: ANY }, null, {
    group: steps,
    fallbackText: defaultText('epochs'),
    describe: 'how often the training split is gone through',
  }),
  batch: number({ min: 1, max: 4096 }, null, {
    group: steps,
    fallbackText: defaultText('batch'),
    describe: 'images of a step',
  }),
  optimizer: choice(['adam', 'sgd'], 'adam', { group: steps, describe: 'how weights follow gradients' }),
  momentum: number({ min: 0, max: 0.9999, whole: false }, 0, { group: steps, describe: 'of sgd' }),
  learningRate: number({ min: 1e-12, max: 100, whole: false }, 1e-3, { group: steps, describe: 'the highest rate' }),
  schedule: choice(['constant', 'cosine', 'step', 'plateau'], null, {
    group: steps,
    fallbackText: defaultText('schedule'),
    describe: 'how the rate falls: not, to 0 in half a wave, every --fall-every epochs, or after as many without gain',
  }),
  warmUp: number({ min: 0, max: ANY }, 0, { group: steps, describe: 'steps in which the rate rises to its height' }),
  fallEvery: number({ min: 1, max: ANY }, 5, { group: steps, describe: 'epochs, for the schedules step and plateau' }),
  fallFactor: number({ min: 0.0001, max: 0.9999, whole: false }, 0.1, {
    group: steps,
    describe: 'what the rate is multiplied by at a fall',
  }),
  clipNorm: number({ min: 1e-9, max: 1e9, whole: false }, null, {
    group: steps,
    describe: "the gradients' greatest norm, all of them together",
  }),
  earlyStopping: number({ min: 1, max: ANY }, null, {
    group: steps,
    describe: 'stop after so many epochs in which the monitored figure was not bettered',
  }),
  monitor,
  sensitivity: SENSITIVITY,

  ...pick(OPTIONS, ['select', 'ignore', 'failOn', 'out', 'format', 'ui', 'quiet']),
  ...pick(OPTIONS, ['device', 'jobs', 'seed', 'resume', 'config', 'debug']),
} as const;
