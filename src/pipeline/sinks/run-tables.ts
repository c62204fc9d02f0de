import path from 'node:path';
import type { Finding, ImageFinding, ImageRecord } from '../record.js';
import { createFile, type GrowingFile } from './files.js';
import { imageRows, type RowOptions, rowColumns } from './image-rows.js';
import { FINDING_COLUMNS, findingRow } from './tables.js';

/** The CSV files of a run: rows as they come, final names when all are whole. */
export interface RunTables {
  /** Rows of images, in the order of images.csv: a text for each file, as `imageRows` makes them. */
  addRows(texts: readonly (string | Uint8Array)[]): void;
  addFinding(finding: Finding): void;
  /**
   * Ends the files. Findings that came up after an image's row was written (`late`, by image id) are in its `rules` too: then
   * the rows are written once more, from the records.
   */
  finish(late: ReadonlyMap<string, readonly ImageFinding[]>, records: () => Iterable<ImageRecord>): string[];
  discard(): void;
}

/** For a run that is read again: its tables are there already. */
export const NO_TABLES: RunTables = { addRows() {}, addFinding() {}, finish: () => [], discard() {} };

/** @param csv file for the failure rows, absolute, or null */
export function createRunTables(folder: string, csv: string | null, options: RowOptions): RunTables {
  const names = ['images.csv', ...options.classes.map(({ key }) => `${key}.csv`)].map((name) =>
    path.join(folder, name),
  );
  const files = csv === null ? names : [...names, csv];
  const findings = createFile(path.join(folder, 'findings.csv'));
  findings.write(header(FINDING_COLUMNS));
  let rows = openRows(files, options);
  const add = (texts: readonly (string | Uint8Array)[]) => texts.forEach((text, i) => void rows[i].write(text));

  return {
    addRows: add,
    addFinding: (finding) => findings.write(findingRow(finding)),
    finish(late, records) {
      if (late.size > 0) {
        for (const file of rows) file.discard();
        rows = openRows(files, options);
        for (const record of records()) add(imageRows(options, record, late.get(record.image)));
      }
      findings.finish();
      for (const file of rows) file.finish();
      return [files[0], path.join(folder, 'findings.csv'), ...files.slice(1)];
    },
    discard() {
      findings.discard();
      for (const file of rows) file.discard();
    },
  };
}

function openRows(files: readonly string[], options: RowOptions): GrowingFile[] {
  const columns = rowColumns(options);
  const opened: GrowingFile[] = [];
  try {
    for (const [i, file] of files.entries()) {
      const created = createFile(file);
      opened.push(created);
      created.write(header(columns[i]));
    }
    return opened;
  } catch (error) {
    for (const file of opened) file.discard();
    throw error;
  }
}

function header(columns: readonly string[]): string {
  return `${columns.join(',')}\r\n`;
}
