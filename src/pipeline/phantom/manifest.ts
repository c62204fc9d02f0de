/** What a phantom is made of, as the code and phantom.json name it. */
export const SOURCES = ['COVID-19', 'Non-COVID', 'Normal'] as const;
export type Source = (typeof SOURCES)[number];

export const SPLITS = ['Train', 'Val', 'Test'] as const;
export type Split = (typeof SPLITS)[number];

/** Rules whose faults can be planted. */
export const FAULTS = [
  ...['D001', 'D002', 'D003', 'D004', 'D005', 'D006', 'D007', 'D008', 'D009', 'D010', 'D011'],
  ...['L001', 'L002', 'L003', 'L004', 'L005', 'L006', 'L007', 'L008', 'L009'],
  ...['B001', 'B002', 'B003', 'P008'],
] as const;

/** A fault that was planted. Paths are relative to the dataset folder. */
export interface PlantedFault {
  /** Code of the rule that should find it. */
  rule: string;
  /** Id of the image it is about, '' for faults of the whole set and for masks without image. */
  image: string;
  /** The file or folder that is at fault, '' for faults of the whole set. */
  path: string;
  /** The other file of a fault about two, else ''. */
  relatedPath: string;
  /** What was done, one line. */
  how: string;
  /** Rules that are right to fire as well: the fault can't be had without them. */
  also: string[];
}

/** Images by what was predicted of a class, in the terms of the audit. */
export interface OutcomeCounts {
  hit: number;
  miss: number;
  false_alarm: number;
  disjoint: number;
  empty: number;
}

/**
 * Counts of the simulated predictions, over the files as they were before faults were planted, and copies planted as
 * faults.
 */
export interface PredictionTally {
  images: number;
  covid: OutcomeCounts;
  nonCovid: OutcomeCounts;
  /** COVID images (misses of covid) whose infection is predicted as non-COVID. */
  swapped: number;
}

/** phantom.json. */
export interface PhantomManifest {
  schema: 1;
  seed: number | string;
  size: number;
  /** Images that were made, without copies that were planted as faults. */
  images: number;
  /** By split and source, without such copies. */
  counts: Partial<Record<Split, Record<Source, number>>>;
  planted: PlantedFault[];
  predictions: PredictionTally | null;
}

export function emptyTally(): PredictionTally {
  const outcomes = (): OutcomeCounts => ({ hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0 });
  return { images: 0, covid: outcomes(), nonCovid: outcomes(), swapped: 0 };
}

/** Adds `part` to `sum`, in place. */
export function addTally(sum: PredictionTally, part: PredictionTally): void {
  sum.images += part.images;
  sum.swapped += part.swapped;
  for (const group of ['covid', 'nonCovid'] as const) {
    for (const outcome of Object.keys(sum[group]) as (keyof OutcomeCounts)[])
      sum[group][outcome] += part[group][outcome];
  }
}
