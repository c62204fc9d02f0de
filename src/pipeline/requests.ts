import type { ClassSpec, LayoutName, MaskEncoding, NonCovid, Subset, Thresholds } from './dataset/dataset.js';
import type { LevelChoice } from './dataset/level.js';
import type { EngineEntry } from './engines/engine.js';
import type { Finding, Severity } from './record.js';
import type { Summary } from './summary.js';

/** What the configuration says about a dataset; absent fields take the layout's defaults. */
export interface DatasetConfig {
  /** masks: folder names, relative to the dataset folder or inside each split folder. */
  images?: string;
  masks?: string;
  classes?: ClassSpec[];
  ignoreIndex?: number | null;
  /** Affixes of a mask's stem around its image's stem, and of a prediction's. */
  maskPrefix?: string;
  maskSuffix?: string;
  predictionPrefix?: string;
  predictionSuffix?: string;
  maskEncoding?: MaskEncoding;
  nonCovid?: NonCovid;
  patient?: string | null;
  thresholds?: Partial<Thresholds>;
}

/** Everything an audit or a stats run needs to know; plain data, checked by the caller. */
export interface AuditRequest {
  command: 'audit' | 'stats';
  /** Absolute path of the dataset folder. */
  root: string;
  layout: 'auto' | LayoutName;
  subset: Subset | null;
  level: LevelChoice;
  /** At image level in `masks`: the classes that an image may be of, as the user wrote them; null: each but background. */
  labelClasses: string[] | null;
  /** Split names, null: all. */
  splits: string[] | null;
  /** Class names as the user wrote them (index, key, name or alias), null: every foreground class. */
  classes: string[] | null;
  limit: number | null;
  /** `index` from 1 to `count`: takes the images whose position leaves index - 1 modulo count. */
  shard: { index: number; count: number } | null;
  config: DatasetConfig;
  /** Model file, or null. At most one of `model` and `predictions`. */
  model: string | null;
  /** Of a hybrid: its segmenters look at every image, also at those that the gate keeps back. */
  segmentAll: boolean;
  /** Settings that override the model's card, as strings. */
  card: Record<string, string>;
  /** Folder of predicted label masks, or null. */
  predictions: string | null;
  engine: 'auto' | EngineEntry['name'];
  device: 'auto' | 'gpu' | 'cpu';
  batch: number | null;
  jobs: number;
  metricBatch: number;
  seed: number;
  /** Absolute path of the run folder. */
  out: string;
  /** Goes on in `out` where an interrupted run of the same call left its journal. */
  resume: boolean;
  /** File for the failure rows alone, or null. */
  csv: string | null;
  overlays: 'none' | 'failures' | 'all';
  savePredictions: boolean;
  /** Has the model look at each image without its lungs, and at its lungs alone. */
  probe: 'lungs' | null;
  /** Rule codes or prefixes; select null: all. */
  select: string[] | null;
  ignore: string[];
  /** Severities by rule code that replace the rules' own. */
  severity: Record<string, Severity>;
  /** The command line as it was given, for run.json. */
  argv: string[];
}

export interface RunResult {
  /** The run folder, absolute. */
  folder: string;
  summary: Summary;
  /** True where a signal stopped it before the last image. */
  interrupted: boolean;
  /** Number of findings of each rule and severity: what `--fail-on` is decided from. */
  counts: { rule: string; severity: Severity; findings: number }[];
  /** The first findings of each rule, at most a few: for the closing lines of text output. */
  examples: Finding[];
}

/** `merge`: run folders of shards to one run folder. */
export interface MergeRequest {
  runs: string[];
  out: string;
  csv: string | null;
  argv: string[];
}

/** `export`: failure rows of a finished run. */
export interface ExportRequest {
  run: string;
  /** As the user wrote them; null: every class of the run. */
  classes: string[] | null;
  all: boolean;
  iouBelow: number;
  /** Folder for one `<class>.csv` each, or null. */
  out: string | null;
  /** One file for all, or null; with neither `out` nor `csv` the rows go to `write`. */
  csv: string | null;
}

export interface ExportResult {
  rows: number;
  files: string[];
}

/** `report`: the page of a finished or interrupted run. */
export interface ReportRequest {
  /** The run folder, absolute. */
  run: string;
  /** Folder that report.html is written to, null: the run's. */
  out: string | null;
  /** Another run's folder, absolute, that is put beside it; or null. */
  beside: string | null;
}
