import type { Scores } from '../../../pipeline/summary.js';
import { type CurveScale, lossScale, scoreScale } from '../../../pipeline/training/curve-scale.js';
import type { EpochLog } from '../../../pipeline/training/history.js';
import type { ClassScores, SplitScores } from '../../../pipeline/training/scores.js';
import { score } from '../../../pipeline/words/figures.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import type { PlotAxes, PlotPoint } from '../../screen/parts/plot.js';
import { differs, digits } from '../train-lines.js';
import type { TrainState } from './train-state.js';

/** A figure of every epoch, of training and validation. */
export interface MetricCurve {
  name: string;
  /** The last figures in words, '' where there are none; and the validation's naive one where it differs, else ''. */
  train: string;
  val: string;
  smoothed: string;
  points: { train: PlotPoint[]; val: PlotPoint[] };
  axes: PlotAxes;
  /** Index of the class that it is about; null: of all. */
  class: number | null;
}

/**
 * As far as the training has come: loss, accuracy, mean Dice and the IoU of each class but background; of a classifier loss, area under
 * the ROC curve and accuracy, then how each class is told.
 */
export function metricCurves(state: Pick<TrainState, 'plan' | 'history' | 'steps'>): MetricCurve[] {
  const { history, steps } = state;
  const x = epochRange(state);
  const points = (of: (scores: SplitScores) => number | null) => ({
    train: history.map(({ epoch, train }) => ({ x: epoch, y: of(train) })),
    val: history.map(({ epoch, val }) => ({ x: epoch, y: of(val) })),
  });
  const last: EpochLog | undefined = history.at(-1);
  const words = (of: (scores: SplitScores) => string, naive: (scores: SplitScores) => string = () => '') => ({
    train: last ? of(last.train) : '-',
    val: last ? of(last.val) : '-',
    smoothed: last ? naive(last.val) : '',
  });

  const losses = points(({ loss }) => loss);
  losses.train.push(...steps);
  const running = steps.at(-1);
  const loss: MetricCurve = {
    name: 'Loss',
    ...words((scores) => (scores.loss === null ? '-' : digits(scores.loss))),
    ...(running ? { train: digits(running.y) } : {}),
    points: losses,
    axes: { x, ...yAxis(lossScale(yOf([...losses.train, ...losses.val]))), xLabels: epochLabels(x) },
    class: null,
  };
  const scored = (
    name: string,
    of: (scores: SplitScores) => number | null,
  ): Omit<MetricCurve, 'train' | 'val' | 'smoothed'> => {
    const both = points(of);
    const axes = { x, ...yAxis(scoreScale(yOf([...both.train, ...both.val]))), xLabels: epochLabels(x) };
    return { name, points: both, axes, class: null };
  };
  const keys = state.plan?.classes ?? last?.val.classes.map(({ key }) => key) ?? [];
  /** A score of both passes, or of validation alone. */
  const curve = (
    name: string,
    of: (scores: SplitScores) => number | null,
    naive?: (scores: SplitScores) => string,
  ): MetricCurve => ({ ...scored(name, of), ...words((scores) => score(of(scores)), naive) });
  const accuracy = curve('Accuracy', (scores) => scores.accuracy);
  if (state.plan?.task === 'classification') {
    const ofClass = (name: string, of: (scores: ClassScores) => number | null) =>
      keys.map((key, c) => ({ ...curve(`${name} ${visible(key)}`, ({ classes }) => of(classes[c])), class: c }));
    return [
      loss,
      validated(curve('AUC', ({ auc = null }) => auc)),
      accuracy,
      ...ofClass('Sensitivity', ({ detection }) => detection?.sensitivity ?? null),
      ...ofClass('AUC', ({ detection }) => detection?.auc ?? null).map(validated),
      ...ofClass('F1', ({ dice }) => dice.pooled),
    ];
  }
  return [
    loss,
    accuracy,
    curve(
      'Mean Dice',
      ({ meanDice }) => meanDice.pooled,
      ({ meanDice }) => naiveWords(meanDice),
    ),
    ...keys.slice(1).map((key, i) => ({
      ...curve(
        `IoU ${visible(key)}`,
        ({ classes }) => classes[i + 1].iou.pooled,
        ({ classes }) => naiveWords(classes[i + 1].iou),
      ),
      class: i + 1,
    })),
  ];
}

/** Of a score that training does not have. */
const validated = (curve: MetricCurve): MetricCurve => ({
  ...curve,
  train: '',
  points: { ...curve.points, train: [] },
});

/** The smoothed score where it is not the honest one. */
function naiveWords({ pooled, imageMeanSmoothed }: Pick<Scores, 'pooled' | 'imageMeanSmoothed'>): string {
  return differs(pooled, imageMeanSmoothed) ? score(imageMeanSmoothed) : '';
}

/** From the first finished epoch where there is a second, to the one under way. */
function epochRange({ history, steps }: Pick<TrainState, 'history' | 'steps'>): readonly [number, number] {
  const to = history.length + (steps.length > 0 ? 1 : 0);
  return [to > 1 && history.length > 1 ? 1 : 0, Math.max(1, to)];
}

const epochLabels = ([from, to]: readonly [number, number]) => [`epoch ${from}`, String(to)] as const;

const yOf = (points: readonly PlotPoint[]) => points.map(({ y }) => y);

function yAxis({ from, to, log }: CurveScale): Pick<PlotAxes, 'y' | 'yLabels' | 'log'> {
  return { y: [from, to], yLabels: [brief(from), brief(to)], log };
}

const brief = (value: number): string => String(Number(value.toPrecision(2)));
