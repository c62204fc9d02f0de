import type { DatasetSpec } from '../../dataset/dataset.js';
import { isImageLevel } from '../../dataset/image-level.js';
import type { ImageRecord } from '../../record.js';
import type { OverlapCounts } from '../counts.js';
import { type Calibration, startCalibration } from './calibration.js';
import { type DetectionFigures, startDetection } from './detection.js';
import type { Ranking } from './ranking.js';

/** A group's scored images, told by what a run predicts for them. */
export interface GroupDetection extends DetectionFigures {
  /**
   * What a class's score is: its predicted pixels (any of them tells it: a segmenter taken as a classifier), or the
   * classifier's probability.
   */
  score: 'pixels' | 'probability';
  /** Of a classifier; null for segmenters. */
  calibration: Calibration | null;
}

export interface GroupDetectionTally {
  /** A scored image. @param overlaps one a class */
  add(record: Pick<ImageRecord, 'maxProbability'>, overlaps: readonly OverlapCounts[]): void;
  ranking(classIndex: number): Ranking;
  /** Null without a scored image. */
  finish(): GroupDetection | null;
}

export function startGroupDetection(dataset: DatasetSpec): GroupDetectionTally {
  const tally = startDetection(dataset.classes);
  const calibration = isImageLevel(dataset) ? startCalibration() : null;
  const truth = dataset.classes.map(() => 0);
  const predicted = dataset.classes.map(() => 0);
  return {
    add({ maxProbability }, overlaps) {
      for (let c = 0; c < overlaps.length; c++) {
        const { tp, fp, fn } = overlaps[c];
        truth[c] = tp + fn;
        predicted[c] = tp + fp;
      }
      tally.add(truth, calibration === null ? predicted : maxProbability, predicted);
      if (maxProbability !== null) calibration?.add(truth.indexOf(1), predicted.indexOf(1), maxProbability);
    },
    ranking: tally.ranking,
    finish() {
      const figures = tally.finish();
      if (figures.images === 0) return null;
      return {
        score: calibration === null ? 'pixels' : 'probability',
        ...figures,
        calibration: calibration?.finish() ?? null,
      };
    },
  };
}
