import { classVerdicts, trainingVerdict } from '../../words/training-verdict.js';
import { type Html, html } from '../html.js';
import { bestEpochOf, type TrainingInput } from './input.js';

/** What the training comes down to, then a sentence for each class. */
export function trainingVerdictSection(input: TrainingInput): Html {
  const { end, epochs, plan } = input.training;
  const best = bestEpochOf(input);
  const place = best === null ? null : epochs.indexOf(best);
  const facts = { end, history: [...epochs], best: place, monitor: { name: plan.monitor } };
  return html`<section id="verdict" aria-labelledby="verdict-head">
<h2 id="verdict-head">Verdict</h2>
${
  end === 'interrupted' &&
  html`<p class="banner" role="note"><strong>Not the whole.</strong> This training was interrupted, and no model was written.
<code>--resume</code> goes on from here.</p>`
}
<p class="verdict">${trainingVerdict(facts, plan.epochs)}</p>
${best !== null && html`<ul class="verdicts">${classVerdicts(best).map((sentence) => html`<li>${sentence}</li>`)}</ul>`}
</section>`;
}
