import { existsSync } from 'node:fs';
import path from 'node:path';
import { selectRules, severitiesByCode, trainingRulesFor } from './checks/select.js';
import { startTrainingRules } from './checks/training-rules.js';
import { UsageError } from './errors.js';
import { createKernels } from './kernels/load.js';
import type { ModelCard } from './model/card.js';
import { claimFolder } from './sinks/run-folder.js';
import type { ClassifierAssessment } from './training/assessment.js';
import { type CheckedCall, checkCall } from './training/check-call.js';
import { BEGINNING, type Checkpoint, checkpointPath, readCheckpoint } from './training/checkpoints.js';
import { type Batches, openBatches } from './training/data/batches.js';
import { AUDIT_FOLDER } from './training/data-audit.js';
import { runLoop } from './training/loop.js';
import { planOf } from './training/plan.js';
import { prepareData, type TrainData } from './training/prepare.js';
import { cardOf, exampleSettings, identityOf, trainerOptions } from './training/settings.js';
import type { TrainContext, TrainPlan } from './training/train-events.js';
import { openTrainLog } from './training/train-log.js';
import type { TrainRequest, TrainResult } from './training/train-request.js';
import { finishTraining } from './training/train-result.js';
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
 * scored, judged, logged and saved.
 *
 * check -> audit -> batches -> (step -> score) -> validate -> judge -> save -> the best epoch's model
 *
 * @returns null where it was interrupted before the first step
 */
export async function runTrain(
  request: TrainRequest,
  context: TrainContext,
  tools: TrainTools,
): Promise<TrainResult | null> {
  const startedAt = new Date();
  const call = checkCall(request);
  const resumed = openResumed(request, call, context);
  const claim = claimFolder(request.out);
  try {
    const data = await prepareData(request, call, context);
    if (data === null) return null;
    const batches = openBatches({
      ...{ discovery: call.discovery, train: data.train, val: data.val, oversampling: call.oversampling },
      ...{ batch: request.batch, jobs: request.jobs, settings: exampleSettings(request, call) },
    });
    try {
      const plan = planOf(request, call, data, batches);
      context.emit({ type: 'plan', plan });
      const trainer = await openFor(request, call, data, { tools, context, resumed });
      try {
        return await trainOn({ request, call, data, batches, plan, trainer, resumed, startedAt }, context, tools);
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

/** All that the loop goes on. */
export interface Training {
  request: TrainRequest;
  call: CheckedCall;
  data: TrainData;
  batches: Batches;
  plan: TrainPlan;
  trainer: Trainer;
  resumed: Checkpoint | null;
  startedAt: Date;
}

async function trainOn(training: Training, context: TrainContext, tools: TrainTools): Promise<TrainResult> {
  const { request, call, data, batches, trainer, resumed } = training;
  const { spec, monitor } = call;
  const from = resumed?.progress ?? { ...BEGINNING, findings: data.findings };
  for (const finding of resumed ? [] : data.findings) context.emit({ type: 'finding', finding });
  const rules = startTrainingRules({
    rules: trainingRulesFor(spec, selectRules(request.select, request.ignore)),
    severity: severitiesByCode(request.severity),
    classes: spec.classes.map(({ key }) => key),
  });
  const log = openTrainLog({ ...training, identity: identityOf(request, call), from }, context);
  try {
    const loop = { ...request, ...{ trainer, batches, rules, monitor, dataset: spec, kernels: createKernels() } };
    const { progress, end } = await runLoop({ ...loop, signal: context.signal }, from, log);
    context.emit({ type: 'finishing' });
    const writeModels = (network: LayerGraph, assessed: ClassifierAssessment | null) =>
      tools.writeModels(request.out, network, cardOf(request, call, assessed));
    const result = await finishTraining(training, progress, end, { writeModels, emit: context.emit });
    context.emit({ type: 'finished', result });
    return result;
  } finally {
    log.close();
  }
}

async function openFor(
  request: TrainRequest,
  call: CheckedCall,
  { classWeights }: TrainData,
  { tools, context, resumed }: { tools: TrainTools; context: TrainContext; resumed: Checkpoint | null },
): Promise<Trainer> {
  const { encoderWeights: choice } = request;
  const named = typeof choice === 'string' ? choice : choice.file;
  // A checkpoint holds the encoder's weights.
  const drawn = choice === 'none' || resumed !== null;
  const weights = drawn ? null : await tools.encoderWeights(named, context);
  const trainer = await tools.openTrainer(trainerOptions(request, call, classWeights, weights));
  try {
    context.emit({ type: 'trainer', info: trainer.info, network: request.network.architecture });
    if (choice === 'none' && request.freeze !== 'none') {
      context.emit({ type: 'note', message: 'what is frozen keeps weights that were drawn: nobody trained them' });
    }
    if (resumed === null) return trainer;
    await trainer.restore(resumed.state);
    const { history, stepInEpoch, findings } = resumed.progress;
    context.emit({ type: 'resumed', epoch: history.length + 1, step: stepInEpoch, history, findings });
    return trainer;
  } catch (error) {
    trainer.close();
    throw error;
  }
}

/**
 * The checkpoint that a call goes on from; null where it begins.
 * @throws UsageError where there is nothing to resume, or something that a new training would overwrite
 */
function openResumed(request: TrainRequest, call: CheckedCall, { emit }: TrainContext): Checkpoint | null {
  const { out, resume } = request;
  const last = checkpointPath(out, 'last');
  if (!resume) {
    if (!existsSync(last)) return null;
    throw new UsageError(`${out} holds a training: go on with --resume, or begin in another --out`);
  }
  if (existsSync(last)) return readCheckpoint(last, identityOf(request, call));
  if (!existsSync(path.join(out, AUDIT_FOLDER))) {
    throw new UsageError(`nothing to resume: there is no ${last}; leave --resume out to begin`);
  }
  emit({ type: 'note', message: 'the interrupted run had saved no step yet: this one begins with the first' });
  return null;
}
