import { closeSync, existsSync, ftruncateSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DatasetSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';
import type { PredictionFolder } from '../measuring/prediction.js';
import type { Finding, ImageRecord, Severity } from '../record.js';
import { guard, makeFolder, PART, writeWhole } from './files.js';
import { readLines } from './lines.js';
import { removeEarlierRun } from './manifest.js';

/**
 * The journal is the one stored table of a run: a header line, then an image's record a line in the order of images.csv, appended
 * as they come. Every other file of a run folder is made from it, so resuming and merging read nothing else.
 */
export const JOURNAL = 'journal.ndjson';

/** All that decides what a run's records and figures are; two runs that agree in it may be continued or merged. */
export interface JournalHeader {
  journal: 1;
  command: 'audit' | 'stats';
  /** Absolute path of the dataset folder. */
  root: string;
  dataset: DatasetSpec;
  /** Splits of the selection, null: all. */
  splits: string[] | null;
  /** Keys of the classes that findings, class CSVs and the exit code are about. */
  classes: string[];
  limit: number | null;
  shard: { index: number; count: number } | null;
  /** Images of the whole selection, all shards together. */
  images: number;
  model: string | null;
  card: Record<string, string>;
  /** Absent where nothing was probed. */
  probe?: 'lungs';
  predictions: string | null;
  /** How the files of that folder are laid out and named; absent in journals of 0.1.0's first days. */
  predictionFolder?: PredictionFolder | null;
  rules: string[];
  severity: Record<string, Severity>;
  metricBatch: number;
  seed: number;
  /** Findings of names and folders, made before the first image. */
  layoutFindings: Finding[];
}

/** What two runs must have in common to be merged; shards may have been made on different machines. */
const COMMON = [
  'command',
  'dataset',
  'splits',
  'classes',
  'limit',
  'images',
  'card',
  'probe',
  'rules',
  'severity',
  'metricBatch',
  'seed',
] as const satisfies readonly (keyof JournalHeader)[];

/** And what else one run and its continuation must. */
const OWN = ['root', 'model', 'predictions', 'shard'] as const satisfies readonly (keyof JournalHeader)[];

/** The first setting in which two headers differ, or null: for shards to be merged, or for one run to be continued. */
export function firstDifference(
  a: JournalHeader,
  b: JournalHeader,
  of: 'shards' | 'one run',
): keyof JournalHeader | null {
  const keys: readonly (keyof JournalHeader)[] = of === 'one run' ? [...OWN, ...COMMON] : COMMON;
  return keys.find((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])) ?? null;
}

export interface JournalWriter {
  /** Appends whole lines, text or UTF-8. */
  append(lines: string | Uint8Array): void;
  /** Gives it its final name: the run is complete. */
  finish(): void;
  /** Closes it under its unfinished name, for `--resume`. */
  close(): void;
}

/** A new journal, in place of whatever run lies in the folder. */
export function createJournal(folder: string, header: JournalHeader): JournalWriter {
  const file = path.join(folder, JOURNAL);
  const descriptor = guard(file, () => {
    makeFolder(folder);
    const opened = openSync(file + PART, 'w');
    writeWhole(opened, `${JSON.stringify(header)}\n`);
    removeEarlierRun(folder);
    rmSync(file, { force: true });
    return opened;
  });
  return writer(file, descriptor);
}

/**
 * Opens an interrupted run's journal to go on in it; cuts a line that a crash tore.
 * @param take is given each record that is there already
 * @throws UsageError where there is none or it is of another call
 */
export function continueJournal(
  folder: string,
  header: JournalHeader,
  take: (record: ImageRecord) => void,
): JournalWriter {
  const file = path.join(folder, JOURNAL);
  const part = file + PART;
  if (!existsSync(part) && existsSync(file)) guard(file, () => renameSync(file, part));
  if (!existsSync(part)) throw new UsageError(`nothing to resume in ${folder}: it holds no ${JOURNAL}${PART}`);
  const lines = readLines(part);
  const first = lines.next();
  if (first.done) throw new UsageError(`nothing to resume in ${folder}: its journal is empty; leave --resume out`);
  const earlier = parseHeader(first.value.text, part);
  const difference = firstDifference(earlier, header, 'one run');
  if (difference !== null) {
    throw new UsageError(
      `the run in ${folder} was started by another call: ${difference} was ${brief(earlier[difference])}, ` +
        `now ${brief(header[difference])}; give the same options or another --out`,
    );
  }
  let end = first.value.end;
  for (const line of lines) {
    const record = parseRecord(line.text);
    if (record === null) break;
    take(record);
    end = line.end;
  }
  const descriptor = guard(file, () => {
    const opened = openSync(part, 'r+');
    ftruncateSync(opened, end);
    closeSync(opened);
    return openSync(part, 'a');
  });
  return writer(file, descriptor);
}

/** A journal, finished or not. */
export interface Journal {
  header: JournalHeader;
  finished: boolean;
  /** In the order of images.csv. */
  records(): Generator<ImageRecord>;
  /** Finds where each record lies, for reading them in any order; reads the file once. */
  index(): JournalIndex;
}

/** Records by their position in the journal, from 0. Memory: 8 bytes an image. */
export interface JournalIndex {
  count: number;
  /** @throws RangeError for a position that is not there. */
  at(position: number): ImageRecord;
  close(): void;
}

/** @throws UsageError where there is none that can be read. */
export function readJournal(folder: string): Journal {
  const finished = existsSync(path.join(folder, JOURNAL));
  const file = path.join(folder, finished ? JOURNAL : JOURNAL + PART);
  if (!existsSync(file)) throw new UsageError(`not a run folder: ${folder} holds no ${JOURNAL}`);
  const [first] = takeFirst(readLines(file));
  if (first === undefined) throw new UsageError(`the journal of ${folder} is empty`);
  return {
    header: parseHeader(first.text, file),
    finished,
    *records() {
      const lines = readLines(file);
      lines.next();
      for (const { text } of lines) {
        const record = parseRecord(text);
        if (record === null) return;
        yield record;
      }
    },
    index: () => indexJournal(file),
  };
}

function indexJournal(file: string): JournalIndex {
  const ends: number[] = [];
  let last = '';
  for (const { text, end } of readLines(file)) {
    ends.push(end);
    last = text;
  }
  if (parseRecord(last) === null) ends.pop();
  const descriptor = openSync(file, 'r');
  return {
    count: ends.length - 1,
    at(position) {
      const start = ends[position];
      const end = ends[position + 1];
      if (start === undefined || end === undefined) {
        throw new RangeError(`no record ${position}: the journal has ${ends.length - 1}`);
      }
      const bytes = Buffer.alloc(end - start);
      readSync(descriptor, bytes, 0, bytes.length, start);
      return JSON.parse(bytes.toString('utf8')) as ImageRecord;
    },
    close: () => closeSync(descriptor),
  };
}

/** A record's line. */
export function journalLine(record: ImageRecord): string {
  return `${JSON.stringify(record)}\n`;
}

function writer(file: string, descriptor: number): JournalWriter {
  let open = true;
  const close = () => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return {
    append: (lines) => guard(file, () => writeWhole(descriptor, lines)),
    finish() {
      close();
      guard(file, () => renameSync(file + PART, file));
    },
    close,
  };
}

function parseHeader(text: string, file: string): JournalHeader {
  try {
    const header = JSON.parse(text) as JournalHeader;
    if (header.journal === 1) return header;
  } catch {
    // Said below: whatever it holds, it is no journal of ours.
  }
  throw new UsageError(`${file} is no journal that this version of maskaudit can read`);
}

/** A crash can leave half a line at the end: what can't be parsed was not finished. */
function parseRecord(text: string): ImageRecord | null {
  try {
    return JSON.parse(text) as ImageRecord;
  } catch {
    return null;
  }
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not set';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The first value of a generator, which is closed behind it. */
function takeFirst<T>(values: Iterable<T>): T[] {
  for (const value of values) return [value];
  return [];
}
