import path from 'node:path';
import type { ClassSpec } from '../dataset/dataset.js';
import type { Finding, ImageFinding, ImageRecord } from '../record.js';
import { createFile, type GrowingFile } from './files.js';
import {
  CLASS_COLUMNS,
  classRow,
  countsOf,
  FINDING_COLUMNS,
  findingRow,
  IMAGE_COLUMNS,
  imageRow,
  isFailure,
} from './tables.js';

export interface TableOptions {
  folder: string;
  /** Classes that get a file each. */
  classes: readonly ClassSpec[];
  /** File for the failure rows of those classes, absolute, or null. */
  csv: string | null;
  iouBelow: number;
  /** `stats` has no predictions: there a failure is an image with a finding about its annotation. */
  failures: 'outcomes' | 'findings';
}

/** The CSV files of a run: rows as they come, final names when all are whole. */
export interface RunTables {
  add(record: ImageRecord): void;
  addFinding(finding: Finding): void;
  /**
   * Ends the files. Findings that came up after an image's row was written (`late`, by image id) are in its `rules` too: then
   * the rows are written once more, from the records.
   */
  finish(late: ReadonlyMap<string, readonly ImageFinding[]>, records: () => Iterable<ImageRecord>): string[];
  discard(): void;
}

const NONE: readonly ImageFinding[] = [];

export function createRunTables(options: TableOptions): RunTables {
  const { folder } = options;
  const findings = createFile(path.join(folder, 'findings.csv'));
  findings.write(header(FINDING_COLUMNS));
  let rows = createRowFiles(options);
  return {
    add: (record) => rows.add(record, record.findings ?? NONE),
    addFinding: (finding) => findings.write(findingRow(finding)),
    finish(late, records) {
      if (late.size > 0) {
        rows.discard();
        rows = createRowFiles(options);
        for (const record of records()) {
          const more = late.get(record.image);
          rows.add(record, more ? [...(record.findings ?? NONE), ...more] : (record.findings ?? NONE));
        }
      }
      findings.finish();
      rows.finish();
      const names = ['images.csv', 'findings.csv', ...options.classes.map(({ key }) => `${key}.csv`)];
      return [...names.map((name) => path.join(folder, name)), ...(options.csv ? [options.csv] : [])];
    },
    discard() {
      findings.discard();
      rows.discard();
    },
  };
}

function createRowFiles({ folder, classes, csv, iouBelow, failures }: TableOptions) {
  const opened: GrowingFile[] = [];
  const open = (file: string, columns: readonly string[]) => {
    const created = createFile(file);
    opened.push(created);
    created.write(header(columns));
    return created;
  };
  const images = open(path.join(folder, 'images.csv'), IMAGE_COLUMNS);
  const perClass = classes.map((spec) => ({ spec, file: open(path.join(folder, `${spec.key}.csv`), CLASS_COLUMNS) }));
  // Rows of several classes in one file have to say whose they are.
  const classColumn = classes.length > 1;
  const failureFile = csv === null ? null : open(csv, classColumn ? [...CLASS_COLUMNS, 'class'] : CLASS_COLUMNS);

  return {
    add(record: ImageRecord, findings: readonly ImageFinding[]): void {
      images.write(imageRow(record, findings));
      for (const { spec, file } of perClass) {
        const counts = countsOf(record, spec);
        const row = classRow(record, spec, counts, findings);
        file.write(row);
        if (failureFile === null) continue;
        const failed =
          failures === 'outcomes'
            ? isFailure(counts, iouBelow)
            : findings.some((finding) => finding.class === '' || finding.class === spec.key);
        if (failed) failureFile.write(classColumn ? classRow(record, spec, counts, findings, true) : row);
      }
    },
    finish(): void {
      for (const file of opened) file.finish();
    },
    discard(): void {
      for (const file of opened) file.discard();
    },
  };
}

function header(columns: readonly string[]): string {
  return `${columns.join(',')}\r\n`;
}
