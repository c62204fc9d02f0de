import type { Interval } from '../../metrics/bootstrap.js';
import type { Calibration } from '../../metrics/detection/calibration.js';
import type { ClassDetection } from '../../metrics/detection/detection.js';
import type { OperatingPoint } from '../../metrics/detection/detection-rates.js';
import { count, interval, score } from '../../words/figures.js';
import { type Child, type Html, html } from '../html.js';
import { type Column, figure, table } from '../table.js';

/** How the intervals of `detectionTable` are made. */
export const DETECTION_INTERVALS =
  'DeLong’s of the area under the ROC curve, the logit one of average precision, Wilson’s of the others';

/** Rows truth, columns answers, with the share of each row that is told right. */
export function confusionTable(
  caption: string,
  names: readonly string[],
  confusion: readonly (readonly number[])[],
): Html {
  const rows = names.map((name, c) => ({
    name,
    c,
    told: confusion[c],
    all: confusion[c].reduce((sum, n) => sum + n, 0),
  }));
  const answers: Column<(typeof rows)[number]>[] = names.map((name, predicted) => ({
    head: `told ${name}`,
    cell: ({ told, c }) =>
      c === predicted ? html`<strong>${count(told[predicted])}</strong>` : count(told[predicted]),
  }));
  return table(
    caption,
    [
      { head: 'is', cell: ({ name }) => name },
      ...answers,
      { head: 'Images', cell: ({ all }) => count(all) },
      {
        head: 'Told right',
        cell: ({ told, c, all }) => figure(all === 0 ? null : told[c] / all, score, 'no image is of it'),
      },
    ],
    rows,
  );
}

/** Each class told from the rest, with 95 % intervals below the figures. @param f1Intervals of each class, where they are known */
export function detectionTable(
  caption: string,
  classes: readonly ClassDetection[],
  nameOf: (key: string) => string,
  f1Intervals: readonly (Interval | null)[] = [],
): Html {
  return table(
    caption,
    [
      { head: 'Class', cell: ({ key }) => nameOf(key) },
      { head: 'Images', cell: ({ counts }) => count(counts.tp + counts.fn) },
      {
        head: 'AUC',
        cell: (of) => withInterval(of.auc, of.confidence95.auc, 'one of both kinds of images is missing'),
      },
      {
        head: 'Average precision',
        cell: (of) => withInterval(of.averagePrecision, of.confidence95.averagePrecision, 'no image is of it'),
      },
      ...rateColumns<ClassDetection>(['sensitivity', 'specificity', 'precision'], (of) => of),
      {
        head: 'F1',
        cell: (of) => withInterval(of.f1, f1Intervals[classes.indexOf(of)] ?? null, 'it neither occurs nor is told'),
      },
    ],
    classes,
  );
}

/** A column for each of some rates, with 95 % intervals below the figures. @param pointOf of a row; null where it has none */
export function rateColumns<Row>(
  rates: readonly (keyof OperatingPoint['confidence95'])[],
  pointOf: (row: Row) => OperatingPoint | null,
): Column<Row>[] {
  return rates.map((rate) => ({
    head: `${rate[0].toUpperCase()}${rate.slice(1)}`,
    cell: (row) => {
      const point = pointOf(row);
      return withInterval(point?.[rate] ?? null, point?.confidence95[rate] ?? null, 'there is no such image');
    },
  }));
}

/** How well probabilities are meant, a row for each way to make them. */
export function calibrationTable(rows: readonly { name: string; of: Calibration }[]): Html {
  const none = 'there is no image';
  return table(
    'Calibration',
    [
      { head: 'Probabilities', cell: ({ name }) => name },
      { head: 'Expected calibration error', cell: ({ of }) => figure(of.ece, score, none) },
      { head: 'Largest of a bin', cell: ({ of }) => figure(of.mce, score, none) },
      { head: 'Brier score', cell: ({ of }) => figure(of.brier, score, none) },
      { head: 'Negative log-likelihood', cell: ({ of }) => figure(of.nll, score, none) },
    ],
    rows,
  );
}

/** A figure over its interval. */
export function withInterval(value: number | null, range: readonly [number, number] | null, why: string): Child {
  return html`${figure(value, score, why)}${range !== null && html`<br><small>${interval(range)}</small>`}`;
}
