import type { GateOutput } from './engines/engine.js';

export type Severity = 'error' | 'warning' | 'info';

/** What a rule says of one image; the record that carries it names image, split and source. */
export interface ImageFinding {
  rule: string;
  /** The configuration's word on the rule, else the finding's own, else the rule's. */
  severity: Severity;
  /** Class key, or '' where the finding is about no class. */
  class: string;
  /** The figure that the rule compares, or null. */
  value: number | null;
  message: string;
  /** The file it is about, relative to the dataset folder (prediction files: to the folder of predictions). */
  path: string;
  /** The other file of a rule about two files, else ''. */
  relatedPath: string;
}

/** A row of findings.csv. Findings about the whole set leave `image`, `split` and `source` empty. */
export interface Finding extends ImageFinding {
  image: string;
  split: string;
  source: string;
}

export type Status = 'scored' | 'unscored' | 'unreadable';

/**
 * All that is kept of one image: a line of the journal, and the only thing that passes from measuring to judging.
 * Summaries, CSVs, merges and resumed runs are made from records alone. C is the number of classes; pixels are counted
 * on the annotation's own grid.
 */
export interface ImageRecord {
  index: number;
  image: string;
  split: string;
  source: string;
  status: Status;
  /** Of the annotation, in pixels; null where it could not be read. */
  width: number | null;
  height: number | null;
  imagePath: string;
  truthPath: string;
  predictionPath: string;
  /** Pixels of each class in the annotation, length C; null where there is none that can be read. */
  truth: number[] | null;
  /** Row-major C x C, rows truth, columns predicted; null where unscored. */
  confusion: number[] | null;
  /** Highest probability that each class reached in the image, length C; null where the engine gives none. */
  maxProbability: (number | null)[] | null;
  /** At image level, where the mask has several of the classes of images: the others, which the image is not counted for. */
  otherLabels?: number[];
  /** Pixels of each class by the unforced reading of the files (L003's first step), where it differs from `truth`. */
  rawTruth?: number[];
  /** Pixels of each class after the annotation was brought to the model's input size by nearest neighbour. */
  modelTruth?: number[];
  /** True where the prediction was brought to the annotation's size by nearest neighbour. */
  resized?: boolean;
  /** 64-bit hash of the image's decoded pixels and size, 16 hex digits. */
  pixelHash?: string;
  /** 256-bit difference hash of the image, 64 hex digits. */
  perceptualHash?: string;
  /** 64-bit hash of the label map, 16 hex digits. */
  truthHash?: string;
  /**
   * Of a classifier with heat maps, for the class that it predicted: share of the map's positive part that lies inside the lung
   * mask, 0 to 1; null where there is no lung mask or nothing positive.
   */
  heatInLungs?: number | null;
  /** What a hybrid's first stage said. */
  gate?: GateOutput;
  /** What the model said of the image with its lungs blacked out, and with all else blacked out (`--probe lungs`). */
  probe?: Record<Probe, ProbedPrediction>;
  findings?: ImageFinding[];
}

/** What of an image is left to see: all but the lungs, or nothing but the lungs. */
export const PROBES = ['withoutLungs', 'lungsAlone'] as const;
export type Probe = (typeof PROBES)[number];

/** As `confusion` and `maxProbability` of a record. */
export type ProbedPrediction = Pick<ImageRecord, 'maxProbability'> & { confusion: number[] };
