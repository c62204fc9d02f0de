import type { Finding } from '../../pipeline/record.js';
import type { JournalHeader } from '../../pipeline/sinks/journal.js';
import type { ImageView } from '../../pipeline/viewing/viewer.js';
import type { FindingTable } from './finding-table.js';
import type { GroupSums } from './group-sums.js';
import type { ImageTable } from './image-table.js';
import type { Layout } from './layout.js';
import type { RunState } from './run-state.js';
import type { Selection } from './selection.js';
import type { Theme } from './theme.js';
import type { ListName, ViewState } from './view-state.js';

/** What a screen is about, known before anything has happened. */
export interface Subject {
  /** `audit`, `stats`, or `show`. */
  command: string;
  /** What is audited, as a person in the current folder would type it. */
  dataset: string;
  /** What is scored where no engine works: `masks of predictions`, `annotations alone`. */
  work: string;
  /** False where there is nothing to score. */
  scores: boolean;
  /** What each rule finds, one line, by code. */
  titles: Readonly<Record<string, string>>;
  /** The same where images as a whole have the classes. */
  titlesOfImages?: Readonly<Record<string, string>>;
}

/** An image that is open: its pixels come a moment after the key. */
export interface OpenImage {
  row: number;
  view: ImageView | null;
  findings: readonly Pick<Finding, 'rule' | 'severity' | 'class' | 'message'>[];
  /** Why there is nothing to show; ''. */
  fault: string;
}

/** Everything that is drawn; views are functions of it. */
export interface Model {
  subject: Subject;
  run: RunState;
  view: ViewState;
  theme: Theme;
  layout: Layout;
  images: ImageTable;
  findings: FindingTable;
  groups: GroupSums;
  selections: Record<ListName, Selection>;
  header: JournalHeader | null;
  open: OpenImage | null;
}
