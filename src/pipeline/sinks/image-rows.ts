import type { ClassSpec } from '../dataset/dataset.js';
import type { ImageFinding, ImageRecord } from '../record.js';
import { classRow, countsOf, imageRow, isFailure, type Labels, tableColumns } from './tables.js';

/** Which rows an image gets; the same for all images of a run, and passes to worker threads. */
export interface RowOptions {
  /** The dataset's classes, and whether they are of images as a whole. */
  dataset: Labels;
  /** Classes that get a file each. */
  classes: readonly ClassSpec[];
  /** One more file, with the failure rows of those classes. */
  csv: boolean;
  iouBelow: number;
  /** `stats` has no predictions: there a failure is an image with a finding about its annotation. */
  failures: 'outcomes' | 'findings';
}

/** Rows of several classes in one file have to say whose they are. */
const needsClassColumn = ({ classes }: RowOptions) => classes.length > 1;

/** Columns of images.csv, of each class's file, and of the failures' file. */
export function rowColumns(options: RowOptions): (readonly string[])[] {
  const ofClass = tableColumns('class', options.dataset);
  const failures = needsClassColumn(options) ? [...ofClass, 'class'] : ofClass;
  return [
    tableColumns('image', options.dataset),
    ...options.classes.map(() => ofClass),
    ...(options.csv ? [failures] : []),
  ];
}

const NONE: readonly ImageFinding[] = [];

/** Text for each of those files, '' where the image has no row in it. `late`: findings that the record doesn't hold. */
export function imageRows(options: RowOptions, record: ImageRecord, late: readonly ImageFinding[] = NONE): string[] {
  const own = record.findings ?? NONE;
  const findings = late.length > 0 ? [...own, ...late] : own;
  const rows = [imageRow(record, options.dataset, findings)];
  let failures = '';
  for (const spec of options.classes) {
    const counts = countsOf(record, spec);
    const row = classRow(record, options.dataset, spec, counts, findings);
    rows.push(row);
    if (!options.csv) continue;
    const failed =
      options.failures === 'outcomes'
        ? isFailure(counts, options.iouBelow)
        : findings.some((finding) => finding.class === '' || finding.class === spec.key);
    if (failed)
      failures += needsClassColumn(options) ? classRow(record, options.dataset, spec, counts, findings, true) : row;
  }
  if (options.csv) rows.push(failures);
  return rows;
}
