import { type ClassSummary, WEIGHT_FORMULAS, type WeightFormula } from '../summary.js';
import { factor, share } from '../words/figures.js';
import { type Html, html } from './html.js';
import { chosenClasses, leftOutOfPlots, MOST_CLASSES, plotName, type ReportInput } from './input.js';
import type { Plots } from './plot.js';
import { type Column, figure, table } from './table.js';

const WORDS: Record<WeightFormula, { name: string; formula: string; ofImages?: string }> = {
  inverseFrequency: {
    name: 'inverse frequency',
    formula: 'N / (C n): all pixels over the number of classes times the class’s',
    ofImages: 'N / (C n): all images over the number of classes times the class’s',
  },
  medianFrequency: {
    name: 'median frequency',
    formula: 'median(f) / f, f being the class’s pixels over those of the images that contain it (Eigen & Fergus 2015)',
    ofImages: 'median(f) / f, f being the class’s share of the images (Eigen & Fergus 2015)',
  },
  effectiveNumber: {
    name: 'effective number',
    formula:
      '(1 − b) / (1 − b^m), b = 0.9999, m the images that contain it, scaled to sum to the classes (Cui et al. 2019)',
    ofImages: '(1 − b) / (1 − b^m), b = 0.9999, m the images of it, scaled to sum to the classes (Cui et al. 2019)',
  },
  enetLog: { name: 'ENet', formula: '1 / ln(1.02 + n / N) (Paszke et al. 2016)' },
};

const NEVER = 'the class never occurs';

/** The proposed class weights, and what they do to a loss. */
export function weightSection(input: ReportInput, plots: Plots): Html {
  const { classes } = input.summary;
  const present = chosenClasses(input).filter(({ truth }) => truth.pixels > 0);
  const drawn = present.slice(0, MOST_CLASSES);
  const ofImages = input.summary.unit === 'image';
  const things = ofImages ? 'images' : 'pixels';
  return html`<section id="weights" aria-labelledby="weights-head">
<h2 id="weights-head">Class weights</h2>
<p>A weight multiplies the loss of the class’s ${things}. Its effect is the share that the class then has in the total weight of a
cross-entropy averaged over ${things}; without weights that is its share of the ${things}.</p>
${table(
  'Proposed weights',
  columns(({ weights }, formula) => figure(weights[formula], factor, NEVER)),
  classes,
)}
${table(
  'Share of the loss that each class gets',
  [
    { head: 'Class', cell: ({ name }) => name },
    { head: 'without weights', cell: ({ lossShare }) => figure(lossShare.none, share, NEVER) },
    ...columns(({ lossShare }, formula) => figure(lossShare[formula], share, NEVER)).slice(1),
  ],
  classes,
)}
${drawn.length > 0 && html`<div class="plots">${drawn.map((c) => effects(plots, c))}</div>`}
${leftOutOfPlots(present.length)}
<dl>${WEIGHT_FORMULAS.map((key) => {
    const { name, formula, ofImages: images = formula } = WORDS[key];
    return html`<dt>${name}</dt><dd>${ofImages ? images : formula}</dd>`;
  })}</dl>
</section>`;
}

function columns(cell: (c: ClassSummary, formula: WeightFormula) => ReturnType<Column<ClassSummary>['cell']>) {
  return [
    { head: 'Class', cell: ({ name }: ClassSummary) => name },
    ...WEIGHT_FORMULAS.map((formula) => ({
      head: WORDS[formula].name,
      cell: (c: ClassSummary) => cell(c, formula),
    })),
  ];
}

/** The share of the loss of one class by each formula. */
function effects({ shareBars }: Plots, { name, lossShare }: ClassSummary): Html {
  const rows = WEIGHT_FORMULAS.map((formula) => ({ name: WORDS[formula].name, value: lossShare[formula] }));
  return shareBars(`${plotName(name)}: share of the loss`, [
    { name: 'without weights', value: lossShare.none },
    ...rows,
  ]);
}
