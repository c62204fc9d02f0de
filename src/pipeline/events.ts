import type { LayoutName, Subset } from './dataset/dataset.js';
import type { EngineInfo } from './engines/engine.js';
import type { Finding, ImageRecord, Severity } from './record.js';
import type { JournalHeader } from './sinks/journal.js';
import type { Discovery } from './stages/discover.js';
import type { Outcome, Summary } from './summary.js';

/** Counts while a run streams; cheap to make, given a few times a second at most. */
export interface Progress {
  done: number;
  total: number;
  scored: number;
  unscored: number;
  unreadable: number;
  /** Findings so far by severity. */
  findings: Record<Severity, number>;
  /** Since the first image went in, without the images of a resumed run's journal. */
  elapsedMs: number;
  /** Images measured in this process (not taken from a journal). */
  measured: number;
}

/** Live figures of one class, for a screen. */
export interface ClassProgress {
  key: string;
  truthPixels: number;
  truthImages: number;
  outcomes: Record<Outcome, number>;
  pooledIou: number | null;
  /** The naive score beside it: `imageMeanSmoothed` of IoU. */
  smoothedIou: number | null;
}

/** What a run tells those who watch it. The pipeline never knows who listens. */
export type RunEvent =
  | {
      type: 'discovered';
      dataset: string;
      layout: LayoutName;
      subset: Subset;
      images: number;
      /** Images of each split in the selection. */
      splits: Record<string, number>;
      /** What a user should know about the choice, e.g. that a lung subset lies beside the one that is used. */
      notes: string[];
    }
  | { type: 'engine'; info: EngineInfo; skipped: string[] }
  | { type: 'resumed'; images: number }
  | { type: 'progress'; progress: Progress; classes: ClassProgress[] }
  | { type: 'finding'; finding: Finding }
  /** Something that went on after a fault which is no finding, e.g. a batch that was halved. */
  | { type: 'note'; message: string }
  /** The stream is done or was stopped; files are being written. */
  | { type: 'finishing' }
  | { type: 'finished'; summary: Summary; folder: string; interrupted: boolean };

/** Sees the records that a run's figures are made of, for a screen that lists them; most runs have nobody who looks. */
export interface RecordWatch {
  /** Before the first record. `discovery`: null where the folders were not read. */
  started(header: JournalHeader, discovery: Discovery | null): void;
  /** Some records, in the order of images.csv; those of a resumed run's journal too. */
  records(records: readonly ImageRecord[]): void;
}

export interface RunContext {
  /** Aborted by the first Ctrl-C: what is in flight is finished and written. */
  signal: AbortSignal;
  emit(event: RunEvent): void;
  watch?: RecordWatch;
}
