import type { Interval } from '../bootstrap.js';
import { wilsonInterval } from '../wilson-interval.js';
import type { Ranking } from './ranking.js';

/** Images, by whether they have the class and whether they are told to have it. */
export interface DetectionCounts {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

/** Null where there is nothing that it would be a share of. */
export interface DetectionRates {
  /** Of the images with the class, those told to have it: recall. */
  sensitivity: number | null;
  /** Of the images without it, those told not to have it. */
  specificity: number | null;
  /** Of the images told to have it, those that do. */
  precision: number | null;
  /** Of the images told not to have it, those that don't. */
  negativePredictiveValue: number | null;
  /** 2 tp / (2 tp + fp + fn); 0 where the class is there and never told, null where it is neither. */
  f1: number | null;
  /** Mean of sensitivity and specificity. */
  balancedAccuracy: number | null;
}

/** The rates that are shares of a fixed number of images, and so have Wilson's interval. */
export const BINOMIAL_RATES = ['sensitivity', 'specificity', 'precision', 'negativePredictiveValue'] as const;
export type BinomialRate = (typeof BINOMIAL_RATES)[number];

/** What an answer of yes or no to each image gives. */
export interface OperatingPoint extends DetectionRates {
  counts: DetectionCounts;
  /** Wilson. */
  confidence95: Record<BinomialRate, Interval | null>;
}

export function operatingPoint(counts: DetectionCounts): OperatingPoint {
  return { counts: { ...counts }, ...detectionRates(counts), confidence95: rateIntervals(counts) };
}

export function detectionRates({ tp, fp, fn, tn }: DetectionCounts): DetectionRates {
  const sensitivity = share(tp, tp + fn);
  const specificity = share(tn, tn + fp);
  return {
    sensitivity,
    specificity,
    precision: share(tp, tp + fp),
    negativePredictiveValue: share(tn, tn + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    balancedAccuracy: sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2,
  };
}

export function rateIntervals({ tp, fp, fn, tn }: DetectionCounts): Record<BinomialRate, Interval | null> {
  return {
    sensitivity: wilsonInterval(tp, tp + fn),
    specificity: wilsonInterval(tn, tn + fp),
    precision: wilsonInterval(tp, tp + fp),
    negativePredictiveValue: wilsonInterval(tn, tn + fn),
  };
}

/** What a threshold gives: an image is told positive where its score is at least that. */
export function countsAt(
  { positives, negatives, thresholds, hits, alarms }: Ranking,
  threshold: number,
): DetectionCounts {
  let k = thresholds.length - 1;
  while (k >= 0 && thresholds[k] < threshold) k--;
  const tp = k < 0 ? 0 : hits[k];
  const fp = k < 0 ? 0 : alarms[k];
  return { tp, fp, fn: positives - tp, tn: negatives - fp };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
