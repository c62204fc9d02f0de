import type { ClassSummary } from '../summary.js';
import { count, score } from '../words/figures.js';
import { curvePlots, reliabilityPlot } from './detection/plots.js';
import { calibrationTable, confusionTable, DETECTION_INTERVALS, detectionTable } from './detection/tables.js';
import { type Html, html } from './html.js';
import { classNamed, MOST_CLASSES, type ReportInput } from './input.js';
import type { Plots } from './plot.js';

/** How a classifier tells images; null where none was scored. */
export function classifierSection({ header, summary, figures }: ReportInput, plots: Plots): Html | null {
  const { detection, classes, confusion, accuracy, scored } = summary;
  if (detection === null) return null;
  const { calibration } = detection;
  const names = classes.map(({ name }) => name);
  const images = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  const most = images.indexOf(Math.max(...images));
  const curves = detection.classes.flatMap((of, c) => {
    const drawn = figures.classes[c].curves;
    return drawn === null ? [] : [{ ...of, ...drawn, name: names[c] }];
  });
  return html`<section id="scores" aria-labelledby="scores-head">
<h2 id="scores-head">What it tells</h2>
<p>A class is told by the answer of the model, which is the most probable class unless its card says otherwise; AUC and average
precision are of the probabilities, whatever the answer is. Each class is taken against all the others.</p>
${detectionTable(
  'Each class against the rest, in images, with 95 % intervals',
  detection.classes,
  (key) => classNamed(header.dataset.classes, key),
  classes.map(f1Interval),
)}
<p class="note">Intervals: ${DETECTION_INTERVALS}, of F1 by bootstrap over images (1,000 resamples, seed ${header.seed}).</p>
${
  classes.length <= MOST_CLASSES &&
  html`<h3>Confusion</h3>
${confusionTable(`The ${count(scored)} scored images, by what they are and what they are told to be`, names, confusion)}`
}
<p>Accuracy is ${score(accuracy)}; answering ${names[most]} for every image would have ${score(images[most] / scored)}.</p>
<h3>By threshold</h3>
${curvePlots(plots, curves)}
${
  calibration !== null &&
  calibration.images > 0 &&
  html`<h3>Calibration</h3>
<p>How often the answer is right, by its probability: of the answers with a probability near 0.8, eight of ten should be.</p>
<div class="plots">${reliabilityPlot(plots, 'Reliability of the answers', calibration)}</div>
${calibrationTable([{ name: 'As the model gives them', of: calibration }])}`
}
<p class="note">Over images the IoU of a class is its Jaccard index, and Dice its F1; summary.json and <code>maskaudit
conventions</code> have them by every convention.</p>
</section>`;
}

/** F1 is 2 J / (1 + J), J being the Jaccard index, and grows with it: so do the percentiles of the bootstrap. */
function f1Interval({ confidence95: { pooledIou } }: ClassSummary): [number, number] | null {
  return pooledIou && [f1Of(pooledIou[0]), f1Of(pooledIou[1])];
}

const f1Of = (jaccard: number) => (2 * jaccard) / (1 + jaccard);
