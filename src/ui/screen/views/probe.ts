import type { ProbeFigures } from '../../../pipeline/summary.js';
import { counted, score } from '../../../pipeline/words/figures.js';
import { PROBE_PICTURES, probedClasses } from '../../../pipeline/words/probe.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { type Column, textTable } from '../../text-table.js';
import type { Model } from '../model.js';
import { heading } from '../parts/heading.js';

interface Row {
  picture: string;
  figures: ProbeFigures;
}

/** What is told of the images with their lungs blacked out, and of the lungs alone, beside what is told of them whole. */
export function probe({ run, theme, header }: Model, width: number): string[] {
  const { probe } = run;
  if (probe === null) return [];
  const columns: Column<Row>[] = [
    { header: 'picture', expendable: 0, align: 'start', cell: ({ picture }) => picture },
    { header: 'accuracy', expendable: 0, align: 'end', cell: ({ figures }) => score(figures.accuracy) },
    ...probedClasses(probe, header?.classes ?? null).map(({ key, index }, i) => ({
      header: `AUC ${visible(key)}`,
      expendable: i,
      align: 'end' as const,
      cell: ({ figures }: Row) => score(figures.classes[index].auc),
    })),
  ];
  const rows = PROBE_PICTURES.map(([key, picture]): Row => ({ picture, figures: probe[key] }));
  const [first, ...lines] = textTable(columns, rows, width - 2);
  return [
    heading('Does it look at the lungs?', counted(probe.images, 'image'), width, theme),
    `  ${theme.dim(first)}`,
    ...lines.map((line) => `  ${line}`),
  ];
}
