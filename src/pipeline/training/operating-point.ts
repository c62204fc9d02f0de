import { thresholdForSensitivity } from '../metrics/detection/chosen-threshold.js';
import { countsAt, type OperatingPoint, operatingPoint } from '../metrics/detection/detection-rates.js';
import type { Ranking } from '../metrics/detection/ranking.js';

/** The threshold from which on an image is told to be of a class, chosen for a sensitivity that is wanted. */
export interface OperatingChoice {
  /** Key. */
  class: string;
  /** The sensitivity that was asked for. */
  wanted: number;
  /** null where the validation has no image of the class. */
  threshold: number | null;
  /** What it gives on the images that it was chosen by: rather too good. */
  given: OperatingPoint | null;
}

/**
 * The highest threshold with the wanted sensitivity. What lies between the score that reaches it and the next lower one is all the
 * same to these images; the middle of it is taken, so that the last digits of another engine move none across.
 */
export function chooseOperatingPoint(key: string, wanted: number, ranking: Ranking): OperatingChoice {
  const reaching = thresholdForSensitivity(ranking, wanted);
  if (reaching === null) return { class: key, wanted, threshold: null, given: null };
  const lower = ranking.thresholds.find((score) => score < reaching) ?? 0;
  const threshold = (reaching + lower) / 2;
  return { class: key, wanted, threshold, given: operatingPoint(countsAt(ranking, threshold)) };
}
