import path from 'node:path';
import { UsageError } from '../pipeline/errors.js';
import { ARCHITECTURES, MONITORS } from '../pipeline/training/task.js';
import type { TrainRequest } from '../pipeline/training/train-request.js';
import type { Call } from './command.js';
import { normalised } from './loss-option.js';
import { TRAIN_DEFAULTS } from './train-defaults.js';
import type { TRAIN_OPTIONS } from './train-options.js';

type TrainCall = Pick<Call<typeof TRAIN_OPTIONS>, 'options' | 'origins' | 'words' | 'config' | 'argv'>;

/**
 * @param cwd absolute; `out`: absolute path of the run folder
 * @throws UsageError where options contradict each other
 */
export function trainRequest(call: TrainCall, { cwd, out }: { cwd: string; out: string }): TrainRequest {
  const { options, origins, words, config, argv } = call;
  const { task, filters, size, optimizer, momentum, clipNorm, cropClass } = options;
  const defaults = TRAIN_DEFAULTS[task];
  const crop = options.crop ?? defaults.crop;
  const architecture = options.architecture ?? ARCHITECTURES[task][0];
  const isSmall = architecture === 'small-unet' || architecture === 'small-cnn';
  if (options.resume && options.out === null) {
    throw new UsageError('--resume needs --out DIR: the run folder that it goes on in');
  }
  if (optimizer !== 'sgd' && origins.momentum === 'flag') {
    throw new UsageError('--momentum is for --optimizer sgd; adam has its own');
  }
  if (cropClass.length > 0 && crop === 1) {
    throw new UsageError('--crop-class needs --crop SHARE below 1: the whole image holds all of its classes');
  }
  if (isSmall && options.encoderWeights !== 'none') {
    const able = ARCHITECTURES[task].find((name) => name.endsWith('resnet50'));
    throw new UsageError(`--encoder-weights is for --architecture ${able}: the published weights are a ResNet50's`);
  }
  if (task === 'classification' && origins.decoder === 'flag') {
    throw new UsageError('--decoder is for --task segmentation: a classifier has none');
  }
  const { maskEncoding, nonCovid } = options;
  const stated = Object.fromEntries(
    Object.entries({ maskEncoding, nonCovid }).filter(([key]) => origins[key as 'nonCovid'] !== 'default'),
  );
  const channels = options.channels === null ? (isSmall ? 1 : 3) : Number(options.channels);
  const decoder = task === 'classification' ? null : options.decoder;
  const monitor = options.monitor ?? MONITORS[task];
  const { labelClass: labelClasses, sensitivity: sensitivities } = options;
  const { layout, subset, resplit, force, preprocess, encoderWeights, freeze, unfreeze, classWeights } = options;
  const { learningRate, warmUp, fallEvery, fallFactor, earlyStopping } = options;
  const { oversample, seed, jobs, device, resume, select, ignore, loss, normalise } = options;
  return {
    ...{ task, layout, subset, resplit, force, preprocess, encoderWeights, freeze, unfreeze, classWeights },
    ...{ epochs: options.epochs ?? defaults.epochs, batch: options.batch ?? defaults.batch },
    ...{ monitor, earlyStopping, oversample, labelClasses, sensitivities },
    augmentation: options.augment ?? defaults.augment,
    ...{ seed, jobs, device, resume, select, ignore, out, argv },
    root: path.resolve(cwd, words[0] ?? (config.options.dataset as string | undefined) ?? '.'),
    config: { ...config.dataset, ...stated },
    severity: config.severity,
    network: {
      ...{ architecture, decoder, height: size[0], width: size[1], channels: channels as 1 | 3 },
      ...(filters === null ? {} : { filters }),
    },
    loss: normalised(loss, normalise),
    optimizer: { kind: optimizer, clipNorm, ...(optimizer === 'sgd' ? { momentum } : {}) },
    schedule: {
      ...{ kind: options.schedule ?? defaults.schedule, rate: learningRate },
      ...{ warmUp, every: fallEvery, factor: fallFactor },
    },
    crop: { share: crop, classes: cropClass },
  };
}
