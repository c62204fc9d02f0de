import path from 'node:path';
import type { DatasetSpec } from './dataset/dataset.js';
import type { RunEvent } from './events.js';
import { readJournal } from './sinks/journal.js';
import type { Manifest } from './sinks/manifest.js';
import { AUDIT_FOLDER } from './training/data-audit.js';
import { monitored, monitorOf } from './training/history.js';
import type { TrainContext } from './training/train-events.js';
import type { TrainResult } from './training/train-request.js';
import { countsOf } from './training/train-result.js';
import type { TrainingRun } from './viewing/training-run.js';

/** The recipe of `show` for a training: told as the training told it. Writes nothing. */
export function runShowTraining(
  folder: string,
  { training, facts }: TrainingRun,
  emit: TrainContext['emit'],
): TrainResult {
  const { plan, trainer, epochs, findings, bestEpoch, end, models, classification } = training;
  const network = (facts.options.network as { architecture: string }).architecture;
  const history = [...epochs];
  for (const event of discovered(folder, facts)) emit({ type: 'audit', event });
  emit({ type: 'plan', plan });
  emit({ type: 'trainer', info: trainer, network });
  emit({ type: 'history', history });
  for (const finding of findings) emit({ type: 'finding', finding });
  const best = history.findIndex(({ epoch }) => epoch === bestEpoch);
  const result: TrainResult = {
    ...{ folder, end, history, trainer },
    best: best === -1 ? null : best,
    monitor: { name: plan.monitor, values: monitored(history, monitorOf(plan.monitor, plan.task, plan.classes)) },
    models: models.map((file) => path.join(folder, file)),
    ...(classification && { classification }),
    findings: [...findings],
    counts: countsOf(findings),
    seconds: (facts as Partial<Manifest>).seconds ?? 0,
  };
  emit({ type: 'finished', result });
  return result;
}

/** The splits as the audit of the data has found them: an untouched test split is what a model is tried on next. */
function discovered(folder: string, { inputs, options }: TrainingRun['facts']): RunEvent[] {
  if (options.resplit) return [];
  const { layout, subset } = options.dataset as DatasetSpec;
  try {
    const splits: Record<string, number> = {};
    let images = 0;
    for (const { split } of readJournal(path.join(folder, AUDIT_FOLDER)).records()) {
      splits[split] = (splits[split] ?? 0) + 1;
      images++;
    }
    return [{ type: 'discovered', dataset: inputs.dataset as string, layout, subset, images, splits, notes: [] }];
  } catch {
    // Nothing else needs it.
    return [];
  }
}
