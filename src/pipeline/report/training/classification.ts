import { count, factor, score } from '../../words/figures.js';
import { curvePlots, reliabilityPlot } from '../detection/plots.js';
import {
  calibrationTable,
  confusionTable,
  DETECTION_INTERVALS,
  detectionTable,
  withInterval,
} from '../detection/tables.js';
import { type Html, html } from '../html.js';
import type { Plots } from '../plot.js';
import { figure, table } from '../table.js';
import { bestEpochOf, nameOf, type TrainingInput } from './input.js';

/** What a classifier that is done makes of the validation images; null where it is none, or was interrupted. */
export function classificationSection(input: TrainingInput, plots: Plots): Html | null {
  const { classification } = input.training;
  if (classification === undefined) return null;
  const { images, confusion, accuracy, classes, operatingPoints } = classification;
  const best = bestEpochOf(input);
  const names = classes.map(({ key }) => nameOf(input, key));
  return html`<section id="classification" aria-labelledby="classification-head">
<h2 id="classification-head">What the final model tells</h2>
<p>Epoch ${best?.epoch ?? '?'}, ${count(images)} validation images, answered as the exported model answers: with the temperature and the thresholds
below. They were chosen by these very images, and the epoch too, so that the figures are rather too good; a test split says more.</p>
${confusionTable(`Confusion, accuracy ${score(accuracy)}`, names, confusion)}
${detectionTable('Each class against the rest, with 95 % intervals', classes, (key) => nameOf(input, key))}
<p class="note">Intervals: ${DETECTION_INTERVALS}.</p>
${curvePlots(
  plots,
  classes.map((of, c) => ({ ...of, name: names[c] })),
)}
${operatingPoints.length > 0 && thresholds(input)}
${calibration(input, plots)}
</section>`;
}

function thresholds(input: TrainingInput): Html {
  const points = input.training.classification?.operatingPoints ?? [];
  const none = 'no validation image is of it';
  return html`<h3>Thresholds for the sensitivities that were asked for</h3>
<p>The highest by which so many of the class’s validation images are found. An image is of such a class where its probability is at least
that, else of the most probable of the others.</p>
${table(
  'Thresholds',
  [
    { head: 'Class', cell: (of) => nameOf(input, of.class) },
    { head: 'Wanted', cell: ({ wanted }) => String(wanted) },
    { head: 'Probability from', cell: ({ threshold }) => figure(threshold, factor, none) },
    {
      head: 'Sensitivity',
      cell: ({ given }) => withInterval(given?.sensitivity ?? null, given?.confidence95.sensitivity ?? null, none),
    },
    {
      head: 'Specificity',
      cell: ({ given }) => withInterval(given?.specificity ?? null, given?.confidence95.specificity ?? null, none),
    },
    {
      head: 'Precision',
      cell: ({ given }) => withInterval(given?.precision ?? null, given?.confidence95.precision ?? null, none),
    },
  ],
  points,
)}`;
}

function calibration(input: TrainingInput, plots: Plots): Html | null {
  const { classification } = input.training;
  if (classification === undefined) return null;
  const { temperature } = classification;
  const { before, after } = classification.calibration;
  const rows = [
    { name: 'As trained', of: before },
    ...(temperature === null ? [] : [{ name: `Temperature ${factor(temperature)}`, of: after }]),
  ];
  return html`<h3>Calibration</h3>
<p>How often the most probable class is right, by its probability. ${
    temperature === null
      ? 'The validation can’t tell a temperature: all of it is told right, or none of it better than by chance.'
      : 'Logits are divided by the temperature with which the validation’s likelihood is highest (Guo et al. 2017); which class is the most probable stays.'
  }</p>
<div class="plots">
${rows.map(({ name, of }) => reliabilityPlot(plots, name, of))}
</div>
${calibrationTable(rows)}`;
}
