import type { DatasetSpec } from '../dataset/dataset.js';
import type { ImageFacts } from '../facts.js';
import type { Finding, ImageFinding, ImageRecord, Severity } from '../record.js';
import type { Discovery } from '../stages/discover.js';
import type { Summary } from '../summary.js';
import type { EpochLog } from '../training/history.js';
import type { Goal } from '../training/standing.js';

/** What a dataset-wide or score rule reports: the image fields may be left out, severity overrides the rule's own. */
export type SetFinding = ImageFinding & Partial<Pick<Finding, 'image' | 'split' | 'source' | 'severity'>>;

/** Reports one finding; absent fields are empty. */
export interface Report {
  rule: string;
  class?: string;
  value?: number | null;
  message: string;
  path?: string;
  relatedPath?: string;
  image?: string;
  split?: string;
  source?: string;
  severity?: Severity;
}

/** The part of a rule that people read: `explain`, the report, the documentation. */
export interface RulePage {
  code: string;
  /** One line: what it finds. */
  title: string;
  severity: Severity;
  /** What exactly is compared, with the formula and the threshold's name. */
  what: string;
  /**
   * The same where images as a whole have the classes, as in a classifier's audit: a rule that says nothing of it is about pixels
   * alone, and not run there. The title is left out where it is the same.
   */
  ofImages?: { title?: string; what: string };
  /** Why it matters, with a real case. */
  why: string;
  /** How to mend it. */
  fix: string;
}

/** A rule about one image, run where the image was measured. Pure: facts in, reports out. */
export interface ImageRule extends RulePage {
  scope: 'image';
  check(facts: ImageFacts): Iterable<Report>;
}

/** A rule about the folders and names, before any file is opened. */
export interface LayoutRule extends RulePage {
  scope: 'layout';
  check(discovery: Discovery, dataset: DatasetSpec): Iterable<Report>;
}

/**
 * What the rules of one run share: every rule that asks with the same `make` is given the one accumulator that it made. Each of
 * them adds every record to it, so an accumulator that is shared takes the same record object once.
 */
export type Shared = <T>(make: (dataset: DatasetSpec) => T) => T;

/**
 * A rule about the whole set: records are added in the order of images.csv. Memory per image is bounded by some tens of bytes.
 * Without `shared` the rule has its own accumulator.
 */
export interface SetRule extends RulePage {
  scope: 'set';
  start(dataset: DatasetSpec, shared?: Shared): { add(record: ImageRecord): void; finish(): Iterable<Report> };
}

/** A rule about the scores, run on the finished summary. */
export interface ScoreRule extends RulePage {
  scope: 'scores';
  check(summary: Summary, dataset: DatasetSpec): Iterable<Report>;
}

/** A step that was computed. */
export interface StepFacts {
  /** From 1, as people count. */
  epoch: number;
  step: number;
  loss: number;
  /** Of all gradients together. */
  gradientNorm: number;
  learningRate: number;
}

/** A training when an epoch has ended. */
export interface TrainingFacts {
  dataset: DatasetSpec;
  /** Finished epochs, at least one; the last is the one that has ended. */
  history: readonly EpochLog[];
  /** The monitored figure of each of them, under its name in metrics.csv. */
  monitor: { name: string; goal: Goal; values: readonly (number | null)[] };
}

/** A rule about a training: it speaks when it happens, not again in every later epoch. */
export interface TrainingRule extends RulePage {
  scope: 'training';
  /** After each step: it has to cost nothing. */
  checkStep?(step: StepFacts): Iterable<Report>;
  checkEpoch(facts: TrainingFacts): Iterable<Report>;
}

export type Rule = ImageRule | LayoutRule | SetRule | ScoreRule | TrainingRule;

/** What a rule gives that found nothing: one array for all, so that a clean image allocates none. */
export const NOTHING: readonly Report[] = Object.freeze([]);
