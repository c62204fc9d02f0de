import type { ClassSpec, DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import { accuracy } from '../metrics/accuracy.js';
import { type OverlapCounts, outcomeOf, overlapCounts } from '../metrics/counts.js';
import { imageAnswer } from '../metrics/image-answer.js';
import { dice, iou } from '../metrics/overlap.js';
import type { Finding, ImageFinding, ImageRecord } from '../record.js';
import { type Cell, csvRecord } from './csv.js';

const IMAGE_COLUMNS = [
  'image',
  'split',
  'source',
  'status',
  'width',
  'height',
  'accuracy',
  'findings',
  'rules',
  'image_path',
  'truth_path',
  'prediction_path',
] as const;

const CLASS_COLUMNS = [
  'image',
  'split',
  'source',
  'truth_pixels',
  'predicted_pixels',
  'tp',
  'fp',
  'fn',
  'iou',
  'dice',
  'outcome',
  'max_probability',
  'rules',
  'image_path',
  'truth_path',
  'prediction_path',
] as const;

/** Behind the others where images as a whole have the classes: what the image is, what it is told to be, and how sure that is. */
const ANSWER_COLUMNS = ['label', 'predicted', 'probability', 'heat_in_lungs'] as const;

/** Columns of images.csv and of a class's file. */
export function tableColumns(kind: 'image' | 'class', dataset: Pick<DatasetSpec, 'maskClasses'>): readonly string[] {
  const columns = kind === 'image' ? IMAGE_COLUMNS : CLASS_COLUMNS;
  return isImageLevel(dataset) ? [...columns, ...ANSWER_COLUMNS] : columns;
}

/** The cells of those columns; `probability` is that of the class that the image is told to be. */
function answerCells({ truth, confusion, maxProbability, heatInLungs }: ImageRecord, dataset: Labels): Cell[] {
  if (!isImageLevel(dataset)) return [];
  const keyOf = (index: number | null) => (index === null ? null : dataset.classes[index].key);
  const label = truth === null ? null : truth.indexOf(1);
  const predicted = confusion && imageAnswer(confusion).predicted;
  return [
    keyOf(label),
    keyOf(predicted),
    predicted === null ? null : (maxProbability?.[predicted] ?? null),
    heatInLungs ?? null,
  ];
}

/** What says whose the rows' classes are. */
export type Labels = Pick<DatasetSpec, 'classes' | 'maskClasses'>;

export const FINDING_COLUMNS = [
  'rule',
  'severity',
  'image',
  'split',
  'source',
  'class',
  'value',
  'message',
  'path',
  'related_path',
] as const;

/** A row of images.csv. `findings` are all that name the image, those of whole-set rules included. */
export function imageRow(record: ImageRecord, dataset: Labels, findings: readonly ImageFinding[]): string {
  return csvRecord([
    record.image,
    record.split,
    record.source,
    record.status,
    record.width,
    record.height,
    record.confusion && accuracy(record.confusion),
    findings.length,
    ruleCodes(findings, null),
    record.imagePath,
    record.truthPath,
    record.predictionPath,
    ...answerCells(record, dataset),
  ]);
}

/** The rows that reviewers want: nothing or the wrong thing predicted, and hits below an IoU. */
export function isFailure(counts: OverlapCounts | null, iouBelow: number): boolean {
  if (counts === null) return false;
  const outcome = outcomeOf(counts);
  if (outcome === 'hit') return (iou(counts) ?? 1) < iouBelow;
  return outcome !== 'empty';
}

/** A row of `<class>.csv`, of the image's counts of that class (null: unscored). `classColumn` ends it with the class key. */
export function classRow(
  record: ImageRecord,
  dataset: Labels,
  spec: ClassSpec,
  counts: OverlapCounts | null,
  findings: readonly ImageFinding[],
  classColumn = false,
): string {
  const cells: Cell[] = [
    record.image,
    record.split,
    record.source,
    record.truth === null ? null : record.truth[spec.index],
    counts && counts.tp + counts.fp,
    counts?.tp ?? null,
    counts?.fp ?? null,
    counts?.fn ?? null,
    counts && iou(counts),
    counts && dice(counts),
    outcomeOf(counts),
    record.maxProbability?.[spec.index] ?? null,
    ruleCodes(findings, spec.key),
    record.imagePath,
    record.truthPath,
    record.predictionPath,
    ...answerCells(record, dataset),
  ];
  if (classColumn) cells.push(spec.key);
  return csvRecord(cells);
}

/** The image's counts of a class; null where it is unscored. */
export function countsOf(record: ImageRecord, spec: ClassSpec): OverlapCounts | null {
  return record.confusion === null ? null : overlapCounts(record.confusion, spec.index);
}

/** Codes of the findings about a class or about none, each once, parted by spaces. `key` null: of all. */
function ruleCodes(findings: readonly ImageFinding[], key: string | null): string {
  if (findings.length === 0) return '';
  const codes = new Set<string>();
  for (const finding of findings) {
    if (key === null || finding.class === '' || finding.class === key) codes.add(finding.rule);
  }
  return [...codes].join(' ');
}

export function findingRow(finding: Finding): string {
  return csvRecord([
    finding.rule,
    finding.severity,
    finding.image,
    finding.split,
    finding.source,
    finding.class,
    finding.value,
    finding.message,
    finding.path,
    finding.relatedPath,
  ]);
}
