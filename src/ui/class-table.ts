import type { ClassDetection } from '../pipeline/metrics/detection/detection.js';
import type { ClassSummary, Summary } from '../pipeline/summary.js';
import { count, factor, interval, score, share } from '../pipeline/words/figures.js';
import { detectionOf } from '../pipeline/words/image-verdict.js';
import { visible } from '../pipeline/words/visible-text.js';
import { type Column, textTable } from './text-table.js';

const column = (
  header: string,
  expendable: number,
  cell: (c: ClassSummary) => string,
  align: 'start' | 'end' = 'end',
): Column<ClassSummary> => ({ header, expendable, cell, align });

const NAME = column('class', 0, (c) => visible(c.key), 'start');

const SCORES: readonly Column<ClassSummary>[] = [
  NAME,
  column('images', 2, (c) => count(c.truth.images)),
  column('pixels', 3, (c) => share(c.truth.pixelShare)),
  column('hit', 0, (c) => count(c.outcomes.hit)),
  column('miss', 0, (c) => count(c.outcomes.miss)),
  column('astray', 5, (c) => count(c.outcomes.disjoint)),
  column('alarm', 1, (c) => count(c.outcomes.false_alarm)),
  column('IoU', 0, (c) => score(c.iou.pooled)),
  column('95 % interval', 4, (c) => interval(c.confidence95.pooledIou)),
  column('smoothed', 1, (c) => score(c.iou.imageMeanSmoothed)),
];

const BALANCE: readonly Column<ClassSummary>[] = [
  NAME,
  column('images', 0, (c) => count(c.truth.images)),
  column('of all', 3, (c) => share(c.truth.imageShare)),
  column('pixels', 2, (c) => count(c.truth.pixels)),
  column('of all', 0, (c) => share(c.truth.pixelShare)),
  column('weight: inverse', 1, (c) => factor(c.weights.inverseFrequency)),
  column('median', 4, (c) => factor(c.weights.medianFrequency)),
  column('effective', 5, (c) => factor(c.weights.effectiveNumber)),
  column('ENet', 6, (c) => factor(c.weights.enetLog)),
];

/** A class among images as a whole, with how it is told from the others. */
interface ImageRow {
  c: ClassSummary;
  found: ClassDetection | null;
}

const ofImages = (
  header: string,
  expendable: number,
  cell: (row: ImageRow) => string,
  align: 'start' | 'end' = 'end',
): Column<ImageRow> => ({ header, expendable, cell, align });

const IMAGE_SCORES: readonly Column<ImageRow>[] = [
  ofImages('class', 0, ({ c }) => visible(c.key), 'start'),
  ofImages('images', 3, ({ c }) => count(c.truth.images)),
  ofImages('hit', 0, ({ c }) => count(c.outcomes.hit)),
  ofImages('miss', 0, ({ c }) => count(c.outcomes.miss)),
  ofImages('alarm', 1, ({ c }) => count(c.outcomes.false_alarm)),
  ofImages('sensitivity', 0, ({ found }) => score(found?.sensitivity ?? null)),
  ofImages('95 % interval', 5, ({ found }) => interval(found?.confidence95.sensitivity ?? null)),
  ofImages('specificity', 2, ({ found }) => score(found?.specificity ?? null)),
  ofImages('precision', 4, ({ found }) => score(found?.precision ?? null)),
  ofImages('F1', 3, ({ found }) => score(found?.f1 ?? null)),
  ofImages('AUC', 1, ({ found }) => score(found?.auc ?? null)),
];

const IMAGE_BALANCE = BALANCE.filter(({ header }, i) => header !== 'pixels' && i !== 4);

/** A table of at most `lines` lines; where rows are left out the last line says how many. */
function fitted<Row>(columns: readonly Column<Row>[], classes: readonly Row[], width: number, lines: number): string[] {
  if (lines < 2 || classes.length === 0) return [];
  if (classes.length < lines || lines === 2) return textTable(columns, classes.slice(0, lines - 1), width);
  const shown = classes.slice(0, lines - 2);
  return [...textTable(columns, shown, width), `+ ${count(classes.length - shown.length)} more in summary.json`];
}

/**
 * What became of each class: images with it in the truth and its share of all pixels, images that are hits, misses, astray
 * (both masks have it and don't meet: outcome `disjoint`, a column only where that occurs) and false alarms, pooled IoU
 * beside the smoothed one. At most `lines` lines of `width` columns, header included.
 */
export function scoreTable(classes: readonly ClassSummary[], width: number, lines: number): string[] {
  const astray = classes.some((c) => c.outcomes.disjoint > 0);
  return fitted(astray ? SCORES : SCORES.filter(({ header }) => header !== 'astray'), classes, width, lines);
}

/** The annotations of each class and the four proposed weights. */
export function balanceTable(classes: readonly ClassSummary[], width: number, lines: number): string[] {
  return fitted(BALANCE, classes, width, lines);
}

/** How a classifier tells each class from the others, image by image. */
export function imageScoreTable(
  summary: Pick<Summary, 'detection'>,
  classes: readonly ClassSummary[],
  width: number,
  lines: number,
): string[] {
  return fitted(
    IMAGE_SCORES,
    classes.map((c) => ({ c, found: detectionOf(summary, c.index) })),
    width,
    lines,
  );
}

/** The images of each class and the four proposed weights. */
export function imageBalanceTable(classes: readonly ClassSummary[], width: number, lines: number): string[] {
  return fitted(IMAGE_BALANCE, classes, width, lines);
}
