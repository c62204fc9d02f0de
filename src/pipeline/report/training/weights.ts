import { count, factor, share } from '../../words/figures.js';
import { type Html, html } from '../html.js';
import { figure, table } from '../table.js';
import { nameOf, settingsOf, type TrainingInput } from './input.js';

/** The class weights that were used, and the share of the loss that each class had by them. */
export function usedWeightSection(input: TrainingInput): Html {
  const { plan } = input.training;
  const what = plan.task === 'classification' ? 'image' : 'pixel';
  const { classWeights, trainPixels } = plan;
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const shareOf = (values: readonly number[], c: number) => (sum(values) === 0 ? null : values[c] / sum(values));
  const weighted = trainPixels.map((pixels, c) => pixels * (classWeights?.[c] ?? 1));
  const rows = plan.classes.map((key, c) => ({
    name: nameOf(input, key),
    pixels: trainPixels[c],
    share: shareOf(trainPixels, c),
    weight: classWeights?.[c] ?? null,
    lossShare: shareOf(weighted, c),
  }));
  const terms = settingsOf(input).loss.terms.some((term) => 'classWeights' in term);
  const how =
    classWeights === null
      ? `No class weights were used: each class has the share of the loss that it has of the ${what}s.`
      : `The weights ${plan.weightsFrom === 'given' ? 'were given' : `were made by ${plan.weightsFrom}`} and multiply the loss of each ${what} of a class.`;
  return html`<section id="weights" aria-labelledby="weights-head">
<h2 id="weights-head">Class weights used</h2>
<p>${how}</p>
${!terms && html`<p class="note">This loss has no term over pixels, so that weights change nothing.</p>`}
${table(
  'Classes of the training split',
  [
    { head: 'Class', cell: ({ name }) => name },
    { head: 'Weight', cell: ({ weight }) => figure(weight, factor, 'no weights were used') },
    { head: what === 'image' ? 'Images' : 'Pixels', cell: ({ pixels }) => count(pixels) },
    { head: `Share of ${what}s`, cell: (row) => figure(row.share, share, `there is no ${what}`) },
    { head: 'Share of the loss', cell: ({ lossShare }) => figure(lossShare, share, `there is no ${what}`) },
  ],
  rows,
)}
</section>`;
}
