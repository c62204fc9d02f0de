import path from 'node:path';
import { byImage } from './checks/set-rules.js';
import { resolveClasses } from './dataset/classes.js';
import type { ClassSpec } from './dataset/dataset.js';
import type { ExportRequest, ExportResult } from './requests.js';
import { createFile } from './sinks/files.js';
import { classRow, countsOf, isFailure, tableColumns } from './sinks/tables.js';
import { imageFindings, openRun } from './viewing/run.js';

/** The recipe of `export`: a run's journal to the rows that a reviewer wants. */
export async function runExport(request: ExportRequest, write: (text: string) => Promise<void>): Promise<ExportResult> {
  const { header, records, lateFindings } = openRun(request.run);
  const classes = resolveClasses(request.classes ?? header.classes, header.dataset.classes);
  const late = byImage(lateFindings());

  function* rowsOf(wanted: readonly ClassSpec[], classColumn: boolean): Generator<string> {
    for (const record of records()) {
      const findings = imageFindings(record, late);
      for (const spec of wanted) {
        const counts = countsOf(record, spec);
        if (request.all || isFailure(counts, request.iouBelow))
          yield classRow(record, header.dataset, spec, counts, findings, classColumn);
      }
    }
  }
  const headerRow = (classColumn: boolean) =>
    `${[...tableColumns('class', header.dataset), ...(classColumn ? ['class'] : [])].join(',')}\r\n`;

  let rows = 0;
  if (request.out !== null) {
    const files: string[] = [];
    for (const spec of classes) {
      const file = path.join(request.out, `${spec.key}.csv`);
      rows += writeRows(file, headerRow(false), rowsOf([spec], false));
      files.push(file);
    }
    return { rows, files };
  }
  const classColumn = classes.length > 1;
  if (request.csv !== null) {
    return { rows: writeRows(request.csv, headerRow(classColumn), rowsOf(classes, classColumn)), files: [request.csv] };
  }
  await write(headerRow(classColumn));
  for (const row of rowsOf(classes, classColumn)) {
    await write(row);
    rows++;
  }
  return { rows, files: [] };
}

function writeRows(file: string, header: string, rows: Iterable<string>): number {
  const growing = createFile(file);
  let count = 0;
  try {
    growing.write(header);
    for (const row of rows) {
      growing.write(row);
      count++;
    }
    growing.finish();
  } finally {
    growing.discard();
  }
  return count;
}
