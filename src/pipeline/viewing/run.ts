import { readFileSync } from 'node:fs';
import path from 'node:path';
import { selectRules } from '../checks/select.js';
import { judgeScores, startSetRules } from '../checks/set-rules.js';
import { UsageError } from '../errors.js';
import type { Finding, ImageFinding, ImageRecord } from '../record.js';
import { type Journal, readJournal } from '../sinks/journal.js';
import type { Manifest } from '../sinks/manifest.js';
import type { Summary } from '../summary.js';

/** A run folder that is read. Its journal is the source; what can be made from it is made when it is asked for. */
export interface Run extends Journal {
  /** Absolute or as it was named. */
  folder: string;
  /** What summary.json holds. @throws UsageError where the run was stopped before it was written, or it can't be read */
  summary(): Summary;
  /** What run.json holds. @throws UsageError as `summary` does */
  manifest(): Manifest;
  /** Findings about the whole set and, given the summary, the scores: what no record holds. Reads all records. */
  lateFindings(summary?: Summary): Finding[];
  /** Every finding in the order of findings.csv. `late`: what `lateFindings` gave. */
  findings(late: readonly Finding[]): Generator<Finding>;
}

/** @throws UsageError where the folder is no run's */
export function openRun(folder: string): Run {
  const journal = readJournal(folder);
  const { header, records } = journal;
  return {
    ...journal,
    folder,
    summary: () => readJson<Summary>(folder, 'summary.json'),
    manifest: () => readJson<Manifest>(folder, 'run.json'),
    lateFindings(summary) {
      const settings = { ...header, rules: selectRules(header.rules, []) };
      const setRules = startSetRules(settings);
      for (const record of records()) setRules.add(record);
      return [...setRules.finish(), ...(summary ? judgeScores(summary, settings) : [])];
    },
    *findings(late) {
      yield* header.layoutFindings;
      for (const { image, split, source, findings } of records()) {
        if (findings) for (const finding of findings) yield { ...finding, image, split, source };
      }
      yield* late;
    },
  };
}

/** The findings that name an image: its record's own, then later ones. `late`: what `byImage` makes of `lateFindings`. */
export function imageFindings(
  record: ImageRecord,
  late: ReadonlyMap<string, readonly ImageFinding[]>,
): readonly ImageFinding[] {
  return [...(record.findings ?? []), ...(late.get(record.image) ?? [])];
}

function readJson<T>(folder: string, name: string): T {
  const file = path.join(folder, name);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : "can't be read";
    throw new UsageError(`${file} ${why}: the run was stopped before it was written; go on with --resume`);
  }
}
