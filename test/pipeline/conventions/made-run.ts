import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import { createRandom, type Random } from '../../../src/pipeline/random.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import { createJournal, type JournalHeader, journalLine } from '../../../src/pipeline/sinks/journal.js';
import type { OracleImage } from '../metrics/oracle.js';

/** Label maps of a few pixels, 3 classes, in splits and sources; with hits, misses, false alarms and empty images. */
export function randomImages(seed: number | string, count: number): OracleImage[] {
  const random = createRandom('conventions', seed);
  return Array.from({ length: count }, () => {
    const source = random.pick(['COVID-19', 'Normal']);
    const truth = labels(random, source === 'COVID-19' ? [0, 0, 1, 2] : [0, 1]);
    const predicted = random.chance(0.15) ? truth.map((label) => Math.min(label, 1)) : noisy(random, truth);
    return {
      split: random.pick(['train', 'val', 'test']),
      source,
      truth: random.chance(0.05) ? null : truth,
      predicted: random.chance(0.05) ? null : predicted,
    };
  });
}

function labels(random: Random, of: number[]): number[] {
  return Array.from({ length: random.integer(6, 20) }, () => random.pick(of));
}

function noisy(random: Random, truth: number[]): number[] {
  const wrong = random.pick([0, 0.1, 0.4]);
  return truth.map((label) => (random.chance(wrong) ? random.integer(0, 3) : label));
}

/** A finished run's folder: nothing but its journal. */
export function writeRun(
  folder: string,
  dataset: DatasetSpec,
  records: readonly ImageRecord[],
  changes: Partial<JournalHeader> = {},
): void {
  const journal = createJournal(folder, {
    journal: 1,
    command: 'audit',
    root: '/data',
    dataset,
    splits: null,
    classes: dataset.classes.slice(1).map(({ key }) => key),
    limit: null,
    shard: null,
    images: records.length,
    model: null,
    card: {},
    predictions: '/predictions',
    rules: [],
    severity: {},
    metricBatch: 4,
    seed: 0,
    layoutFindings: [],
    ...changes,
  });
  for (const record of records) journal.append(journalLine(record));
  journal.finish();
}
