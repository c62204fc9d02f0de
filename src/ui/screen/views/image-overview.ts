import { type DetectionRates, detectionRates } from '../../../pipeline/metrics/detection/detection-rates.js';
import { count, counted, interval, score, share } from '../../../pipeline/words/figures.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { pad, truncatePath } from '../../display-width.js';
import { type Column, textTable } from '../../text-table.js';
import type { Model } from '../model.js';
import { shareBar } from '../parts/bar.js';
import { heading } from '../parts/heading.js';
import type { ClassFigures } from '../run-state.js';
import { nameRoom, swatch } from './class-names.js';

/** Columns of a share, `25.4 %`, and of a bar at most. */
const SHARE = 7;
const BAR = 40;

/** A bar a class: its share of the images. */
export function imageBalance({ run, theme }: Model, width: number, lit: boolean): string[] {
  const live = run.phase !== 'finished' && run.progress !== null;
  const about = live ? `of ${counted(run.progress?.done ?? 0, 'image')} so far` : 'images of each class';
  const lines = [heading('Balance', about, width, theme, lit)];
  if (run.classes.length === 0) return [...lines, theme.dim('  no image yet')];
  const name = nameRoom(run.classes, width);
  const counts = Math.max(...run.classes.map((c) => count(c.truthImages).length));
  const bar = Math.max(0, Math.min(BAR, width - name - SHARE - counts - 6));
  for (const c of run.classes) {
    const drawn = theme.ofClass(c.index, shareBar(c.imageShare, bar, theme));
    const key = pad(truncatePath(visible(c.key), name), name);
    lines.push(
      `${swatch(theme, c.index)} ${key} ${drawn} ${pad(share(c.imageShare), SHARE, 'end')} ${pad(count(c.truthImages), counts, 'end')}`,
    );
  }
  return lines;
}

interface Row extends DetectionRates {
  c: ClassFigures;
}

const column = (
  header: string,
  expendable: number,
  cell: (row: Row) => string,
  align: 'start' | 'end' = 'end',
): Column<Row> => ({ header, expendable, cell, align });

const SCORES: readonly Column<Row>[] = [
  column('class', 0, ({ c }) => visible(c.key), 'start'),
  column('hit', 1, ({ c }) => count(c.outcomes.hit)),
  column('miss', 0, ({ c }) => count(c.outcomes.miss)),
  column('alarm', 1, ({ c }) => count(c.outcomes.false_alarm)),
  column('sensitivity', 0, (row) => score(row.sensitivity)),
  column('95 % interval', 5, ({ c }) => interval(c.detection?.confidence95.sensitivity ?? null)),
  column('specificity', 2, (row) => score(row.specificity)),
  column('precision', 4, (row) => score(row.precision)),
  column('F1', 3, (row) => score(row.f1)),
  column('AUC', 0, ({ c }) => score(c.detection?.auc ?? null)),
];
/** What only all images together can tell. */
const FINAL = ['95 % interval', 'AUC'];

/** How each class is told from the others, image by image. */
export function imageScores({ run, theme }: Model, width: number): string[] {
  const rows = run.classes.map((c): Row => {
    const { hit, miss, disjoint, false_alarm, empty } = c.outcomes;
    return { c, ...detectionRates({ tp: hit, fp: false_alarm, fn: miss + disjoint, tn: empty }) };
  });
  if (rows.length === 0) return [];
  const columns = SCORES.filter(({ header }) => run.phase === 'finished' || !FINAL.includes(header));
  const [header, ...lines] = textTable(columns, rows, width - 2);
  return [
    heading('Scores', `accuracy ${score(accuracyOf(run.classes))}`, width, theme),
    `  ${theme.dim(header)}`,
    ...lines.map((line, i) => `${swatch(theme, rows[i].c.index)} ${line}`),
  ];
}

/** An image is told right where it is a hit of its class. */
function accuracyOf(classes: readonly ClassFigures[]): number | null {
  const sum = (of: (c: ClassFigures) => number) => classes.reduce((total, c) => total + of(c), 0);
  const scored = sum(({ outcomes }) => outcomes.hit + outcomes.miss + outcomes.disjoint);
  return scored === 0 ? null : sum(({ outcomes }) => outcomes.hit) / scored;
}

/** More classes than these make no table that anybody reads in a terminal. */
const MOST = 8;

/** What the images of each class are told to be. */
export function confusion({ run, theme }: Model, width: number): string[] {
  const { classes } = run;
  if (run.confusion === null || classes.length > MOST) return [];
  const rows = run.confusion.map((counts, i) => ({ key: visible(classes[i].key), counts }));
  const columns: Column<(typeof rows)[number]>[] = [
    { header: 'is', expendable: 0, align: 'start', cell: ({ key }) => key },
    ...classes.map(({ key }, c) => ({
      header: visible(key),
      expendable: 0,
      align: 'end' as const,
      cell: ({ counts }: (typeof rows)[number]) => count(counts[c]),
    })),
  ];
  const [header, ...lines] = textTable(columns, rows, width - 2);
  return [
    heading('Confusion', 'images: rows what they are, columns what they are told to be', width, theme),
    `  ${theme.dim(header)}`,
    ...lines.map((line, i) => `${swatch(theme, classes[i].index)} ${line}`),
  ];
}
