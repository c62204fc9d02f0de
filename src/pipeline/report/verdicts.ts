import { count } from '../words/figures.js';
import { classVerdict, type VerdictOptions, verdict } from '../words/verdict.js';
import { type Html, html } from './html.js';
import { chosenClasses, hasScores, type ReportInput } from './input.js';

/** The first thing to say of the run, then a sentence for each class. */
export function verdictSection(input: ReportInput): Html {
  const { summary, header, facts } = input;
  const { inputWidth, inputHeight } = facts.engine ?? { inputWidth: null, inputHeight: null };
  const options: VerdictOptions = {
    scores: hasScores(input),
    classes: header.classes,
    maskEncoding: header.dataset.maskEncoding,
    modelSize: inputWidth !== null && inputHeight !== null ? { width: inputWidth, height: inputHeight } : null,
    disagreement: header.dataset.thresholds.disagreement,
  };
  const first = verdict(summary, options);
  const others = chosenClasses(input).filter(({ key }) => key !== first.class);
  const said = summary.images > 0 ? others : [];
  return html`<section id="verdict" aria-labelledby="verdict-head">
<h2 id="verdict-head">Verdict</h2>
${state(input)}
<p class="verdict">${first.text}</p>
${said.length > 0 && html`<ul class="verdicts">${said.map((c) => html`<li>${classVerdict(c, summary, options)}</li>`)}</ul>`}
</section>`;
}

/** What a reader must know before any figure: that these are not all images. */
function state({ summary, header, facts }: ReportInput): Html | null {
  if (summary.complete) return null;
  const { shard, images } = header;
  const of = `${count(summary.images)} of ${count(images)} images`;
  const why = facts.interrupted
    ? `This run was interrupted: all figures are about ${of}. --resume goes on from here.`
    : shard
      ? `This is shard ${shard.index} of ${shard.count}: all figures are about ${of}. merge makes one run of all shards.`
      : `This run is not complete: all figures are about ${of}.`;
  return html`<p class="banner" role="note"><strong>Not the whole.</strong> ${why}</p>`;
}
