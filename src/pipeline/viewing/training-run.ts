import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import type { RunFacts } from '../sinks/manifest.js';
import { checkpointPath } from '../training/checkpoints.js';
import { AUDIT_FOLDER } from '../training/data-audit.js';
import { TRAINING, type TrainingJson } from '../training/train-files.js';

/** The run folder of a training that is over, or was interrupted, as its files have it. */
export interface TrainingRun {
  training: TrainingJson;
  facts: RunFacts;
}

/**
 * @returns null where the folder is no training's
 * @throws UsageError where the training has not come to an end yet, or its files can't be read
 */
export function openTrainingRun(folder: string): TrainingRun | null {
  const begun = existsSync(checkpointPath(folder, 'last')) || existsSync(path.join(folder, AUDIT_FOLDER));
  if (!existsSync(path.join(folder, TRAINING))) {
    if (!begun) return null;
    throw new UsageError(
      `${folder} is a training that has not ended: ${TRAINING} is written at its end; if nothing works on it any more, go on ` +
        'with maskaudit train --resume',
    );
  }
  const training = readJson<TrainingJson>(folder, TRAINING);
  if (!Array.isArray(training.findings) || !Array.isArray(training.models)) {
    throw new UsageError(`${path.join(folder, TRAINING)} is of another version of this program: train again`);
  }
  return { training, facts: readJson<RunFacts>(folder, 'run.json') };
}

function readJson<T>(folder: string, name: string): T {
  const file = path.join(folder, name);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(`${file} ${missing ? 'is not there' : `can't be read: ${(error as Error).message}`}`);
  }
}
