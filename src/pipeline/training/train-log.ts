import path from 'node:path';
import type { Finding } from '../record.js';
import { checkpointPath, type Identity, type Progress, saveCheckpoint } from './checkpoints.js';
import type { Batches } from './data/batches.js';
import type { LoopWatch } from './loop.js';
import { metricsOf, writeMetrics } from './metrics-table.js';
import type { TrainContext, TrainPlan } from './train-events.js';
import { openTensorboard, writeFindings } from './train-files.js';
import { createTrainProgress } from './train-progress.js';
import type { TrainRequest } from './train-request.js';
import type { Trainer } from './trainer.js';

/** What the log needs to know of the run. */
export interface LogOptions {
  request: Pick<TrainRequest, 'out' | 'epochs' | 'batch'>;
  trainer: Trainer;
  batches: Pick<Batches, 'examples'>;
  plan: Pick<TrainPlan, 'task' | 'classes'>;
  identity: Identity;
  from: Progress;
}

/** Tells of a training and keeps it: events, metrics.csv, findings.csv, TensorBoard's files, checkpoints. */
export function openTrainLog(options: LogOptions, context: TrainContext): LoopWatch & { close(): void } {
  const { request, trainer, batches, plan, identity, from } = options;
  const { out, epochs, batch } = request;
  const findings: Finding[] = [...from.findings];
  const history = [...from.history];
  const metrics = metricsOf(plan.task, plan.classes);
  const tensorboard = openTensorboard(out, metrics, from.step === 0 ? null : from.step);
  const perEpoch = batches.examples.train + batches.examples.val;
  const done = history.length * perEpoch + Math.min(from.stepInEpoch * batch, batches.examples.train);
  const progress = createTrainProgress({ done, total: epochs * perEpoch }, context);
  const started = performance.now();
  const keep = () => {
    writeMetrics(out, metrics, history);
    writeFindings(out, findings);
  };
  // An epoch whose checkpoint was the last thing to be written has its row now.
  keep();
  return {
    step(log) {
      if (log.pass === 'train') tensorboard.step(log.globalStep, log.loss);
      progress(log);
    },
    finding(finding) {
      findings.push(finding);
      writeFindings(out, findings);
      context.emit({ type: 'finding', finding });
    },
    fault: (message) => context.emit({ type: 'note', message: `left out: ${message}` }),
    async save(at, best) {
      const checkpoint = { progress: at, state: await trainer.state() };
      for (const kind of saveCheckpoint(out, checkpoint, identity, best)) {
        const file = path.relative(out, checkpointPath(out, kind));
        context.emit({ type: 'checkpoint', kind, file, epoch: at.history.length });
      }
    },
    epoch(log, best) {
      history.push(log);
      keep();
      tensorboard.epoch(log);
      context.emit({ type: 'epoch', log, epochs, best, seconds: (performance.now() - started) / 1000 });
    },
    close: tensorboard.close,
  };
}
