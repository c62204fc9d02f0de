import type { MeanScores, Scores } from '../../summary.js';
import type { ClassScores } from '../../training/scores.js';
import { count, score } from '../../words/figures.js';
import { type Html, html } from '../html.js';
import { byConvention, type ConventionRow, conventionTable, DASHES } from '../scores.js';
import { figure, table } from '../table.js';
import { bestEpochOf, nameOf, type TrainingInput } from './input.js';

/** The validation of the best epoch: the honest figure beside the naive one, then every convention. */
export function conventionSection(input: TrainingInput): Html | null {
  const best = bestEpochOf(input);
  if (best === null) return null;
  const { val } = best;
  const rows = (measure: (c: ClassScores) => Scores, mean: MeanScores): ConventionRow[] => [
    ...val.classes.map((c) => ({ name: nameOf(input, c.key), scores: measure(c), over: null })),
    { name: 'mean without background', scores: mean, over: mean.classes },
  ];
  return html`<section id="conventions" aria-labelledby="conventions-head">
<h2 id="conventions-head">Scores of the best epoch</h2>
<p>Epoch ${best.epoch}, in validation, on the model’s own grid. The pooled score is the headline: pixels are summed over all images
before anything is divided. The smoothed mean beside it gives each image with the class in neither mask a perfect 1: what a training
script prints that doesn’t look.</p>
${table(
  'Honest beside naive',
  [
    { head: 'Class', cell: ({ key }) => nameOf(input, key) },
    { head: 'IoU, pooled', cell: ({ iou }) => figure(iou.pooled, score, 'the class is in neither mask of any image') },
    { head: 'IoU, smoothed mean', cell: ({ iou }) => figure(iou.imageMeanSmoothed, score, 'there is no image') },
    { head: 'Free perfect scores', cell: ({ emptyPerfect }) => count(emptyPerfect) },
    { head: 'Images with it', cell: ({ truthImages }) => count(truthImages) },
    { head: 'Pixels', cell: ({ truthPixels }) => count(truthPixels) },
    { head: 'Predicted pixels', cell: ({ predictedPixels }) => count(predictedPixels) },
  ],
  val.classes,
)}
<h3>IoU by every convention</h3>
${byConvention(
  'IoU of each class by every convention',
  rows(({ iou }) => iou, val.meanIou),
)}
<h3>Dice by every convention</h3>
${byConvention(
  'Dice of each class by every convention',
  rows(({ dice }) => dice, val.meanDice),
)}
${DASHES}
<details><summary>What the conventions are</summary>${conventionTable()}</details>
</section>`;
}
