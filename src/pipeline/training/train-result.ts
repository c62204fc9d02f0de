import path from 'node:path';
import type { Finding } from '../record.js';
import type { RunResult } from '../requests.js';
import type { Training } from '../run-train.js';
import { runFacts, writeManifest } from '../sinks/manifest.js';
import { checkpointPath, type Progress, readCheckpoint } from './checkpoints.js';
import { monitored } from './history.js';
import { METRICS } from './metrics-table.js';
import { standing } from './standing.js';
import { FINDINGS, writeTraining } from './train-files.js';
import type { TrainEnd, TrainResult } from './train-request.js';
import type { LayerGraph } from './trainer.js';

/** Exports the best epoch's model unless the training was interrupted, and writes training.json and run.json. */
export async function finishTraining(
  training: Training,
  progress: Progress,
  end: TrainEnd,
  writeModels: (network: LayerGraph) => string[],
): Promise<TrainResult> {
  const { request, call, plan, trainer } = training;
  const { monitor } = call;
  const { history, findings, seconds } = progress;
  const values = monitored(history, monitor);
  // Where the monitored figure was never defined, the last epoch is as good as any.
  const best = standing(values, monitor.goal).best ?? (history.length > 0 ? history.length - 1 : null);
  const models: string[] = [];
  if (end !== 'interrupted') {
    if (best !== null && best < history.length - 1) {
      await trainer.restore(readCheckpoint(checkpointPath(request.out, 'best'), null).state);
    }
    models.push(...writeModels(await trainer.layers()));
  }
  const bestEpoch = best === null ? null : history[best].epoch;
  const files = [METRICS, FINDINGS].map((name) => path.join(request.out, name));
  files.push(...models, writeTraining(request.out, { schema: 1, end, plan, bestEpoch, epochs: history }));
  writeManifest(request.out, manifestFacts(training, end), files);
  return {
    ...{ folder: request.out, end, history, best, models, findings, seconds },
    monitor: { name: monitor.name, values },
    trainer: trainer.info,
    counts: countsOf(findings),
  };
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

function countsOf(findings: readonly Finding[]): RunResult['counts'] {
  const counts = new Map<string, RunResult['counts'][number]>();
  for (const { rule, severity } of findings) {
    const key = `${rule} ${severity}`;
    const count = counts.get(key) ?? { rule, severity, findings: 0 };
    count.findings++;
    counts.set(key, count);
  }
  return [...counts.values()];
}
