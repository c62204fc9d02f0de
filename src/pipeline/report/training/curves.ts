import { lossScale, scoreScale } from '../../training/curve-scale.js';
import type { EpochLog } from '../../training/history.js';
import type { ClassScores, SplitScores } from '../../training/scores.js';
import { count, factor, score } from '../../words/figures.js';
import { type Html, html } from '../html.js';
import { MOST_CLASSES, plotName } from '../input.js';
import type { Plots } from '../plot.js';
import { type Column, figure, table } from '../table.js';
import { nameOf, type TrainingInput } from './input.js';

interface Curve {
  name: 'validation' | 'training' | 'validation, smoothed';
  values: (number | null)[];
}

/** How the curves are told apart, by stroke as well as colour. */
const STROKES: Record<Curve['name'], { stroke: string; strokeWidth: number; strokeDasharray?: string }> = {
  validation: { stroke: 'currentColor', strokeWidth: 2 },
  training: { stroke: 'var(--link)', strokeWidth: 1.5, strokeDasharray: '6 3' },
  'validation, smoothed': { stroke: 'var(--warning)', strokeWidth: 1.5, strokeDasharray: '1.5 3' },
};

/** Rows of the table of epochs; metrics.csv has them all. */
const MOST_ROWS = 200;

/** A figure whose course is drawn. */
interface Course {
  caption: string;
  of(scores: SplitScores): number | null;
  scale?: typeof scoreScale;
  /** The naive score beside it. */
  smoothed?(scores: SplitScores): number | null;
  /** Training has none. */
  validated?: true;
}

/** The course of each metric and class, and every epoch in figures. */
export function curveSection(input: TrainingInput, plots: Plots): Html | null {
  const { epochs, plan, bestEpoch } = input.training;
  if (epochs.length === 0) return null;
  const ofImages = plan.task === 'classification';
  const plot = curvePlots(input, plots);
  const all = plan.classes.map((key, c) => ({ c, name: plotName(nameOf(input, key)) }));
  const classes = ofImages ? all : all.slice(1);
  const drawn = classes.slice(0, MOST_CLASSES);
  return html`<section id="curves" aria-labelledby="curves-head">
<h2 id="curves-head">Curves</h2>
<p>Every finished epoch. ${!ofImages && 'Scores are pooled; the smoothed ones are drawn beside them where they differ. '}Training scores are those of the
steps as they were computed, while the weights changed. ${bestEpoch !== null && `The vertical line is the best epoch, ${bestEpoch}.`}</p>
${legend(ofImages)}
<div class="plots">
${(ofImages ? imageCourses(drawn) : pixelCourses(drawn)).map(plot)}
</div>
${classes.length > drawn.length && html`<p class="note">Plots show ${drawn.length} of ${classes.length} classes, the first ones.</p>`}
<details><summary>Every epoch in figures</summary>${epochTable(input)}</details>
</section>`;
}

type Drawn = readonly { c: number; name: string }[];
const LOSS: Course = { caption: 'Loss', of: ({ loss }) => loss, scale: lossScale };

function pixelCourses(classes: Drawn): Course[] {
  return [
    LOSS,
    {
      caption: 'Mean Dice',
      of: ({ meanDice }) => meanDice.pooled,
      smoothed: ({ meanDice }) => meanDice.imageMeanSmoothed,
    },
    { caption: 'Pixel accuracy', of: ({ accuracy }) => accuracy },
    ...classes.map(({ c, name }) => ({
      caption: `IoU of ${name}`,
      of: (scores: SplitScores) => scores.classes[c].iou.pooled,
      smoothed: (scores: SplitScores) => scores.classes[c].iou.imageMeanSmoothed,
    })),
    ...classes.map(({ c, name }) => ({
      caption: `Dice of ${name}`,
      of: (scores: SplitScores) => scores.classes[c].dice.pooled,
    })),
  ];
}

function imageCourses(classes: Drawn): Course[] {
  const each = (score: string, of: (scores: ClassScores) => number | null, validated?: true) =>
    classes.map(({ c, name }) => ({
      ...{ caption: `${score} of ${name}`, validated },
      of: (scores: SplitScores) => of(scores.classes[c]),
    }));
  return [
    LOSS,
    { caption: 'AUC, mean of the classes', of: ({ auc = null }) => auc, validated: true },
    { caption: 'Accuracy', of: ({ accuracy }) => accuracy },
    ...each('AUC', ({ detection }) => detection?.auc ?? null, true),
    ...each('Sensitivity', ({ detection }) => detection?.sensitivity ?? null),
    ...each('F1', ({ dice }) => dice.pooled),
  ];
}

function legend(ofImages: boolean): Html {
  const shown = Object.entries(STROKES).filter(([name]) => !(ofImages && name === 'validation, smoothed'));
  const keys = shown.map(
    ([
      name,
      { stroke, strokeWidth, strokeDasharray },
    ]) => html`<li><svg class="swatch" width="34" height="14" aria-hidden="true"><line
 x1="0" x2="34" y1="7" y2="7" stroke="${stroke}" stroke-width="${strokeWidth}" stroke-dasharray="${strokeDasharray ?? 'none'}"/></svg>${name}</li>`,
  );
  return html`<ul class="legend keys">${keys}</ul>`;
}

function curvePlots({ training: { epochs, bestEpoch } }: TrainingInput, plots: Plots) {
  const last = epochs[epochs.length - 1].epoch;
  return ({ caption, of, scale = scoreScale, smoothed, validated }: Course): Html => {
    const curves: Curve[] = [
      ...(validated ? [] : [{ name: 'training' as const, values: epochs.map(({ train }) => of(train)) }]),
      { name: 'validation', values: epochs.map(({ val }) => of(val)) },
    ];
    const naive = smoothed && epochs.map(({ val }) => smoothed(val));
    if (naive?.some((value, i) => differs(value, of(epochs[i].val)))) {
      curves.unshift({ name: 'validation, smoothed', values: naive });
    }
    const { from, to, log } = scale(curves.flatMap(({ values }) => values));
    const points = ({ values }: Curve) => values.map((y, i) => ({ x: epochs[i].epoch, y: finite(y) }));
    return plots.figure(log ? `${caption}, logarithmic` : caption, `${caption}: ${curves.map(wordsOf).join('; ')}`, {
      height: 200,
      marginLeft: 48,
      marginBottom: 34,
      x: { domain: [1, Math.max(2, last)], ticks: Math.min(8, last), tickFormat: wholeTick, label: 'epoch' },
      y: {
        domain: [from, to],
        type: log ? 'log' : 'linear',
        ticks: 4,
        tickFormat: (y: number) => factor(y),
        label: null,
        grid: true,
      },
      marks: [
        ...(bestEpoch === null ? [] : [plots.ruleX([bestEpoch], { stroke: 'currentColor', strokeOpacity: 0.35 })]),
        ...curves.map((curve) => plots.line(points(curve), { x: 'x', y: 'y', ...STROKES[curve.name] })),
        // A line of one point is not seen.
        ...curves.flatMap((curve) =>
          epochs.length > 1
            ? []
            : [
                plots.dot(
                  points(curve).filter(({ y }) => y !== null),
                  { x: 'x', y: 'y', r: 3, stroke: STROKES[curve.name].stroke },
                ),
              ],
        ),
      ],
    });
  };
}

const wholeTick = (x: number) => (Number.isInteger(x) ? String(x) : '');
const finite = (y: number | null) => (y !== null && Number.isFinite(y) ? y : null);
const differs = (a: number | null, b: number | null) => a !== null && (b === null || Math.abs(a - b) >= 0.01);

/** For those who can't see it: first, last, and how far it went. */
function wordsOf({ name, values }: Curve): string {
  const known = values.flatMap((value) => (finite(value) === null ? [] : [value as number]));
  if (known.length === 0) return `${name} undefined`;
  const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  return `${name} from ${factor(known[0])} to ${factor(known[known.length - 1])}, between ${factor(least)} and ${factor(most)}`;
}

const NEITHER = 'there was nothing to divide by';
const scored = (head: string, of: (log: EpochLog) => number | null): Column<EpochLog> => ({
  head,
  cell: (log) => figure(of(log), score, NEITHER),
});

function epochTable(input: TrainingInput): Html {
  const { epochs, plan, bestEpoch } = input.training;
  const shown = epochs.filter(({ epoch }, i) => i < MOST_ROWS - 2 || epoch === bestEpoch || i === epochs.length - 1);
  const left = epochs.length - shown.length;
  const columns: Column<EpochLog>[] = [
    { head: 'Epoch', cell: ({ epoch }) => `${epoch}${epoch === bestEpoch ? ' (best)' : ''}` },
    { head: 'Rate', cell: ({ learningRate }) => factor(learningRate) },
    { head: 'Loss, training', cell: ({ train }) => figure(train.loss, factor, NEITHER) },
    { head: 'Loss, validation', cell: ({ val }) => figure(val.loss, factor, NEITHER) },
    scored('Accuracy, training', ({ train }) => train.accuracy),
    scored('Accuracy, validation', ({ val }) => val.accuracy),
    ...(plan.task === 'classification' ? imageColumns(input) : pixelColumns(input)),
  ];
  return html`${table('Every epoch', columns, shown)}
${left > 0 && html`<p class="note">and ${count(left)} more in <code>metrics.csv</code></p>`}`;
}

function pixelColumns(input: TrainingInput): Column<EpochLog>[] {
  const { plan } = input.training;
  return [
    scored('Mean Dice, training', ({ train }) => train.meanDice.pooled),
    scored('Mean Dice, validation', ({ val }) => val.meanDice.pooled),
    scored('Mean Dice, smoothed', ({ val }) => val.meanDice.imageMeanSmoothed),
    ...plan.classes
      .slice(1)
      .flatMap((key, i) => [
        scored(`IoU ${nameOf(input, key)}, training`, ({ train }) => train.classes[i + 1].iou.pooled),
        scored(`IoU ${nameOf(input, key)}, validation`, ({ val }) => val.classes[i + 1].iou.pooled),
        scored(`IoU ${nameOf(input, key)}, smoothed`, ({ val }) => val.classes[i + 1].iou.imageMeanSmoothed),
      ]),
  ];
}

function imageColumns(input: TrainingInput): Column<EpochLog>[] {
  const { plan } = input.training;
  return [
    scored('AUC, validation', ({ val }) => val.auc ?? null),
    scored('Mean F1, training', ({ train }) => train.meanDice.pooled),
    scored('Mean F1, validation', ({ val }) => val.meanDice.pooled),
    ...plan.classes.flatMap((key, c) => [
      scored(`AUC ${nameOf(input, key)}, validation`, ({ val }) => val.classes[c].detection?.auc ?? null),
      scored(
        `Sensitivity ${nameOf(input, key)}, validation`,
        ({ val }) => val.classes[c].detection?.sensitivity ?? null,
      ),
      scored(`F1 ${nameOf(input, key)}, training`, ({ train }) => train.classes[c].dice.pooled),
      scored(`F1 ${nameOf(input, key)}, validation`, ({ val }) => val.classes[c].dice.pooled),
    ]),
  ];
}
