import type { ClassSpec, DatasetSpec } from '../dataset/dataset.js';
import { classColour, hex } from '../overlays/palette.js';
import { count, score } from '../words/figures.js';
import type { Case } from './figures.js';
import { type Html, html } from './html.js';
import { chosenClasses, type ReportInput } from './input.js';
import { OUTCOME_WORDS } from './outcomes.js';
import type { CasePicture, Outline } from './pictures.js';

/** A worst case with its picture, or with why there is none. */
export interface ShownCase {
  index: number;
  of: Case;
  picture: CasePicture | null;
  faults: readonly string[];
}

/** The fills of a difference: hit, missed, false alarm. */
const DIFFERENCE = [
  { fill: 'url(#p-hit)', name: 'hit' },
  { fill: 'url(#p-miss)', name: 'missed' },
  { fill: 'url(#p-false_alarm)', name: 'false alarm' },
] as const;

/** The worst cases of each class as pictures; null where nothing was scored. */
export function caseSection(input: ReportInput, cases: readonly ShownCase[], notes: readonly string[]): Html | null {
  if (input.summary.scored === 0) return null;
  const classes = chosenClasses(input);
  const shown = classes.filter(({ index }) => cases.some((one) => one.index === index));
  return html`<section id="cases" aria-labelledby="cases-head">
<h2 id="cases-head">The worst cases</h2>
${cases.length === 0 && html`<p>There are none: no image of these classes was missed, misplaced or wrongly outlined.</p>`}
${
  cases.length > 0 &&
  html`<p>Of each class the largest misses, misplaced regions and false alarms, and the hits that overlap least.
All failures are rows of <code>&lt;class&gt;.csv</code>; <code>maskaudit export</code> lists them.</p>${caseLegend(input.header.dataset.classes)}`
}
${notes.map((note) => html`<p class="note">${note}</p>`)}
${shown.map(
  ({ index, name }) => html`<h3>${name}</h3>
${cases.flatMap((one, position) => (one.index === index ? [caseFigure(input, one, position)] : []))}`,
)}
</section>`;
}

/** The fills of classes and of what became of their pixels. */
export function caseLegend(classes: readonly ClassSpec[]): Html {
  const shown = classes.filter(({ index }) => index > 0);
  return html`<ul class="legend keys">
${shown.map(({ index, name }) => html`<li>${box(hex(classColour(index)), '0.45')}${name}</li>`)}
${DIFFERENCE.map(({ fill, name }) => html`<li>${box(fill, '1')}${name} (difference)</li>`)}
</ul>`;
}

/** A swatch of a legend. */
export function box(fill: string, opacity: string, stroke = fill.startsWith('url') ? 'currentColor' : fill): Html {
  return html`<svg class="swatch" width="22" height="14" aria-hidden="true"><rect x="1" y="1" width="20" height="12" fill="${fill}"
 fill-opacity="${opacity}" stroke="${stroke}" stroke-width="1.5"/></svg>`;
}

function caseFigure(input: ReportInput, { index, of, picture, faults }: ShownCase, position: number): Html {
  const { record, kind, counts } = of;
  const { name } = input.summary.classes[index];
  const { tp, fn, fp } = counts;
  const figures = `IoU ${score(of.iou)}; ${count(tp)} px hit, ${count(fn)} px missed, ${count(fp)} px false alarm`;
  return html`<figure class="case">
<figcaption><strong>${OUTCOME_WORDS[kind].name}</strong> · <span class="path">${record.image}</span><br>
<span class="counts">${name}: ${figures}</span></figcaption>
${picture && casePanels(input.header.dataset, picture, index, `x${position}`, `${name}: ${OUTCOME_WORDS[kind].name}, ${figures}`)}
${faults.map((fault) => html`<p class="note">${fault}</p>`)}
</figure>`;
}

/**
 * The image, and over it truth, prediction and difference.
 * @param focus index of the class that it is about. @param id of the image on the page. @param words what the difference shows
 */
export function casePanels(
  dataset: Pick<DatasetSpec, 'layout' | 'classes'>,
  picture: CasePicture,
  focus: number,
  id: string,
  words: string,
): Html {
  const { image, truth, predicted, difference } = picture;
  const { kind, panel } = panelGround(dataset, picture, id);
  const named = (outlines: readonly Outline[] | null) =>
    outlines === null
      ? 'none'
      : outlines.map(({ label }) => dataset.classes[label].name).join(', ') || 'background alone';
  return html`<div class="panels">
${panel(kind, image === null ? 'The image can not be read' : kind, null, true)}
${panel('truth', `Truth: ${named(truth)}`, regions(truth, focus))}
${panel('prediction', `Prediction: ${named(predicted)}`, regions(predicted, focus))}
${panel('difference', words, differences(difference))}
</div>`;
}

/** How panels of one image are drawn: its picture is in the page once, in the first of them. */
export function panelGround(
  { layout }: Pick<DatasetSpec, 'layout'>,
  { width, height, image }: CasePicture,
  id: string,
) {
  const ground = (first: boolean) =>
    image === null
      ? html`<rect width="${width}" height="${height}" fill="#404040"/>`
      : first
        ? html`<image id="${id}" href="${image}" width="${width}" height="${height}"/>`
        : html`<use href="${`#${id}`}"/>`;
  return {
    kind: layout === 'covid-qu-ex' ? 'X-ray' : 'image',
    panel: (label: string, alt: string, over: Html | null, first = false) => html`<div class="panel">
<svg viewBox="${`0 0 ${width} ${height}`}" role="img" aria-label="${alt}">${ground(first)}${over}</svg>
<span aria-hidden="true">${label}</span></div>`,
  };
}

/** The class of the case filled, the others in outline. */
function regions(outlines: readonly Outline[] | null, focus: number): Html | null {
  if (outlines === null) return null;
  return html`${outlines.map(({ label, path }) => {
    const colour = hex(classColour(label));
    return html`<path class="region" d="${path}" fill="${colour}" fill-opacity="${label === focus ? '.45' : '.08'}" stroke="${colour}"/>`;
  })}`;
}

function differences(outlines: readonly Outline[] | null): Html | null {
  if (outlines === null) return null;
  return html`${outlines.map(
    ({ label, path }) => html`<path class="region" d="${path}" fill="${DIFFERENCE[label - 1].fill}" stroke="#fff"/>`,
  )}`;
}
