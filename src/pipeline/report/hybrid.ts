import type { HybridClassSummary, HybridSummary, ThresholdRow } from '../summary.js';
import { count, counted, duration, factor, interval, score, share } from '../words/figures.js';
import { sentWords } from '../words/stages.js';
import { visible } from '../words/visible-text.js';
import { type Html, html } from './html.js';
import { classNamed, MOST_CLASSES, plotName, type ReportInput } from './input.js';
import type { Plots } from './plot.js';
import { type Column, figure, table } from './table.js';

/** How the curves are told apart, by stroke as well as colour. The first is drawn last: where all misses are the gate's, over its dashes. */
const CURVES = {
  'missed in all': { stroke: 'currentColor', strokeWidth: 1.5 },
  'missed at the gate': { stroke: 'var(--error)', strokeWidth: 4.5, strokeDasharray: '5 5', strokeLinecap: 'butt' },
  'false alarms': { stroke: 'var(--warning)', strokeWidth: 1.5, strokeDasharray: '1.5 3' },
  segmented: { stroke: 'var(--link)', strokeWidth: 1.5, strokeDasharray: '10 3 2 3' },
} as const;
type Curve = keyof typeof CURVES;
const MEANS: Record<Curve, string> = {
  'missed in all': 'of the positive images, those without a predicted pixel',
  'missed at the gate': 'those of them that it keeps back; in the others the segmenter finds nothing',
  'false alarms': 'of the negative images, those with predicted pixels',
  segmented: 'of all images, those that the segmenter has to look at: its share of the time',
};

/** Where the images of a hybrid were decided, and what other thresholds would have cost. */
export function hybridSection(input: ReportInput, plots: Plots): Html | null {
  const { hybrid } = input.summary;
  if (hybrid === undefined) return null;
  const drawn = hybrid.classes.slice(0, MOST_CLASSES);
  return html`<section id="hybrid" aria-labelledby="hybrid-head">
<h2 id="hybrid-head">Gate and segmenter</h2>
<p>The gate, a classifier, looks at every image; an image in which a class is at least as probable as its threshold goes on to the
class's segmenter, the others have no pixel of it. ${sentWords(hybrid)}. ${speedWords(input)}</p>
${table('Where the images of each class were decided', classColumns(input), hybrid.classes)}
<h3>What a threshold costs</h3>
${legend()}
<div class="plots">${drawn.map((of) => thresholdPlot(plots, of, nameOf(input, of)))}</div>
${drawn.map(
  (of) => html`<details><summary>${nameOf(input, of)} by threshold, in figures</summary>
${table(`${nameOf(input, of)}, images by threshold`, thresholdColumns(of), of.thresholds)}</details>`,
)}
${unknownNote(hybrid)}
</section>`;
}

const nameOf = ({ header }: ReportInput, { key }: HybridClassSummary) =>
  visible(classNamed(header.dataset.classes, key));

function speedWords({ facts }: ReportInput): string | null {
  if (facts.work === undefined) return null;
  const { stages, estimatedSpeedup } = facts.work;
  const times = stages.map(
    ({ model, images, seconds }) =>
      `${visible(model)} was at work for ${duration(1000 * seconds)} on ${counted(images, 'image')}`,
  );
  const since = facts.images.resumed > 0 ? 'Since the run was resumed ' : '';
  return `${since}${times.join(', ')}${estimate(estimatedSpeedup)}.`;
}

function estimate(speedup: number | null): string {
  if (speedup === null) return '';
  const cost = speedup < 1 ? ': the gate takes more time than it saves' : '';
  return `; segmenting every image, without a gate, would have taken an estimated ${factor(Number(speedup.toPrecision(2)))} times as long${cost}`;
}

function classColumns(input: ReportInput): readonly Column<HybridClassSummary>[] {
  const known = (value: number | null) => figure(value, count, 'the segmenter did not see all of them');
  return [
    { head: 'Class', cell: (of) => nameOf(input, of) },
    { head: 'Threshold', cell: ({ threshold }) => String(threshold) },
    { head: 'Went on', cell: ({ passed }) => count(passed) },
    { head: 'Positive images', cell: ({ positives }) => count(positives) },
    { head: 'Hits', cell: ({ hits }) => known(hits) },
    { head: 'Missed at the gate', cell: ({ misses }) => count(misses.gate) },
    { head: 'Missed by the segmenter', cell: ({ misses }) => known(misses.segmenter) },
    { head: 'Disjoint', cell: ({ disjoint }) => known(disjoint) },
    { head: 'False alarms', cell: ({ falseAlarms }) => known(falseAlarms) },
    {
      head: 'AUC of the gate',
      cell: ({ gateAuc, confidence95 }) =>
        figure(
          gateAuc,
          (auc) => `${score(auc)}${confidence95.gateAuc ? ` (${interval(confidence95.gateAuc)})` : ''}`,
          'it takes positive and negative images',
        ),
    },
  ];
}

function thresholdColumns({ threshold }: HybridClassSummary): readonly Column<ThresholdRow>[] {
  const known = (value: number | null, shown: (value: number) => string) =>
    figure(value, shown, 'the segmenter did not see every image that it depends on, or there is none');
  return [
    {
      head: 'Threshold',
      cell: (row) => `${row.threshold}${row.threshold === threshold ? ' (in force)' : ''}`,
    },
    { head: 'Segmented', cell: (row) => count(row.segmented) },
    { head: 'Share of the time', cell: (row) => figure(row.segmentedShare, share, 'no image') },
    { head: 'Missed at the gate', cell: (row) => count(row.misses.gate) },
    { head: 'By the segmenter', cell: (row) => known(row.misses.segmenter, count) },
    { head: 'Hits', cell: (row) => known(row.hits, count) },
    { head: 'Disjoint', cell: (row) => known(row.disjoint, count) },
    { head: 'False alarms', cell: (row) => known(row.falseAlarms, count) },
    { head: 'Sensitivity', cell: (row) => known(row.sensitivity, score) },
    { head: 'Specificity', cell: (row) => known(row.specificity, score) },
  ];
}

function unknownNote({ classes }: HybridSummary): Html | null {
  if (!classes.some(({ thresholds }) => thresholds.some(({ unknown }) => unknown > 0))) return null;
  return html`<p class="note">Below the threshold in force a dash is what nobody knows: images would go on that the segmenter did not
see. <code>--segment-all</code> has it look at every image; what is predicted stays the same.</p>`;
}

function legend(): Html {
  return html`<dl class="legend">${Object.entries(CURVES).map(([name, stroke]) => {
    const dashes = 'strokeDasharray' in stroke ? stroke.strokeDasharray : 'none';
    return html`<div><dt><svg class="swatch" width="34" height="14" aria-hidden="true"><line x1="0" x2="34" y1="7" y2="7"
 stroke="${stroke.stroke}" stroke-width="${stroke.strokeWidth}" stroke-dasharray="${dashes}"/></svg>${name}</dt><dd>${MEANS[name as Curve]}</dd></div>`;
  })}</dl>`;
}

/** The rows of the table side by side: thresholds at which something changes crowd where a gate is sure, and are evenly apart here. */
function thresholdPlot({ figure: draw, line, ruleX, text }: Plots, of: HybridClassSummary, name: string): Html {
  const { thresholds: rows, positives, negatives, threshold } = of;
  const part = (value: number | null, whole: number) => (value === null || whole === 0 ? null : value / whole);
  const curves: Record<Curve, (number | null)[]> = {
    'missed in all': rows.map(({ misses: { gate, segmenter } }) =>
      part(segmenter === null ? null : gate + segmenter, positives),
    ),
    'missed at the gate': rows.map(({ misses }) => part(misses.gate, positives)),
    'false alarms': rows.map(({ falseAlarms }) => part(falseAlarms, negatives)),
    segmented: rows.map(({ segmentedShare }) => segmentedShare),
  };
  const inForce = rows.findIndex((row) => row.threshold === threshold);
  const ticks = spreadTicks(rows.length, inForce);
  const now = Object.entries(curves).map(([curve, values]) => `${curve} ${share(values[inForce])}`);
  return draw(
    `${plotName(name)}, by threshold`,
    `${plotName(name)}: at the threshold in force, ${threshold}: ${now.join(', ')}`,
    {
      height: 220,
      marginLeft: 48,
      marginRight: 24,
      marginBottom: 36,
      x: {
        domain: [0, rows.length - 1],
        ticks,
        tickFormat: (row: number) => String(rows[row].threshold),
        label: 'threshold, not to scale',
        labelArrow: 'none',
      },
      y: { domain: [0, 100], percent: true, ticks: 5, tickFormat: (y: number) => `${y} %`, label: null, grid: true },
      marks: [
        ruleX([inForce], { stroke: 'currentColor', strokeOpacity: 0.35 }),
        text(['in force'], { x: [inForce], frameAnchor: 'top', dy: -12, textAnchor: anchorAt(inForce, rows.length) }),
        ...Object.entries(curves)
          .reverse()
          .map(([curve, values]) =>
            line(
              values.map((y, x) => ({ x, y })),
              { x: 'x', y: 'y', ...CURVES[curve as Curve] },
            ),
          ),
      ],
    },
  );
}

/** Where a label of a row stands to it, so that it stays within the plot. */
function anchorAt(row: number, rows: number): 'start' | 'middle' | 'end' {
  return row < rows / 8 ? 'start' : row >= (rows * 7) / 8 ? 'end' : 'middle';
}

/** Rows that get a tick: the ends, the one in force, and others as far as labels don't touch. */
function spreadTicks(rows: number, inForce: number): number[] {
  const apart = Math.max(1, (rows - 1) / 5);
  const ticks: number[] = [];
  const wanted = [inForce, 0, rows - 1, ...[1, 2, 3, 4].map((i) => Math.round((i * (rows - 1)) / 5))];
  for (const row of wanted) if (ticks.every((tick) => Math.abs(tick - row) >= apart * 0.9)) ticks.push(row);
  return ticks;
}
