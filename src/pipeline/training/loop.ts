import { setImmediate as turn } from 'node:timers/promises';
import type { startTrainingRules } from '../checks/training-rules.js';
import type { DatasetSpec } from '../dataset/dataset.js';
import { WorkError } from '../errors.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Finding } from '../record.js';
import type { Progress } from './checkpoints.js';
import type { Batches } from './data/batches.js';
import { type EpochLog, type Monitor, monitored } from './history.js';
import { learningRate, plateauFalls, type Schedule } from './schedules.js';
import { type SplitScores, startTally } from './scores.js';
import { standing } from './standing.js';
import type { TrainEnd, Unfreezing } from './train-request.js';
import type { Freeze, Trainer } from './trainer.js';

/** What the loop is made of and how long it goes. */
export interface LoopOptions {
  trainer: Trainer;
  batches: Batches;
  kernels: Kernels;
  dataset: DatasetSpec;
  rules: ReturnType<typeof startTrainingRules>;
  epochs: number;
  batch: number;
  schedule: Schedule;
  monitor: Monitor;
  earlyStopping: number | null;
  freeze: Freeze;
  unfreeze: readonly Unfreezing[];
  signal: AbortSignal;
}

/** A step as the loop made it; `step` and `epoch` from 1. */
export interface StepLog {
  pass: 'train' | 'val';
  epoch: number;
  step: number;
  steps: number;
  loss: number;
  learningRate: number;
  /** Images of the batch. */
  images: number;
  /** Steps of training since the beginning. */
  globalStep: number;
}

/** Who is told, and who saves. */
export interface LoopWatch {
  step(log: StepLog): void;
  epoch(log: EpochLog, best: boolean): void;
  finding(finding: Finding): void;
  fault(message: string): void;
  /** Between two steps, of which it is a moment that can be gone on from. `best`: the monitored figure has never been better. */
  save(progress: Progress, best: boolean): Promise<void>;
}

/**
 * Trains until the epochs are done, nothing gets better, or it is stopped; from the beginning or from where it was stopped.
 * @throws WorkError where a loss is not finite
 */
export async function runLoop(
  options: LoopOptions,
  from: Progress,
  watch: LoopWatch,
): Promise<{ progress: Progress; end: TrainEnd }> {
  const { trainer, batches, kernels, dataset, rules, epochs, schedule, monitor, signal } = options;
  const progress: Progress = { ...from, history: [...from.history], findings: [...from.findings] };
  const { history, findings } = progress;
  const total = epochs * batches.steps;
  const started = performance.now();
  const note = (found: readonly Finding[]) => {
    findings.push(...found);
    for (const finding of found) watch.finding(finding);
  };

  while (history.length < epochs && !hasStalled()) {
    const epoch = history.length;
    trainer.setFreeze(freezeAt(options, epoch));
    const falls = plateauFalls(schedule, monitored(history, monitor), monitor.goal);
    const rateAt = (step: number) => learningRate(schedule, { step, epoch, total }, falls);
    const tally = startTally(kernels, dataset, options.batch, progress.tally);

    for await (const batch of batches.train(epoch, progress.stepInEpoch)) {
      const rate = rateAt(progress.step);
      const { loss, gradientNorm, labels } = await trainer.step(batch, rate);
      const step = { epoch: epoch + 1, step: progress.stepInEpoch + 1, loss, gradientNorm, learningRate: rate };
      note(rules.step(step));
      requireFinite('the loss', loss, step);
      requireFinite("the gradients' norm", gradientNorm, step);
      for (const fault of batch.faults) watch.fault(fault);
      tally.add(batch, loss, labels);
      progress.step++;
      progress.stepInEpoch++;
      watch.step({ pass: 'train', ...step, steps: batches.steps, images: batch.count, globalStep: progress.step });
      // Messages of the threads and a signal arrive between two steps only.
      await turn();
      if (signal.aborted) return stop(tally.state());
    }

    const val = await validate(epoch, rateAt(progress.step - 1));
    if (val === null) return stop(tally.state());
    const log: EpochLog = {
      epoch: epoch + 1,
      step: progress.step,
      learningRate: rateAt(progress.step - 1),
      train: tally.scores(),
      val,
    };
    history.push(log);
    progress.stepInEpoch = 0;
    progress.tally = { lossSum: 0, images: 0, confusions: new Uint32Array() };
    const values = monitored(history, monitor);
    note(rules.epoch({ dataset, history, monitor: { name: monitor.name, goal: monitor.goal, values } }));
    requireFinite("the validation's loss", val.loss ?? 0, log);
    const best = standing(values, monitor.goal).sinceBest === 0;
    await watch.save(timed(), best);
    watch.epoch(log, best);
    if (signal.aborted && history.length < epochs) return { progress: timed(), end: 'interrupted' };
  }
  return { progress: timed(), end: history.length < epochs ? 'early-stopping' : 'epochs' };

  /** Null where it was stopped. */
  async function validate(epoch: number, rate: number): Promise<SplitScores | null> {
    const tally = startTally(kernels, dataset, options.batch);
    const steps = Math.ceil(batches.examples.val / options.batch);
    let step = 0;
    for await (const batch of batches.validate()) {
      const { loss, labels, maxProbability } = await trainer.evaluate(batch);
      for (const fault of batch.faults) watch.fault(fault);
      tally.add(batch, loss, labels, maxProbability);
      const at = { epoch: epoch + 1, step: ++step, steps, globalStep: progress.step };
      watch.step({ pass: 'val', ...at, loss, learningRate: rate, images: batch.count });
      await turn();
      if (signal.aborted && step < steps) return null;
    }
    return tally.scores();
  }

  async function stop(tally: Progress['tally']): Promise<{ progress: Progress; end: TrainEnd }> {
    progress.tally = tally;
    await watch.save(timed(), false);
    return { progress, end: 'interrupted' };
  }

  function timed(): Progress {
    progress.seconds = from.seconds + (performance.now() - started) / 1000;
    return progress;
  }

  function hasStalled(): boolean {
    const patience = options.earlyStopping;
    return patience !== null && standing(monitored(history, monitor), monitor.goal).sinceBest >= patience;
  }
}

/** What is frozen in an epoch, counted from 0. */
export function freezeAt({ freeze, unfreeze }: Pick<LoopOptions, 'freeze' | 'unfreeze'>, epoch: number): Freeze {
  let now = freeze;
  for (const later of [...unfreeze].sort((a, b) => a.epoch - b.epoch)) if (later.epoch <= epoch + 1) now = later.freeze;
  return now;
}

/** A step that was not finite has changed nothing, but weights that lead to one are not worth saving. */
function requireFinite(what: string, value: number, { epoch, step }: { epoch: number; step: number }): void {
  if (Number.isFinite(value)) return;
  const kept =
    epoch > 1
      ? 'the last checkpoint is that of the epoch before; go on from there'
      : 'no epoch was finished before it; begin again';
  throw new WorkError(
    `${what} is ${value} in epoch ${epoch}, step ${step}: nothing was saved of it, ${kept} with --resume and a lower ` +
      '--learning-rate, or with --clip-norm 1',
  );
}
