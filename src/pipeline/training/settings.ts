import type { ModelCard } from '../model/card.js';
import { choosePreprocessing, type PreprocessingName } from '../model/preprocessing.js';
import type { ClassifierAssessment } from './assessment.js';
import type { CheckedCall } from './check-call.js';
import type { Identity } from './checkpoints.js';
import { weightedLoss } from './class-weights.js';
import type { ExampleSettings } from './data/example-reader.js';
import type { TrainRequest } from './train-request.js';
import type { NamedTensor, TrainerOptions } from './trainer.js';

/** The card of the models that are exported: what an audit has to know to feed them as the training did. */
export function cardOf(request: TrainRequest, { spec }: CheckedCall, assessed: ClassifierAssessment | null): ModelCard {
  const { height, width, channels, architecture } = request.network;
  return {
    description: `${architecture}, trained by maskaudit`,
    size: [height, width],
    channels,
    preprocess: preprocessingOf(request),
    resize: 'bilinear',
    output: 'softmax',
    classes: spec.classes.map(({ key }) => key),
    ...(request.task === 'classification' && { task: request.task, outputName: 'probabilities', heatOutput: 'heat' }),
    ...(assessed && decisionsOf(assessed)),
  };
}

/** How the answers of a classifier are to be read, as far as the validation could say. */
function decisionsOf({
  temperature,
  operatingPoints,
}: ClassifierAssessment): Pick<ModelCard, 'temperature' | 'decide'> {
  const chosen = operatingPoints.flatMap((point) => (point.threshold === null ? [] : [[point.class, point.threshold]]));
  return {
    ...(temperature !== null && { temperature }),
    ...(chosen.length > 0 && { decide: Object.fromEntries(chosen) }),
  };
}

/** What the published encoder was trained with, where it is used. */
function preprocessingOf({ preprocess, encoderWeights }: TrainRequest): PreprocessingName {
  return preprocess ?? (encoderWeights === 'none' ? 'unit' : 'resnet50-caffe');
}

export function exampleSettings(request: TrainRequest, { spec, cropClasses }: CheckedCall): ExampleSettings {
  const { root, network, augmentation, crop, seed } = request;
  const { height, width, channels } = network;
  return {
    ...{ root, dataset: spec, size: { height, width }, channels, augmentation, seed },
    crop: { share: crop.share, classes: cropClasses },
    preprocessing: choosePreprocessing({ preprocess: preprocessingOf(request) }, channels, 'unit'),
  };
}

export function trainerOptions(
  request: TrainRequest,
  { spec }: CheckedCall,
  classWeights: readonly number[] | null,
  encoderWeights: readonly NamedTensor[] | null,
): TrainerOptions {
  const { network, optimizer, freeze, seed, loss } = request;
  const classes = spec.classes.length;
  return { ...network, classes, loss: weightedLoss(loss, classWeights), optimizer, freeze, seed, encoderWeights };
}

/** What a resumed run must have in common with the one before; rate, schedule, loss, freezing and length may change. */
export function identityOf(request: TrainRequest, { spec }: CheckedCall): Identity {
  const { task, root, resplit, network, batch, oversample, crop, augmentation, seed, optimizer } = request;
  return {
    ...{ task, root, dataset: spec, resplit, network, batch, oversample, crop, augmentation, seed },
    ...{ optimizer: optimizer.kind, preprocess: preprocessingOf(request) },
  };
}
