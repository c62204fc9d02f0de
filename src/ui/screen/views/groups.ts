import { detectionRates } from '../../../pipeline/metrics/detection/detection-rates.js';
import { iou } from '../../../pipeline/metrics/overlap.js';
import { count, score, share } from '../../../pipeline/words/figures.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { type Column, textTable } from '../../text-table.js';
import type { GroupClass, GroupSum } from '../group-sums.js';
import { isOfImages, type Model } from '../model.js';
import { heading } from '../parts/heading.js';

interface Row {
  sum: GroupSum;
  c: GroupClass;
}

const nameOf = ({ sum }: Row) => `${sum.kind} ${visible(sum.name)}`;
const column = (header: string, expendable: number, cell: (row: Row) => string): Column<Row> => ({
  header,
  expendable,
  cell,
  align: 'end',
});
const GROUPS: readonly Column<Row>[] = [
  { ...column('', 0, nameOf), align: 'start' },
  column('images', 3, ({ sum }) => count(sum.images)),
  column('with it', 0, ({ c }) => count(c.truthImages)),
];
const GROUP_SCORES: readonly Column<Row>[] = [
  column('hit', 2, ({ c }) => count(c.outcomes.hit)),
  column('miss', 0, ({ c }) => count(c.outcomes.miss)),
  column('alarm', 1, ({ c }) => count(c.outcomes.false_alarm)),
  column('IoU', 0, ({ c }) => score(iou(c))),
];
const GROUP_ANSWERS: readonly Column<Row>[] = [
  ...GROUP_SCORES.slice(0, -1),
  column('sensitivity', 0, ({ c }) => score(ratesOf(c).sensitivity)),
  column('specificity', 4, ({ c }) => score(ratesOf(c).specificity)),
];
const GROUP_SHARE = column('of its images', 0, ({ sum, c }) =>
  share(sum.images === 0 ? null : c.truthImages / sum.images),
);
const GROUP_PIXELS = column('of its pixels', 0, ({ sum, c }) =>
  share(sum.pixels === 0 ? null : c.truthPixels / sum.pixels),
);

function ratesOf({ outcomes: { hit, miss, disjoint, false_alarm, empty } }: GroupClass) {
  return detectionRates({ tp: hit, fp: false_alarm, fn: miss + disjoint, tn: empty });
}

/** The class in focus by split and by source: where it is rare, and where it is missed. */
export function drawGroups(model: Model, width: number): string[] {
  const { groups: sums, images, view, theme, subject } = model;
  const focus = images.classes[view.focus];
  const rows = sums.all().map((sum): Row => ({ sum, c: sum.classes[view.focus] }));
  if (!focus || rows.length === 0) return [];
  const [scored, unscored] = isOfImages(model) ? [GROUP_ANSWERS, GROUP_SHARE] : [GROUP_SCORES, GROUP_PIXELS];
  const columns = [...GROUPS, ...(subject.scores ? scored : [unscored])];
  const [header, ...lines] = textTable(columns, rows, width - 2);
  return [
    heading('Splits and sources', visible(focus.key), width, theme),
    `  ${theme.dim(header)}`,
    ...lines.map((line) => `  ${line}`),
  ];
}
