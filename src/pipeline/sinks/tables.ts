import type { ClassSpec } from '../dataset/dataset.js';
import { accuracy } from '../metrics/accuracy.js';
import { type OverlapCounts, outcomeOf, overlapCounts } from '../metrics/counts.js';
import { dice, iou } from '../metrics/overlap.js';
import type { Finding, ImageFinding, ImageRecord } from '../record.js';
import { type Cell, csvRecord } from './csv.js';

export const IMAGE_COLUMNS = [
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

export const CLASS_COLUMNS = [
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

/** What a hybrid adds to them: what its gate said, and the last stage that looked at the image for the class. */
export const STAGE_COLUMNS = ['gate_probability', 'stage'] as const;

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
export function imageRow(record: ImageRecord, findings: readonly ImageFinding[]): string {
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
  ]);
}

/** The rows that reviewers want: nothing or the wrong thing predicted, and hits below an IoU. */
export function isFailure(counts: OverlapCounts | null, iouBelow: number): boolean {
  if (counts === null) return false;
  const outcome = outcomeOf(counts);
  if (outcome === 'hit') return (iou(counts) ?? 1) < iouBelow;
  return outcome !== 'empty';
}

/** What a row of a class has beside its first columns. */
export interface RowForm {
  /** Of a hybrid's run: the threshold of each class, by index, null for one that the gate does not decide about. */
  thresholds?: readonly (number | null)[];
  /** It ends with the class key. */
  classColumn?: boolean;
}

/** The columns of such rows. */
export function classColumns({ thresholds, classColumn }: RowForm): readonly string[] {
  return [...CLASS_COLUMNS, ...(thresholds ? STAGE_COLUMNS : []), ...(classColumn ? ['class'] : [])];
}

/** A row of `<class>.csv`, of the image's counts of that class (null: unscored). */
export function classRow(
  record: ImageRecord,
  spec: ClassSpec,
  counts: OverlapCounts | null,
  findings: readonly ImageFinding[],
  { thresholds, classColumn }: RowForm,
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
  ];
  if (thresholds) {
    const isGated = thresholds[spec.index] !== null;
    cells.push(record.gate?.probabilities[spec.index] ?? null, isGated ? stageOf(record, spec) : '');
  }
  if (classColumn) cells.push(spec.key);
  return csvRecord(cells);
}

/** The last stage of a hybrid that looked at an image for a class that the gate decides about; '' where none did. */
export function stageOf({ gate }: Pick<ImageRecord, 'gate'>, { index }: Pick<ClassSpec, 'index'>): Stage | '' {
  if (gate === undefined || gate.probabilities[index] === null) return '';
  return gate.passed.includes(index) ? 'segmenter' : 'gate';
}
export type Stage = 'gate' | 'segmenter';

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
