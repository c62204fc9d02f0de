import { imageAnswer } from '../metrics/image-answer.js';
import { HEAT_COLOURS, heatOpacity, LUNG_EDGE } from '../overlays/heat.js';
import { hex, OKABE_ITO } from '../overlays/palette.js';
import type { ImageRecord } from '../record.js';
import { score } from '../words/figures.js';
import { answerWords, heatWords } from '../words/image-answer.js';
import { box, panelGround, type ShownCase } from './cases.js';
import { type Html, html } from './html.js';
import { chosenClasses, type ReportInput } from './input.js';
import { OUTCOME_WORDS } from './outcomes.js';
import type { CasePicture, Outline } from './pictures.js';

const LUNGS = hex(OKABE_ITO.skyBlue);

/** The answers of a classifier that are furthest off, with where it found them; null where nothing was scored. */
export function imageCaseSection(
  input: ReportInput,
  cases: readonly ShownCase[],
  notes: readonly string[],
): Html | null {
  if (input.summary.scored === 0) return null;
  const classes = chosenClasses(input).filter(({ index }) => cases.some((one) => one.index === index));
  const heat = cases.flatMap(({ picture }) => picture?.heat ?? []);
  return html`<section id="cases" aria-labelledby="cases-head">
<h2 id="cases-head">The worst answers</h2>
${cases.length === 0 && html`<p>There are none: every image of these classes is told right, and no other image is told to be of them.</p>`}
${
  cases.length > 0 &&
  html`<p>Of each class the misses in which it is least probable and the false alarms in which it is most probable; an image is shown once.
All failures are rows of <code>&lt;class&gt;.csv</code>; <code>maskaudit export</code> lists them.</p>
${heat.length > 0 ? heatLegend(heat) : html`<p class="note">There are no heat maps: ${whyNone(input)}</p>`}`
}
${notes.map((note) => html`<p class="note">${note}</p>`)}
${classes.map(
  ({ index, name }) => html`<h3>${name}</h3>
${cases.flatMap((one, position) => (one.index === index ? [answerFigure(input, one, `x${position}`)] : []))}`,
)}
</section>`;
}

function whyNone({ facts }: ReportInput): string {
  const said = facts.engine?.notes.find((note) => note.startsWith('no heat maps'));
  return said === undefined ? 'none could be made.' : `${said.replace(/^no heat maps: /, '')}.`;
}

function heatLegend(heat: CasePicture['heat']): Html {
  const hasLungs = heat.some(({ levels }) => levels.some(({ label }) => label === LUNG_EDGE));
  const swatch = (level: number) => box(hex(HEAT_COLOURS[level - 1]), String(heatOpacity(level)), 'currentColor');
  return html`<ul class="legend keys">
<li>${swatch(1)}some heat</li><li>${swatch(HEAT_COLOURS.length)}the most in the picture</li>
${hasLungs && html`<li>${box(LUNGS, '0.9', 'currentColor')}edge of the lungs</li>`}
</ul>
<p class="note">Heat is what speaks for a class in each place of the picture, a class activation map: its mean, but for a constant, is what
the class is told by. It is as coarse as the model’s last planes, and its share inside the lungs is by their mask.</p>`;
}

function answerFigure(input: ReportInput, { index, of, picture, faults }: ShownCase, id: string): Html {
  const { classes } = input.header.dataset;
  const { record, kind } = of;
  // Of a false alarm the answer says it already.
  const probability = kind === 'miss' ? (record.maxProbability?.[index] ?? null) : null;
  const said = answerWords(classes, record);
  const own = probability === null ? '' : `; probability of ${classes[index].name} ${score(probability)}`;
  return html`<figure class="case">
<figcaption><strong>${OUTCOME_WORDS[kind].name}</strong> · <span class="path">${record.image}</span><br>
<span class="counts">${said}${own}</span></figcaption>
${picture && panels(input, record, picture, id)}
${faults.map((fault) => html`<p class="note">${fault}</p>`)}
</figure>`;
}

/** The image, and over it the heat of the class that it is told to be and of the class that it is. */
function panels({ header: { dataset } }: ReportInput, record: ImageRecord, picture: CasePicture, id: string): Html {
  const predicted = record.confusion && imageAnswer(record.confusion).predicted;
  const { kind, panel } = panelGround(dataset, picture, id);
  return html`<div class="panels answers">
${panel(kind, picture.image === null ? 'The image can not be read' : kind, null, true)}
${picture.heat.map(({ classIndex, inLungs, levels }) => {
  // The share that the tables have, where they have it.
  const share = classIndex === predicted ? (record.heatInLungs ?? null) : inLungs;
  const isCold = levels.every(({ label }) => label === LUNG_EDGE);
  const words = isCold
    ? `no heat of ${dataset.classes[classIndex].name}`
    : heatWords(dataset.classes[classIndex], share);
  return panel(words, words, heatOver(levels));
})}
</div>`;
}

function heatOver(levels: readonly Outline[]): Html {
  return html`${levels.map(({ label, path }) => {
    const [colour, opacity] = label === LUNG_EDGE ? [LUNGS, 0.9] : [hex(HEAT_COLOURS[label - 1]), heatOpacity(label)];
    return html`<path class="heat" d="${path}" fill="${colour}" fill-opacity="${opacity}"/>`;
  })}`;
}
