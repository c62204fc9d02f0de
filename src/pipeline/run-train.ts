import path from 'node:path';
import { selectRules, severitiesByCode } from './checks/select.js';
import { startTrainingRules } from './checks/training-rules.js';
import { createKernels } from './kernels/load.js';
import type { ModelCard } from './model/card.js';
import { choosePreprocessing, type PreprocessingName } from './model/preprocessing.js';
import type { RunResult } from './requests.js';
import { runFacts, writeManifest } from './sinks/manifest.js';
import { claimFolder } from './sinks/run-folder.js';
import { BEGINNING, checkpointPath, type Identity, type Progress, readCheckpoint } from './training/checkpoints.js';
import { weightedLoss } from './training/class-weights.js';
import { type Batches, openBatches } from './training/data/batches.js';
import { monitored } from './training/history.js';
import { runLoop } from './training/loop.js';
import { METRICS } from './training/metrics-table.js';
import { prepareData, type TrainData } from './training/prepare.js';
import { standing } from './training/standing.js';
import type { TrainContext, TrainPlan } from './training/train-events.js';
import { writeTraining } from './training/train-files.js';
import { openTrainLog } from './training/train-log.js';
import type { TrainRequest, TrainResult } from './training/train-request.js';
import type { LayerGraph, NamedTensor, Trainer, TrainerOptions } from './training/trainer.js';

/** What a training computes and exports with. */
export interface TrainTools {
  openTrainer(options: TrainerOptions): Promise<Trainer>;
  /** Weights of the encoder by Keras's names, of a file or `imagenet`. */
  encoderWeights(choice: string, context: TrainContext): Promise<NamedTensor[]>;
  /** Writes the final model into a folder in each of its forms, with cards; returns their paths. */
  writeModels(folder: string, network: LayerGraph, card: ModelCard): string[];
}

/**
 * The recipe of `train`: the data is audited, then batches are made ahead of the steps that learn from them, and every epoch is
 * scored, logged and saved.
 *
 * audit -> examples -> batches -> step, score -> validate -> judge, save -> the best epoch's model
 *
 * @returns null where it was interrupted before the first step
 */
export async function runTrain(
  request: TrainRequest,
  context: TrainContext,
  tools: TrainTools,
): Promise<TrainResult | null> {
  const claim = claimFolder(request.out);
  try {
    const data = await prepareData(request, context);
    if (data === null) return null;
    const opened = readResumed(request, data);
    const batches = openBatches({
      ...{ discovery: data.discovery, train: data.train, val: data.val, oversampling: data.oversampling },
      ...{ batch: request.batch, jobs: request.jobs, settings: exampleSettings(request, data) },
    });
    try {
      const plan = planOf(request, data, batches);
      context.emit({ type: 'plan', plan });
      const trainer = await tools.openTrainer(await trainerOptions(request, data, tools, context, opened !== null));
      try {
        return await trainOn({ request, data, batches, trainer, plan, opened }, context, tools);
      } finally {
        trainer.close();
      }
    } finally {
      await batches.close();
    }
  } finally {
    claim.release();
  }
}

interface Opened {
  request: TrainRequest;
  data: TrainData;
  batches: Batches;
  trainer: Trainer;
  plan: TrainPlan;
  opened: ReturnType<typeof readResumed>;
}

async function trainOn(
  { request, data, batches, trainer, plan, opened }: Opened,
  context: TrainContext,
  tools: TrainTools,
): Promise<TrainResult> {
  const startedAt = new Date();
  const { spec, monitor } = data;
  // Every stage that will be named has to be one now, not in an epoch to come.
  for (const { freeze } of request.unfreeze) trainer.setFreeze(freeze);
  trainer.setFreeze(request.freeze);
  context.emit({ type: 'trainer', info: trainer.info, network: request.network.architecture });
  const from: Progress = opened?.progress ?? { ...BEGINNING, findings: data.findings };
  if (opened) {
    await trainer.restore(opened.state);
    const { history, step } = from;
    context.emit({ type: 'resumed', epoch: history.length + 1, step: from.stepInEpoch, history });
    void step;
  }
  const severity = severitiesByCode(request.severity);
  const classes = spec.classes.map(({ key }) => key);
  const rules = startTrainingRules({ rules: selectRules(request.select, request.ignore), severity, classes });
  const perEpoch = batches.examples.train + batches.examples.val;
  const done = from.history.length * perEpoch + Math.min(from.stepInEpoch * request.batch, batches.examples.train);
  const work = { done, total: request.epochs * perEpoch };
  const log = openTrainLog({ request, trainer, identity: identityOf(request, data), classes, from, work }, context);
  try {
    const options = { ...request, ...{ trainer, batches, rules, monitor }, kernels: createKernels(), dataset: spec };
    const { progress, end } = await runLoop({ ...options, signal: context.signal }, from, log);
    context.emit({ type: 'finishing' });
    const { history, findings, seconds } = progress;
    const values = monitored(history, monitor);
    const best = standing(values, monitor.goal).best ?? (history.length > 0 ? history.length - 1 : null);
    const files = [METRICS, 'findings.csv'].map((name) => path.join(request.out, name));
    const models = end === 'interrupted' ? [] : await exportBest(request, data, trainer, history.length, best, tools);
    files.push(...models, checkpointPath(request.out, 'last'));
    const bestEpoch = best === null ? null : history[best].epoch;
    files.push(writeTraining(request.out, { schema: 1, end, plan, bestEpoch, epochs: history }));
    writeManifest(request.out, manifestFacts(startedAt, request, { data, batches, trainer, plan, end }), files);
    const result: TrainResult = {
      ...{ folder: request.out, end, history, best, models, findings, seconds },
      monitor: { name: monitor.name, values },
      trainer: trainer.info,
      counts: countsOf(findings),
    };
    context.emit({ type: 'finished', result });
    return result;
  } finally {
    log.close();
  }
}

/** The weights of the best epoch, which a checkpoint holds unless it is the last one. */
async function exportBest(
  request: TrainRequest,
  data: TrainData,
  trainer: Trainer,
  epochs: number,
  best: number | null,
  { writeModels }: TrainTools,
): Promise<string[]> {
  if (best !== null && best < epochs - 1) {
    await trainer.restore(readCheckpoint(checkpointPath(request.out, 'best'), null).state);
  }
  return writeModels(request.out, trainer.layers(), cardOf(request, data));
}

function cardOf(request: TrainRequest, { spec }: TrainData): ModelCard {
  const { height, width, channels, architecture } = request.network;
  return {
    description: `${architecture}, trained by maskaudit`,
    size: [height, width],
    channels,
    preprocess: preprocessingOf(request),
    resize: 'bilinear',
    output: 'softmax',
    classes: spec.classes.map(({ key }) => key),
  };
}

/** What the published encoder was trained with, where it is used. */
function preprocessingOf({ preprocess, encoderWeights }: TrainRequest): PreprocessingName {
  return preprocess ?? (encoderWeights === 'none' ? 'unit' : 'resnet50-caffe');
}

function exampleSettings(request: TrainRequest, { spec, cropClasses }: TrainData) {
  const { root, network, augmentation, crop, seed } = request;
  const { height, width, channels } = network;
  return {
    ...{ root, dataset: spec, size: { height, width }, channels, augmentation, seed },
    crop: { share: crop.share, classes: cropClasses },
    preprocessing: choosePreprocessing({ preprocess: preprocessingOf(request) }, channels, 'unit'),
  };
}

/** @param isResumed the checkpoint holds the encoder's weights then */
async function trainerOptions(
  request: TrainRequest,
  { spec, classWeights }: TrainData,
  tools: TrainTools,
  context: TrainContext,
  isResumed: boolean,
): Promise<TrainerOptions> {
  const { network, optimizer, freeze, seed, encoderWeights: choice } = request;
  const named = typeof choice === 'string' ? choice : choice.file;
  return {
    ...network,
    classes: spec.classes.length,
    loss: weightedLoss(request.loss, classWeights),
    ...{ optimizer, freeze, seed },
    encoderWeights: choice === 'none' || isResumed ? null : await tools.encoderWeights(named, context),
  };
}

/** What a resumed run must have in common with the one before; rates, schedule, loss and length may change. */
function identityOf(request: TrainRequest, { spec }: TrainData): Identity {
  const { task, root, resplit, network, batch, oversample, crop, augmentation, seed, optimizer } = request;
  return {
    ...{ task, root, dataset: spec, resplit, network, batch, oversample, crop, augmentation, seed },
    ...{ optimizer: optimizer.kind, preprocess: preprocessingOf(request) },
  };
}

function readResumed(request: TrainRequest, data: TrainData) {
  return request.resume ? readCheckpoint(checkpointPath(request.out, 'last'), identityOf(request, data)) : null;
}

function planOf(request: TrainRequest, { spec, train, val, classWeights }: TrainData, batches: Batches): TrainPlan {
  const { classWeights: asked, epochs, batch, monitor } = request;
  return {
    classes: spec.classes.map(({ key }) => key),
    classWeights,
    weightsFrom: typeof asked === 'string' ? asked : 'given',
    trainPixels: train.frequencies.map(({ pixels }) => pixels),
    ...{ train: train.positions.length, val: val.positions.length, examples: batches.examples.train },
    leftOut: { train: train.leftOut, val: val.leftOut },
    ...{ epochs, steps: batches.steps, batch, monitor },
  };
}

function manifestFacts(
  startedAt: Date,
  request: TrainRequest,
  { data, batches, trainer, plan, end }: Omit<Opened, 'request' | 'opened'> & { end: TrainResult['end'] },
) {
  const { argv, root, out: _, argv: __, ...options } = request;
  const { engine, device, version } = trainer.info;
  const { height, width, architecture } = request.network;
  const selected = data.train.positions.length + data.val.positions.length;
  return runFacts(startedAt, {
    ...{ command: 'train', argv, inputs: { dataset: root }, options: { ...options, dataset: data.spec, plan } },
    engine: {
      ...{ engine, device, version, model: architecture, inputWidth: width, inputHeight: height },
      ...{ batch: request.batch, notes: [`${batches.steps} steps an epoch`] },
    },
    images: { selected, done: selected, resumed: 0 },
    interrupted: end === 'interrupted',
  });
}

function countsOf(findings: TrainResult['findings']): RunResult['counts'] {
  const counts = new Map<string, RunResult['counts'][number]>();
  for (const { rule, severity } of findings) {
    const key = `${rule} ${severity}`;
    const count = counts.get(key) ?? { rule, severity, findings: 0 };
    count.findings++;
    counts.set(key, count);
  }
  return [...counts.values()];
}
