import type { Interval } from '../pipeline/metrics/bootstrap.js';
import type { OperatingPoint } from '../pipeline/metrics/detection/detection-rates.js';
import type { Beside, BesideClass } from '../pipeline/told/beside.js';
import type { Told, ToldClass } from '../pipeline/told/told.js';
import { count, counted, interval, score } from '../pipeline/words/figures.js';
import { difference, ruleWords, toldWords } from '../pipeline/words/told.js';
import { visible } from '../pipeline/words/visible-text.js';
import { wrap } from './display-width.js';
import { type Column, textTable } from './text-table.js';

interface Look {
  columns: number;
  run: string;
  beside: string | null;
}

/** A figure of a table: its name, and how it stands for one way of telling. */
interface Figure {
  name: string;
  cells: string[];
}

/** How a run tells images with a class from those without it, a table a class. */
export function toldText(told: Told | null, { columns }: Look): string[] {
  if (told === null) return [];
  return [
    'Told from presence alone',
    ...wrap(`${toldWords(told)} Beside each figure is its 95 % interval.`, columns),
    ...told.classes.flatMap((c) => ['', ...classTable(c, columns)]),
  ];
}

function classTable({ key, auc, aucInterval, ways }: ToldClass, columns: number): string[] {
  const [{ point }] = ways;
  return [
    ...titleOf(key, point),
    ...table(
      ways.map((way) => ruleWords(way.rule, way.pixels)),
      figures(
        ways.map((way) => way.point),
        ways.map((_, i) => (i === 0 ? withInterval(auc, aucInterval) : '')),
      ),
      columns,
    ),
  ];
}

/** Keys are data, as long as they like: the line may be longer than the table, and is the terminal's to break. */
function titleOf(key: string, { counts: { tp, fp, fn, tn } }: OperatingPoint): string[] {
  return [`${visible(key)}: ${count(tp + fn)} of ${counted(tp + fp + fn + tn, 'image')} have it`];
}

/** Two runs side by side. */
export function besideText(beside: Beside | null, { columns, beside: name }: Look): string[] {
  if (beside === null) return [];
  const { common, hereOnly, besideOnly, split, classes } = beside;
  const where = split === null ? '' : ` of the split ${visible(split)}`;
  const about =
    `${counted(common, 'image')}${where} scored in both; ${count(hereOnly)} in this run alone and ${count(besideOnly)} in the other alone are ` +
    'left out. Differences are beside minus here, on the same images.';
  return [
    `Beside ${visible(name ?? '')}`,
    ...wrap(about, columns),
    ...classes.flatMap((c) => ['', ...besideTable(c, columns)]),
  ];
}

function besideTable(c: BesideClass, columns: number): string[] {
  const { beside } = c;
  const rows = figures(
    [...c.ways.map(({ point }) => point), beside.point],
    [
      ...c.ways.map((_, i) => (i === 0 ? withInterval(c.auc, c.aucInterval) : '')),
      withInterval(beside.auc, beside.aucInterval),
    ],
  );
  const lines = [
    `AUC: ${difference(c.aucDifference, c.aucDifferenceInterval)}`,
    ...c.ways.map(({ rule, pixels, accuracy: { difference: value, confidence95, onlyARight, onlyBRight } }) => {
      const words = `accuracy against ${ruleWords(rule, pixels)}: ${difference(value, confidence95)}`;
      return `${words}; right only here ${count(onlyARight)}, only beside ${count(onlyBRight)}`;
    }),
    c.disagreeing > 0 && `${counted(c.disagreeing, 'image')} left out: the runs' annotations disagree about the class`,
  ].filter((line) => line !== false);
  return [
    ...titleOf(c.key, beside.point),
    ...table(
      [...c.ways.map(({ rule, pixels }) => ruleWords(rule, pixels)), `beside, ${ruleWords(beside.rule, 1)}`],
      rows,
      columns,
    ),
    ...lines.flatMap((line) => wrap(line, columns)),
  ];
}

function figures(points: readonly OperatingPoint[], areas: string[]): Figure[] {
  const rate = (name: string, of: 'sensitivity' | 'specificity' | 'precision'): Figure => ({
    name,
    cells: points.map((point) => withInterval(point[of], point.confidence95[of])),
  });
  return [
    rate('sensitivity', 'sensitivity'),
    rate('specificity', 'specificity'),
    rate('precision', 'precision'),
    { name: 'F1', cells: points.map(({ f1 }) => score(f1)) },
    { name: 'AUC', cells: areas },
  ];
}

function table(headers: readonly string[], rows: readonly Figure[], columns: number): string[] {
  const shown: Column<Figure>[] = headers.map((header, i) => ({
    header,
    align: 'start',
    // The first way and the last stay: what is compared. Of those between the last goes first.
    expendable: i === 0 || i === headers.length - 1 ? 0 : i,
    cell: ({ cells }) => cells[i],
  }));
  return textTable([{ header: '', align: 'start', expendable: 0, cell: ({ name }) => name }, ...shown], rows, columns);
}

function withInterval(value: number | null, range: Interval | null): string {
  return range === null ? score(value) : `${score(value)} ${interval(range)}`;
}
