import type { ConventionsResult } from '../pipeline/run-conventions.js';
import { CONVENTIONS, type Convention } from '../pipeline/summary.js';
import { count, counted, score } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';
import type { Colours } from './colours.js';
import { displayWidth, truncate, wrap } from './display-width.js';
import { reportedText } from './reported-text.js';
import { type Column, textTable } from './text-table.js';
import { besideText, toldText } from './told-text.js';

export interface ConventionsLook {
  columns: number;
  colours: Colours;
  /** The run and the one beside it as they were named. */
  run: string;
  beside: string | null;
}

/** What `conventions` prints: the tables, what is told of whole images, and last the answer to what was asked. Pure. */
export function conventionsText(result: ConventionsResult, look: ConventionsLook): string[] {
  const { columns, colours } = look;
  const sections = [
    headLines(result, look),
    scoreTable('IoU', result, 'iou', columns),
    scoreTable('Dice', result, 'dice', columns),
    legend(result, columns),
    toldText(result.told, look),
    besideText(result.beside, look),
    reportedText(result, look),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap(([head, ...lines], i) => [...(i === 0 ? [] : ['']), colours.bold(head), ...lines]);
}

function headLines(
  { images, scored, complete, metricBatch, accuracy, counts }: ConventionsResult,
  look: ConventionsLook,
): string[] {
  const line = `${visible(look.run)}: ${count(scored)} of ${counted(images, 'image')} scored`;
  const about = [
    !complete && 'The run has not come to its end, or is a shard: all figures are about the images that are there.',
    counts === 'images' && 'A classifier: each image counts as one pixel, so IoU and Dice are of images.',
    `${counts === 'pixels' ? 'Pixel accuracy' : 'Accuracy'} ${score(accuracy)}; batchSmoothed in batches of ${count(metricBatch)} images.`,
  ].filter((text) => text !== false);
  return [...wrap(line, look.columns), ...about.flatMap((text) => wrap(text, look.columns))];
}

interface Row {
  name: Convention;
  cells: (number | null)[];
}

/** Longer class names are cut. */
const HEADER_WIDTH = 14;

/** Conventions in rows, classes and means in columns; classes that do not fit go into further tables. */
function scoreTable(title: string, result: ConventionsResult, measure: 'iou' | 'dice', columns: number): string[] {
  const { classes } = result;
  const means = measure === 'iou' ? result.meanIou : result.meanDice;
  const scores = [...classes.map((c) => c[measure]), means.all, means.foreground];
  const headers = [...classes.map(({ key }) => key), 'mean', `no ${classes[0].key}`].map((name) =>
    truncate(visible(name), HEADER_WIDTH),
  );
  const rows = CONVENTIONS.map((name): Row => ({ name, cells: scores.map((of) => of[name]) }));
  const names = Math.max(...CONVENTIONS.map((name) => name.length));
  const lines: string[] = [];
  for (let from = 0; from < headers.length; ) {
    let to = from;
    for (let used = names; to < headers.length; to++) {
      used += 2 + Math.max(6, displayWidth(headers[to]));
      if (used > columns && to > from) break;
    }
    const shown = headers.slice(from, to).map(
      (header, i): Column<Row> => ({
        header,
        align: 'end',
        expendable: 0,
        cell: ({ cells }) => score(cells[from + i]),
      }),
    );
    const name: Column<Row> = { header: title, align: 'start', expendable: 0, cell: (row) => row.name };
    lines.push(...textTable([name, ...shown], rows, columns));
    from = to;
  }
  return lines;
}

function legend({ conventions, classes }: ConventionsResult, columns: number): string[] {
  const width = Math.max(...CONVENTIONS.map((name) => name.length)) + 4;
  const entries = conventions.flatMap(({ name, definition, reportedBy }) =>
    wrap(`${definition}; reported by ${reportedBy}`, columns - width).map(
      (line, i) => (i === 0 ? `  ${name}`.padEnd(width) : ' '.repeat(width)) + line,
    ),
  );
  const mean = `mean is over the classes for which the score is defined, "no ${visible(classes[0].key)}" leaves that one out; - is undefined.`;
  return ['What they average, and who reports them so', ...entries, ...wrap(mean, columns)];
}
