import path from 'node:path';
import type { Finding } from '../record.js';
import { addTrainingReport } from '../report/training/report.js';
import type { RunResult } from '../requests.js';
import type { Training } from '../run-train.js';
import { runFacts, writeManifest } from '../sinks/manifest.js';
import { assess, type ClassifierAssessment, doubtsOf } from './assessment.js';
import { checkpointPath, type Progress, readCheckpoint } from './checkpoints.js';
import { monitored } from './history.js';
import { METRICS } from './metrics-table.js';
import { standing } from './standing.js';
import type { TrainContext } from './train-events.js';
import { FINDINGS, type TrainingJson, writeTraining } from './train-files.js';
import type { TrainEnd, TrainResult } from './train-request.js';
import type { LayerGraph } from './trainer.js';

export interface Finishing {
  writeModels(network: LayerGraph, assessed: ClassifierAssessment | null): string[];
  emit: TrainContext['emit'];
}

/** Exports the best epoch's model unless the training was interrupted, and writes training.json, report.html and run.json. */
export async function finishTraining(
  training: Training,
  progress: Progress,
  end: TrainEnd,
  { writeModels, emit }: Finishing,
): Promise<TrainResult> {
  const { request, call, plan, trainer } = training;
  const { monitor } = call;
  const { history, findings, seconds } = progress;
  const values = monitored(history, monitor);
  // Where the monitored figure was never defined, the last epoch is as good as any.
  const best = standing(values, monitor.goal).best ?? (history.length > 0 ? history.length - 1 : null);
  const models: string[] = [];
  let classification: ClassifierAssessment | null = null;
  if (end !== 'interrupted') {
    if (best !== null && best < history.length - 1) {
      await trainer.restore(readCheckpoint(checkpointPath(request.out, 'best'), null).state);
    }
    if (request.task === 'classification') classification = await assessTrained(training, emit);
    models.push(...writeModels(await trainer.layers(), classification));
  }
  const bestEpoch = best === null ? null : history[best].epoch;
  const files = [METRICS, FINDINGS].map((name) => path.join(request.out, name));
  const course: TrainingJson = {
    schema: 1,
    ...{ end, plan, bestEpoch, epochs: history, findings, trainer: trainer.info },
    models: models.map((file) => path.relative(request.out, file)),
    ...(classification && { classification }),
  };
  files.push(...models, writeTraining(request.out, course));
  const facts = manifestFacts(training, end);
  files.push(...(await addTrainingReport({ training: course, facts }, request.out, emit)));
  writeManifest(request.out, facts, files);
  return {
    ...{ folder: request.out, end, history, best, models, findings, seconds },
    monitor: { name: monitor.name, values },
    ...(classification && { classification }),
    trainer: trainer.info,
    counts: countsOf(findings),
  };
}

/** What the trainer as it is says of the validation, and what is chosen by it. */
async function assessTrained(
  { call, trainer, batches }: Training,
  emit: TrainContext['emit'],
): Promise<ClassifierAssessment> {
  const labels: number[] = [];
  const rows: Float32Array[] = [];
  for await (const batch of batches.validate()) {
    labels.push(...batch.labels);
    rows.push((await trainer.evaluate(batch)).maxProbability);
  }
  const { classes } = call.spec;
  const probabilities = new Float32Array(labels.length * classes.length);
  let at = 0;
  for (const row of rows) {
    probabilities.set(row, at);
    at += row.length;
  }
  const assessed = assess(classes, { labels, probabilities }, call.sensitivities);
  for (const message of doubtsOf(assessed)) emit({ type: 'note', message });
  return assessed;
}

function manifestFacts({ request, call, data, batches, plan, trainer, startedAt }: Training, end: TrainEnd) {
  const { argv, root, out: _, ...options } = request;
  const { engine, device, version } = trainer.info;
  const { height, width, architecture } = request.network;
  const selected = data.train.positions.length + data.val.positions.length;
  return runFacts(startedAt, {
    ...{ command: 'train', argv, inputs: { dataset: root }, options: { ...options, dataset: call.spec, plan } },
    engine: {
      ...{ engine, device, version, model: architecture, inputWidth: width, inputHeight: height },
      ...{ batch: request.batch, notes: [`${batches.steps} steps an epoch`] },
    },
    images: { selected, done: selected, resumed: 0 },
    interrupted: end === 'interrupted',
  });
}

/** Findings by rule and severity. */
export function countsOf(findings: readonly Finding[]): RunResult['counts'] {
  const counts = new Map<string, RunResult['counts'][number]>();
  for (const { rule, severity } of findings) {
    const key = `${rule} ${severity}`;
    const count = counts.get(key) ?? { rule, severity, findings: 0 };
    count.findings++;
    counts.set(key, count);
  }
  return [...counts.values()];
}
