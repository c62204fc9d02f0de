import type { ClassOutcome } from '../../overlays/difference.js';
import { count, score } from '../../words/figures.js';
import { caseLegend, casePanels } from '../cases.js';
import { type Html, html } from '../html.js';
import { OUTCOME_WORDS } from '../outcomes.js';
import type { CasePicture } from '../pictures.js';
import { bestEpochOf, settingsOf, type TrainingInput } from './input.js';

/** A validation image that has a class, with what the final model says of it. */
export interface Prediction {
  /** Index of the class. */
  index: number;
  image: string;
  /** null where nothing could be predicted. */
  outcome: ClassOutcome | null;
  picture: CasePicture | null;
  faults: readonly string[];
}

/** The final model on validation images that have a class: truth, prediction and difference. */
export function predictionSection(
  input: TrainingInput,
  predictions: readonly Prediction[],
  notes: readonly string[],
): Html {
  const { dataset } = settingsOf(input);
  const best = bestEpochOf(input);
  const classes = dataset.classes.filter(({ index }) => predictions.some((one) => one.index === index));
  return html`<section id="predictions" aria-labelledby="predictions-head">
<h2 id="predictions-head">Predictions on positive validation images</h2>
${
  predictions.length > 0 &&
  html`<p>Of each class some validation images that have it, from the largest region to the smallest, evenly spaced: neither the best nor
the worst ones. Predicted by the final model, of epoch ${best?.epoch ?? '?'}, and counted on the annotation’s own grid.</p>
${caseLegend(dataset.classes)}`
}
${notes.map((note) => html`<p class="note">${note}</p>`)}
${classes.map(
  ({ index, name }) => html`<h3>${name}</h3>
${predictions.flatMap((one, place) => (one.index === index ? [predictionFigure(input, one, `g${place}`)] : []))}`,
)}
</section>`;
}

function predictionFigure(input: TrainingInput, one: Prediction, id: string): Html {
  const { dataset } = settingsOf(input);
  const { index, image, outcome, picture, faults } = one;
  const { name } = dataset.classes[index];
  const words = outcome === null ? 'not predicted' : OUTCOME_WORDS[outcome.outcome].name;
  const figures =
    outcome === null
      ? ''
      : `IoU ${score(outcome.iou)}; ${count(outcome.tp)} px hit, ${count(outcome.fn)} px missed, ${count(outcome.fp)} px false alarm`;
  return html`<figure class="case">
<figcaption><strong>${words}</strong> · <span class="path">${image}</span><br>
<span class="counts">${name}${figures && `: ${figures}`}</span></figcaption>
${picture && casePanels(dataset, picture, index, id, `${name}: ${words}, ${figures}`)}
${faults.map((fault) => html`<p class="note">${fault}</p>`)}
</figure>`;
}
