import { counted } from '../../../../pipeline/words/figures.js';
import { displayWidth, pad, truncate } from '../../../display-width.js';
import { heading } from '../../../screen/parts/heading.js';
import { firstSeen } from '../../../screen/parts/list.js';
import { drawPlot } from '../../../screen/parts/plot.js';
import type { Theme } from '../../../screen/theme.js';
import { type MetricCurve, metricCurves } from '../curves.js';
import { PLOT_GAP, type PlotGrid, plotGrid } from '../train-layout.js';
import type { TrainModel } from '../train-model.js';

/** Curves and what tells them apart: as many plots as fit around the chosen one, or that one alone. */
export function drawCurves(model: TrainModel, width: number, height: number): string[] {
  const { state, view, theme } = model;
  if (state.history.length === 0 && state.steps.length === 0) {
    const words = state.phase === 'auditing' ? 'the data is audited first' : 'no step yet';
    return [theme.dim(`  ${words}`)];
  }
  const curves = metricCurves(state);
  const chosen = Math.min(view.curve, curves.length - 1);
  const rows = height - 1;
  const lit = isLit(model);
  const drawn = view.zoomed
    ? drawCurve(curves[chosen], { width, height: rows }, theme, lit)
    : drawGrid(curves, plotGrid(curves.length, width, rows), lit ? chosen : null, chosen, theme);
  return [...drawn, legend(model, curves, { width, rows })];
}

/** Whether keys choose among the curves: where all of them are seen at once and nothing else is there, no pointer is needed. */
function isLit({ layout, view }: TrainModel): boolean {
  return view.page === 'curves' && view.over.length === 0 && layout.kind !== 'tiny';
}

function drawGrid(
  curves: readonly MetricCurve[],
  { across, seen, width, height }: PlotGrid,
  lit: number | null,
  chosen: number,
  theme: Theme,
): string[] {
  const lines = Math.ceil(curves.length / across);
  const first = firstSeen(Math.floor(chosen / across), lines, seen) * across;
  const rows: string[] = [];
  for (let line = 0; line < Math.min(seen, lines); line++) {
    const plots = curves
      .slice(first + line * across, first + (line + 1) * across)
      .map((curve, i) => drawCurve(curve, { width, height }, theme, first + line * across + i === lit));
    for (let y = 0; y < height; y++) rows.push(plots.map((plot) => plot[y]).join(' '.repeat(PLOT_GAP)));
  }
  return rows;
}

/** What a heading has beside its two texts. */
const BESIDE = 5;

/** Heading with the last figures, and the plot below it. */
function drawCurve(
  curve: MetricCurve,
  { width, height }: { width: number; height: number },
  theme: Theme,
  lit: boolean,
): string[] {
  const val = (text: string) => (curve.class === null ? theme.key(text) : theme.ofClass(curve.class, text));
  const lines = [
    { points: curve.points.train, dotted: true, paint: theme.dim },
    { points: curve.points.val, dotted: false, paint: val },
  ];
  const head = heading(curve.name, figures(curve, width - displayWidth(curve.name) - BESIDE), width, theme, lit);
  return [head, ...drawPlot(lines, curve.axes, { width, height: height - 1 }, theme)].map((line) =>
    line === '' ? ' '.repeat(width) : line,
  );
}

/** `train 0.2126  val 0.1414 (smoothed 0.5000)`, shorter where there is no room: validation before training, honest before naive. */
function figures({ train, val, smoothed, axes }: MetricCurve, room: number): string {
  const naive = smoothed === '' ? '' : ` (smoothed ${smoothed})`;
  const brief = smoothed === '' ? '' : ` (sm. ${smoothed})`;
  const both = `${train === '' ? '' : `train ${train}  `}val ${val}`;
  const forms = [
    axes.log ? `${both} (log)` : both + naive,
    both + naive,
    `val ${val}${naive}`,
    val + naive,
    val + brief,
  ];
  return [...forms, val].find((form) => displayWidth(form) <= room) ?? truncate(val, Math.max(0, room));
}

/** How many curves are not seen, and which is which. */
function legend(
  { view, theme }: TrainModel,
  curves: readonly MetricCurve[],
  { width, rows }: { width: number; rows: number },
): string {
  const [solid, dotted] = theme.unicode ? ['⠤⠤⠤', '⠂ ⠂'] : ['***', '. .'];
  const grid = plotGrid(curves.length, width, rows);
  const hidden = view.zoomed ? curves.length - 1 : Math.max(0, curves.length - grid.across * grid.seen);
  const parts = [
    hidden > 0 ? counted(hidden, 'more curve') : '',
    `${solid} validation`,
    `${dotted} training`,
    curves.some(({ smoothed }) => smoothed !== '') ? 'sm.: smoothed, the naive score' : '',
  ];
  return theme.dim(pad(truncate(`  ${parts.filter((part) => part !== '').join('   ')}`, width), width));
}
