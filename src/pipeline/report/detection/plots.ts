import type { PlotOptions } from '@observablehq/plot';
import type { PrecisionRecallPoint, RocPoint } from '../../metrics/detection/curves.js';
import type { DetectionCounts } from '../../metrics/detection/detection-rates.js';
import type { Reliability } from '../../metrics/detection/reliability.js';
import { count, score } from '../../words/figures.js';
import { type Html, html } from '../html.js';
import { leftOutOfPlots, MOST_CLASSES, plotName } from '../input.js';
import type { Plots } from '../plot.js';

const UNIT = { domain: [0, 1], ticks: 5, grid: true } as const;
const square = (x: string, y: string): PlotOptions => ({
  height: 300,
  marginLeft: 48,
  marginBottom: 36,
  x: { ...UNIT, label: x },
  y: { ...UNIT, label: y },
});

/** What chance gives, or what is meant exactly. */
const GUIDE = { stroke: 'currentColor', strokeOpacity: 0.45, strokeDasharray: '3 3' } as const;
const CURVE = { stroke: 'var(--link)', strokeWidth: 2 } as const;

/** A class with what its curves are drawn from. */
interface Curves {
  name: string;
  counts: DetectionCounts;
  auc: number | null;
  averagePrecision: number | null;
  roc: readonly RocPoint[];
  precisionRecall: readonly PrecisionRecallPoint[];
}

/** ROC curves, then precision and recall, of the first classes. */
export function curvePlots(plots: Plots, classes: readonly Curves[]): Html {
  const drawn = classes.slice(0, MOST_CLASSES);
  return html`<div class="plots">
${drawn.map(({ name, roc, auc }) => rocPlot(plots, plotName(name), roc, auc))}
${drawn.map(({ name, counts: { tp, fp, fn, tn }, averagePrecision, precisionRecall }) => {
  const images = tp + fp + fn + tn;
  const share = images === 0 ? 0 : (tp + fn) / images;
  return precisionRecallPlot(plots, plotName(name), precisionRecall, { averagePrecision, share });
})}
</div>
${leftOutOfPlots(classes.length)}`;
}

function rocPlot(plots: Plots, name: string, points: readonly RocPoint[], auc: number | null): Html {
  return plots.figure(`ROC of ${name}, AUC ${score(auc)}`, `ROC curve of ${name}: the area under it is ${score(auc)}`, {
    ...square('1 - specificity', 'sensitivity'),
    marks: [
      plots.line(
        [
          [0, 0],
          [1, 1],
        ],
        GUIDE,
      ),
      plots.line(points, { x: 'falsePositiveRate', y: 'truePositiveRate', curve: 'linear', ...CURVE }),
    ],
  });
}

/** @param share of the images that have the class: the precision of answers by chance */
function precisionRecallPlot(
  plots: Plots,
  name: string,
  points: readonly PrecisionRecallPoint[],
  { averagePrecision, share }: { averagePrecision: number | null; share: number },
): Html {
  const caption = `Precision and recall of ${name}, average ${score(averagePrecision)}`;
  return plots.figure(caption, `${caption}; by chance the precision is ${score(share)}`, {
    ...square('recall (sensitivity)', 'precision'),
    marks: [
      plots.ruleY([share], GUIDE),
      plots.line(points, { x: 'recall', y: 'precision', curve: 'step-before', ...CURVE }),
    ],
  });
}

/** How often answers of a confidence are right: on the diagonal where it is meant. A dot is the larger the more images it has. */
export function reliabilityPlot(plots: Plots, caption: string, { ece, bins }: Reliability): Html {
  const shown = bins.filter(({ images }) => images > 0);
  const words = shown.map(
    ({ images, confidence, accuracy }) =>
      `${count(images)} of confidence ${score(confidence)} right in ${score(accuracy)}`,
  );
  return plots.figure(`${caption}, calibration error ${score(ece)}`, `${caption}: ${words.join('; ')}`, {
    ...square('confidence', 'told right'),
    r: { range: [2.5, 9] },
    marks: [
      plots.line(
        [
          [0, 0],
          [1, 1],
        ],
        GUIDE,
      ),
      plots.line(shown, { x: 'confidence', y: 'accuracy', ...CURVE, strokeWidth: 1.5 }),
      plots.dot(shown, { x: 'confidence', y: 'accuracy', r: 'images', fill: 'var(--link)', fillOpacity: 0.8 }),
    ],
  });
}
