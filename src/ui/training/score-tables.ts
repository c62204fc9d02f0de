import type { ClassDetection } from '../../pipeline/metrics/detection/detection.js';
import type { EpochLog } from '../../pipeline/training/history.js';
import { type ClassScores, ofImages } from '../../pipeline/training/scores.js';
import { count, interval, score } from '../../pipeline/words/figures.js';
import { visible } from '../../pipeline/words/visible-text.js';
import { type Column, textTable } from '../text-table.js';

/** A class at an epoch. */
interface Row {
  train: ClassScores;
  val: ClassScores;
}

function column<R>(header: string, expendable: number, cell: (row: R) => string): Column<R> {
  return { header, expendable, cell, align: header === 'class' ? 'start' : 'end' };
}

const OF_PIXELS: readonly Column<Row>[] = [
  column('class', 0, ({ val }) => visible(val.key)),
  column('images', 2, ({ val }) => count(val.truthImages)),
  column('train IoU', 1, ({ train }) => score(train.iou.pooled)),
  column('val IoU', 0, ({ val }) => score(val.iou.pooled)),
  column('smoothed', 1, ({ val }) => score(val.iou.imageMeanSmoothed)),
  column('val Dice', 3, ({ val }) => score(val.dice.pooled)),
];

const OF_IMAGES: readonly Column<Row>[] = [
  column('class', 0, ({ val }) => visible(val.key)),
  column('images', 3, ({ val }) => count(val.truthImages)),
  column('AUC', 0, ({ val }) => score(val.detection?.auc ?? null)),
  column('sens.', 0, ({ val }) => score(val.detection?.sensitivity ?? null)),
  column('spec.', 1, ({ val }) => score(val.detection?.specificity ?? null)),
  column('F1', 0, ({ val }) => score(val.dice.pooled)),
  column('train F1', 2, ({ train }) => score(train.dice.pooled)),
];

/** Each class but background; of a classifier, each class, since that of index 0 is an answer like the others. */
const classRows = ({ train, val }: EpochLog): Row[] =>
  val.classes.map((scores, c) => ({ train: train.classes[c], val: scores })).slice(ofImages(val) ? 0 : 1);

/** A line for each class: how its validation score came about, and the naive one where there is such. */
export function classTable(log: EpochLog, columns: number): string[] {
  return textTable(ofImages(log.val) ? OF_IMAGES : OF_PIXELS, classRows(log), columns);
}

/** The same in at most `lines` lines; where rows are left out they are the best ones, and the last line says how many. */
export function worstClasses(log: EpochLog, columns: number, lines: number): string[] {
  const worst = ({ val }: Row) => (ofImages(log.val) ? val.detection?.auc : val.iou.pooled) ?? 0;
  return fitted(ofImages(log.val) ? OF_IMAGES : OF_PIXELS, classRows(log), { columns, lines }, worst);
}

const OF_DETECTION: readonly Column<ClassDetection>[] = [
  column('class', 0, ({ key }) => visible(key)),
  column('images', 3, ({ counts }) => count(counts.tp + counts.fn)),
  column('AUC', 0, ({ auc }) => score(auc)),
  column('95 % interval', 1, ({ confidence95 }) => interval(confidence95.auc)),
  column('sensitivity', 0, ({ sensitivity }) => score(sensitivity)),
  column('specificity', 2, ({ specificity }) => score(specificity)),
  column('precision', 5, ({ precision }) => score(precision)),
  column('F1', 4, ({ f1 }) => score(f1)),
];

/** How a classifier that is done tells each class, in at most `lines` lines. */
export function detectionTable(classes: readonly ClassDetection[], columns: number, lines: number): string[] {
  return fitted(OF_DETECTION, classes, { columns, lines }, ({ auc }) => auc ?? 0);
}

function fitted<R>(
  table: readonly Column<R>[],
  rows: readonly R[],
  { columns, lines }: { columns: number; lines: number },
  rank: (row: R) => number,
): string[] {
  if (lines < 2) return [];
  if (rows.length < lines) return textTable(table, rows, columns);
  const worst = rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, lines - 2);
  return [...textTable(table, worst, columns), `+ ${count(rows.length - worst.length)} more in training.json`];
}
