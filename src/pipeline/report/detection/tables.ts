import type { ClassDetection } from '../../metrics/detection/detection.js';
import type { OperatingPoint } from '../../metrics/detection/detection-rates.js';
import { count, interval, score } from '../../words/figures.js';
import { type Child, type Html, html } from '../html.js';
import { type Column, figure, table } from '../table.js';

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

/** Each class told from the rest, with 95 % intervals below the figures. */
export function detectionTable(
  caption: string,
  classes: readonly ClassDetection[],
  nameOf: (key: string) => string,
): Html {
  const rate = (head: string, name: keyof OperatingPoint['confidence95']): Column<ClassDetection> => ({
    head,
    cell: (of) => withInterval(of[name], of.confidence95[name], 'there is no such image'),
  });
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
      rate('Sensitivity', 'sensitivity'),
      rate('Specificity', 'specificity'),
      rate('Precision', 'precision'),
      { head: 'F1', cell: ({ f1 }) => figure(f1, score, 'it neither occurs nor is told') },
    ],
    classes,
  );
}

/** A figure over its interval. */
export function withInterval(value: number | null, range: readonly [number, number] | null, why: string): Child {
  return html`${figure(value, score, why)}${range !== null && html`<br><small>${interval(range)}</small>`}`;
}
