import { type ClassSummary, OUTCOMES, type Outcome } from '../summary.js';
import { count, counted, share } from '../words/figures.js';
import { IOU_BINS } from './figures.js';
import { type Html, html } from './html.js';
import { chosenClasses, leftOutOfPlots, MOST_CLASSES, plotName, type ReportInput } from './input.js';
import { type Plots, rowsLayout } from './plot.js';
import { type Column, table } from './table.js';

/** What became of an image, in words, and how it is drawn: a colour and a texture. */
export const OUTCOME_WORDS: Record<Outcome, { name: string; means: string }> = {
  hit: { name: 'hit', means: 'truth and prediction meet in at least one pixel' },
  miss: { name: 'miss', means: 'the class is in the truth, and no pixel of it is predicted' },
  disjoint: { name: 'disjoint', means: 'both have it, and nowhere in the same place' },
  false_alarm: { name: 'false alarm', means: 'predicted, and not in the truth' },
  empty: { name: 'empty', means: 'in neither: nothing to find, nothing predicted' },
  unscored: { name: 'unscored', means: 'no prediction, or a file that could not be read' },
};

/** The same of a classifier's answers. */
const ANSWER_MEANS: Partial<Record<Outcome, string>> = {
  hit: 'is of the class, and is told so',
  miss: 'is of the class, and is told to be of another one',
  false_alarm: 'is of another class, and is told to be of this one',
  empty: 'neither is of the class nor is told to be',
  unscored: 'no answer, or a file that could not be read',
};

/** Those that are drawn; images that are empty or unscored say nothing about finding the class. */
export const DRAWN = ['hit', 'miss', 'disjoint', 'false_alarm'] as const satisfies readonly Outcome[];

const FILLS = DRAWN.map((outcome) => `url(#p-${outcome})`);

/** What became of each image, by class, and how the overlaps are distributed. */
export function outcomeSection(input: ReportInput, plots: Plots): Html {
  const ofImages = input.summary.unit === 'image';
  const shown = ofImages ? OUTCOMES.filter((outcome) => outcome in ANSWER_MEANS) : OUTCOMES;
  const seen = chosenClasses(input).filter((c) => DRAWN.some((outcome) => c.outcomes[outcome] > 0));
  const drawn = seen.slice(0, MOST_CLASSES);
  return html`<section id="outcomes" aria-labelledby="outcomes-head">
<h2 id="outcomes-head">What became of the images</h2>
${outcomeLegend(shown, ofImages)}
${
  drawn.length > 0 &&
  html`<div class="plots">${outcomeBars(plots, drawn, ofImages)}${!ofImages && drawn.map((c) => overlaps(plots, c, input))}</div>`
}
${leftOutOfPlots(seen.length)}
${table('Images by outcome', columns(shown), input.summary.classes)}
</section>`;
}

const columns = (shown: readonly Outcome[]): readonly Column<ClassSummary>[] => [
  { head: 'Class', cell: ({ name }) => name },
  ...shown.map((outcome) => ({
    head: OUTCOME_WORDS[outcome].name,
    cell: ({ outcomes }: ClassSummary) => count(outcomes[outcome]),
  })),
];

function outcomeLegend(shown: readonly Outcome[], ofImages: boolean): Html {
  return html`<dl class="legend">${shown.map((outcome) => {
    const { name, means } = OUTCOME_WORDS[outcome];
    const swatch =
      (DRAWN as readonly Outcome[]).includes(outcome) &&
      html`<svg class="swatch" width="22" height="14" aria-hidden="true">
<rect x="1" y="1" width="20" height="12" fill="${`url(#p-${outcome})`}" stroke="currentColor"/></svg>`;
    return html`<div><dt>${swatch}${name}</dt><dd>${ofImages ? ANSWER_MEANS[outcome] : means}</dd></div>`;
  })}</dl>`;
}

function outcomeBars({ figure, barX, ruleX }: Plots, classes: readonly ClassSummary[], ofImages: boolean): Html {
  const drawn = DRAWN.filter((outcome) => !ofImages || outcome in ANSWER_MEANS);
  const bars = classes.flatMap((c, row) => drawn.map((outcome) => ({ row, outcome, images: c.outcomes[outcome] })));
  const names = classes.map(({ name }) => plotName(name));
  const alt = classes
    .map(
      (c) => `${plotName(c.name)}: ${drawn.map((o) => `${OUTCOME_WORDS[o].name} ${count(c.outcomes[o])}`).join(', ')}`,
    )
    .join('; ');
  const caption = ofImages ? 'Images of the class, or told to be' : 'Images with the class in truth or prediction';
  return figure(caption, `Images by outcome. ${alt}`, {
    ...rowsLayout(names, 34),
    marginRight: 16,
    x: { label: null, ticks: 4 },
    color: { type: 'ordinal', domain: [...DRAWN], range: FILLS },
    marks: [
      barX(bars, { x: 'images', y: 'row', fill: 'outcome', stroke: 'currentColor', strokeWidth: 0.75 }),
      ruleX([0]),
    ],
  });
}

/** Images by their IoU: hits in bins, and beside them at 0 those without any overlap, by outcome. */
function overlaps({ figure, rectY, ruleY, axisX }: Plots, c: ClassSummary, { figures }: ReportInput): Html {
  const { iouBins } = figures.classes[c.index];
  const hits = iouBins.map((images, i) => ({
    outcome: 'hit' as Outcome,
    images,
    from: i / IOU_BINS,
    to: (i + 1) / IOU_BINS,
  }));
  const none = (['miss', 'disjoint', 'false_alarm'] as const).map((outcome) => ({
    outcome: outcome as Outcome,
    images: c.outcomes[outcome],
    from: -0.09,
    to: -0.03,
  }));
  const zero = none.reduce((sum, { images }) => sum + images, 0);
  const low = hits.filter(({ to }) => to <= 0.5).reduce((sum, { images }) => sum + images, 0);
  const name = plotName(c.name);
  const alt =
    `${name}, images by IoU: ${count(zero)} without any overlap, ${counted(low, 'hit')} up to 0.5, ` +
    `${count(c.outcomes.hit - low)} above`;
  return figure(`${name}: images by IoU`, alt, {
    marginLeft: 44,
    marginRight: 10,
    marginTop: 10,
    marginBottom: 40,
    height: 200,
    x: { domain: [-0.1, 1], label: 'IoU', labelArrow: 'none' },
    y: { label: null, ticks: 4, grid: true },
    color: { type: 'ordinal', domain: [...DRAWN], range: FILLS },
    marks: [
      rectY([...none, ...hits], {
        x1: 'from',
        x2: 'to',
        y: 'images',
        fill: 'outcome',
        stroke: 'currentColor',
        strokeWidth: 0.75,
        inset: 0,
      }),
      axisX([0.2, 0.4, 0.6, 0.8, 1], { label: 'IoU', labelArrow: 'none' }),
      axisX([-0.06], { tickFormat: () => 'none', tickSize: 0, label: null }),
      ruleY([0]),
    ],
  });
}

/** `12 of 40 (30.0 %)`. */
export function partOf(part: number, whole: number): string {
  return `${count(part)} of ${count(whole)}${whole === 0 ? '' : ` (${share(part / whole)})`}`;
}
