import type { ClassSummary, GroupSummary } from '../summary.js';
import { count, interval, score, share } from '../words/figures.js';
import { scoredPositives } from '../words/verdict.js';
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
import { type Plots, rowsLayout } from './plot.js';
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
  const rows = groups.flatMap((group) => chosen.map(({ index }) => ({ group, c: group.figures.classes[index] })));
  const drawn = groups.slice(0, MOST_GROUPS);
  const left = rows.length - MOST_ROWS;
  return html`<section id="groups" aria-labelledby="groups-head">
<h2 id="groups-head">Splits and sources</h2>
<div class="plots">${chosen
    .slice(0, MOST_CLASSES)
    .map((c) =>
      scores
        ? scoreDots(plots, c, drawn)
        : plots.shareBars(`${plotName(c.name)}: share of the images that have it`, imageShares(c, drawn)),
    )}</div>
${leftOutOfPlots(chosen.length, groups.length)}
${table('Each class in each split and source', columns(scores), rows.slice(0, MOST_ROWS))}
${left > 0 && html`<p class="note">${count(left)} more rows are in summary.json.</p>`}
</section>`;
}

function groupsOf({ summary }: ReportInput): Group[] {
  const named = (kind: Group['kind'], groups: Record<string, GroupSummary>) =>
    Object.entries(groups).map(([name, figures]) => ({ kind, name, figures }));
  return [...named('split', summary.splits), ...named('source', summary.sources)];
}

function columns(scores: boolean): Column<Row>[] {
  const NEITHER = 'the class is in neither mask';
  const always: Column<Row>[] = [
    { head: 'Group', cell: ({ group }) => `${group.kind} ${group.name || '(none)'}` },
    { head: 'Class', kind: 'words', cell: ({ c }) => c.name },
    { head: 'Images', cell: ({ group }) => count(group.figures.images) },
    { head: 'with the class', cell: ({ c }) => figure(c.truth.imageShare, share, 'no annotation could be read') },
    { head: 'of the pixels', cell: ({ c }) => figure(c.truth.pixelShare, share, 'no annotation could be read') },
  ];
  if (!scores) return always;
  return [
    ...always,
    { head: 'IoU, pooled', cell: ({ c }) => figure(c.iou.pooled, score, NEITHER) },
    { head: '95 % interval', cell: ({ c }) => figure(c.confidence95.pooledIou, interval, NEITHER) },
    { head: 'Positive images found', cell: ({ c }) => partOf(c.outcomes.hit, scoredPositives(c)) },
    { head: 'False alarms', cell: ({ c }) => count(c.outcomes.false_alarm) },
  ];
}

/** Pooled IoU of a class in each group, with its interval. */
function scoreDots({ figure: draw, dot, link, text }: Plots, c: ClassSummary, groups: readonly Group[]): Html {
  const rows = groups.map(({ figures }, row) => {
    const { iou, confidence95 } = figures.classes[c.index];
    const [low, high] = confidence95.pooledIou ?? [null, null];
    return { row, iou: iou.pooled, low, high };
  });
  const names = groups.map(({ name }) => plotName(name));
  const words = rows.map(({ row, iou }) => `${names[row]} ${iou === null ? 'undefined' : score(iou)}`);
  const caption = `${plotName(c.name)}: pooled IoU with its 95 % interval`;
  const defined = rows.filter(({ iou }) => iou !== null);
  const undefinedRows = rows.filter(({ iou }) => iou === null);
  return draw(caption, `${caption}: ${words.join(', ')}`, {
    ...rowsLayout(names, 24),
    marginRight: 14,
    x: { domain: [0, 1], label: null, ticks: 5, grid: true },
    marks: [
      link(
        rows.filter(({ low }) => low !== null),
        { x1: 'low', x2: 'high', y1: 'row', y2: 'row', stroke: 'currentColor', strokeWidth: 2 },
      ),
      dot(defined, { x: 'iou', y: 'row', r: 5, fill: 'var(--bar)', stroke: 'currentColor' }),
      text(undefinedRows, { x: 0, y: 'row', text: () => 'undefined', textAnchor: 'start', dx: 4 }),
    ],
  });
}

function imageShares({ index }: ClassSummary, groups: readonly Group[]) {
  return groups.map(({ name, figures }) => ({
    name: plotName(name),
    value: figures.classes[index].truth.imageShare,
  }));
}
