import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import { overlapCounts } from '../metrics/counts.js';
import { startGroupDetection } from '../metrics/detection/group-detection.js';
import { pixelThresholds } from '../metrics/detection/pixel-thresholds.js';
import type { ImageRecord } from '../record.js';
import type { ToldFigures } from './told.js';

/** What is kept of a scored image: per class, how much of it is there and predicted (pixels, or 1), and its score. */
export interface ToldImage {
  image: string;
  split: string;
  truth: number[];
  predicted: number[];
  scores: (number | null)[];
}

export function toldImages(dataset: DatasetSpec, records: Iterable<ImageRecord>): ToldImage[] {
  const images: ToldImage[] = [];
  for (const { status, image, split, confusion, maxProbability } of records) {
    if (status !== 'scored' || confusion === null) continue;
    const counts = dataset.classes.map((_, c) => overlapCounts(confusion, c));
    const predicted = counts.map(({ tp, fp }) => tp + fp);
    images.push({
      ...{ image, split, predicted },
      truth: counts.map(({ tp, fn }) => tp + fn),
      scores: isImageLevel(dataset) ? (maxProbability ?? predicted.map(() => null)) : predicted,
    });
  }
  return images;
}

/** The part of a run's summary that tells of whole images, from its records, without the rest. */
export function toldFigures(dataset: DatasetSpec, records: Iterable<ImageRecord>): ToldFigures {
  const whole = startGroupDetection(dataset);
  const splits = new Map<string, typeof whole>();
  for (const record of records) {
    const { status, confusion, split } = record;
    if (status !== 'scored' || confusion === null) continue;
    const overlaps = dataset.classes.map((_, c) => overlapCounts(confusion, c));
    const ofSplit = splits.get(split) ?? startGroupDetection(dataset);
    splits.set(split, ofSplit);
    for (const group of [whole, ofSplit]) group.add(record, overlaps);
  }
  const rankings = new Map([...splits].map(([name, { ranking }]) => [name, ranking]));
  return {
    detection: whole.finish(),
    pixelThresholds: isImageLevel(dataset) ? null : pixelThresholds(dataset.classes, rankings),
    splits: Object.fromEntries([...splits].map(([name, group]) => [name, { detection: group.finish() }])),
  };
}
