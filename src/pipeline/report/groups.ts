import type { ClassSummary, GroupSummary } from '../summary.js';
import { count, interval, score, share } from '../words/figures.js';
import { detectionOf } from '../words/image-verdict.js';
import { scoredPositives } from '../words/verdict.js';
import { rateColumns, withInterval } from './detection/tables.js';
import { type Html, html } from './html.js';
import {
  chosenClasses,
  hasScores,
  leftOutOfPlots,
  MOST_CLASSES,
  MOST_GROUPS,
  plotName,
  type ReportInput,
} from './input.js';
import { partOf } from './outcomes.js';
import type { Plots, ScoreRow } from './plot.js';
import { type Column, figure, table } from './table.js';

interface Group {
  kind: 'split' | 'source';
  name: string;
  figures: GroupSummary;
}

interface Row {
  group: Group;
  c: ClassSummary;
}

const MOST_ROWS = 200;

/** The classes in each split and each source; null where the dataset has neither. */
export function groupSection(input: ReportInput, plots: Plots): Html | null {
  const groups = groupsOf(input);
  if (groups.length === 0) return null;
  const chosen = chosenClasses(input);
  const scores = hasScores(input);
  const ofImages = input.summary.unit === 'image';
  const rows = groups.flatMap((group) => chosen.map(({ index }) => ({ group, c: group.figures.classes[index] })));
  const drawn = groups.slice(0, MOST_GROUPS);
  const left = rows.length - MOST_ROWS;
  return html`<section id="groups" aria-labelledby="groups-head">
<h2 id="groups-head">Splits and sources</h2>
<div class="plots">${chosen
    .slice(0, MOST_CLASSES)
    .map((c) =>
      scores
        ? scoreDots(plots, c, drawn, ofImages ? AREA : OVERLAP)
        : plots.shareBars(`${plotName(c.name)}: share of the images that have it`, imageShares(c, drawn)),
    )}</div>
${leftOutOfPlots(chosen.length, groups.length)}
${table('Each class in each split and source', columns(scores, ofImages), rows.slice(0, MOST_ROWS))}
${left > 0 && html`<p class="note">${count(left)} more rows are in summary.json.</p>`}
</section>`;
}

function groupsOf({ summary }: ReportInput): Group[] {
  const named = (kind: Group['kind'], groups: Record<string, GroupSummary>) =>
    Object.entries(groups).map(([name, figures]) => ({ kind, name, figures }));
  return [...named('split', summary.splits), ...named('source', summary.sources)];
}

function columns(scores: boolean, ofImages: boolean): Column<Row>[] {
  const NEITHER = 'the class is in neither mask';
  const always: Column<Row>[] = [
    { head: 'Group', cell: ({ group }) => `${group.kind} ${group.name || '(none)'}` },
    { head: 'Class', kind: 'words', cell: ({ c }) => c.name },
    { head: 'Images', cell: ({ group }) => count(group.figures.images) },
    {
      head: ofImages ? 'of the class' : 'with the class',
      cell: ({ c }) => figure(c.truth.imageShare, share, 'no annotation could be read'),
    },
  ];
  if (ofImages) return scores ? [...always, ...ANSWERS] : always;
  always.push({
    head: 'of the pixels',
    cell: ({ c }) => figure(c.truth.pixelShare, share, 'no annotation could be read'),
  });
  if (!scores) return always;
  return [
    ...always,
    { head: 'IoU, pooled', cell: ({ c }) => figure(c.iou.pooled, score, NEITHER) },
    { head: '95 % interval', cell: ({ c }) => figure(c.confidence95.pooledIou, interval, NEITHER) },
    { head: 'Positive images found', cell: ({ c }) => partOf(c.outcomes.hit, scoredPositives(c)) },
    { head: 'False alarms', cell: ({ c }) => count(c.outcomes.false_alarm) },
  ];
}

/** How a class's answers are in a group. */
const answersIn = ({ group, c }: Row) => detectionOf(group.figures, c.index);

const ANSWERS: readonly Column<Row>[] = [
  {
    head: 'AUC',
    cell: (row) => withInterval(answersIn(row)?.auc ?? null, answersIn(row)?.confidence95.auc ?? null, ONE_KIND),
  },
  ...rateColumns(['sensitivity', 'specificity'], answersIn),
  { head: 'Found', cell: ({ c }) => partOf(c.outcomes.hit, scoredPositives(c)) },
  { head: 'False alarms', cell: ({ c }) => count(c.outcomes.false_alarm) },
];
const ONE_KIND = 'all images are of one kind';

/** A score of a class in a group, and its interval. */
interface GroupScore {
  name: string;
  of(row: Row): Omit<ScoreRow, 'name'>;
}
const OVERLAP: GroupScore = {
  name: 'pooled IoU',
  of: ({ c: { iou, confidence95 } }) => ({ value: iou.pooled, range: confidence95.pooledIou }),
};
const AREA: GroupScore = {
  name: 'AUC',
  of: (row) => ({ value: answersIn(row)?.auc ?? null, range: answersIn(row)?.confidence95.auc ?? null }),
};

/** A score of a class in each group, with its interval. */
function scoreDots(
  { intervalDots }: Plots,
  { index, name }: ClassSummary,
  groups: readonly Group[],
  shown: GroupScore,
): Html {
  return intervalDots(
    `${plotName(name)}: ${shown.name} with its 95 % interval`,
    groups.map((group) => ({
      name: plotName(group.name),
      ...shown.of({ group, c: group.figures.classes[index] }),
    })),
  );
}

function imageShares({ index }: ClassSummary, groups: readonly Group[]) {
  return groups.map(({ name, figures }) => ({
    name: plotName(name),
    value: figures.classes[index].truth.imageShare,
  }));
}
