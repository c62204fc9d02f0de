import type { DatasetSpec } from '../../dataset/dataset.js';
import type { RunFacts } from '../../sinks/manifest.js';
import type { EpochLog } from '../../training/history.js';
import type { TrainingJson } from '../../training/train-files.js';
import type { TrainRequest } from '../../training/train-request.js';

/** All that the report of a training is made of, beside its pictures: what training.json and run.json hold. */
export interface TrainingInput {
  training: TrainingJson;
  facts: RunFacts;
}

/** The settings of a training as run.json has them. */
export type TrainSettings = Omit<TrainRequest, 'argv' | 'root' | 'out'> & { dataset: DatasetSpec };

export function settingsOf({ facts }: TrainingInput): TrainSettings {
  return facts.options as unknown as TrainSettings;
}

/** The epoch that the final model is of; null where none was finished. */
export function bestEpochOf({ training: { epochs, bestEpoch } }: TrainingInput): EpochLog | null {
  return epochs.find(({ epoch }) => epoch === bestEpoch) ?? null;
}

/** What a person calls a class. */
export function nameOf(input: TrainingInput, key: string): string {
  return settingsOf(input).dataset.classes.find((spec) => spec.key === key)?.name ?? key;
}
