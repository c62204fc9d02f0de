import { CONVENTION_PAGES, type ConventionPage } from '../metrics/conventions.js';
import { type ClassSummary, CONVENTIONS, type Convention, type MeanScores, type Scores } from '../summary.js';
import { count, interval, score, signedScore } from '../words/figures.js';
import { unmarkedWords } from '../words/unmarked.js';
import { scoredPositives } from '../words/verdict.js';
import { type Html, html } from './html.js';
import { MOST_CLASSES, type ReportInput } from './input.js';
import { type Column, figure, table } from './table.js';

const NEITHER = 'the class is in neither mask of any scored image';
const NO_POSITIVE = 'no scored image has the class';
const WHY: Record<Convention, string> = {
  pooled: NEITHER,
  imageMean: NEITHER,
  imageMeanTruth: NO_POSITIVE,
  imageMeanSmoothed: 'no image was scored',
  batchSmoothed: 'no image was scored',
  absentAsZero: 'no image was scored',
};

/** What stands below tables of conventions. */
export const DASHES: Html = html`<p class="note">A dash is an undefined score: there was nothing to divide by. It is left out of every
mean, which names in brackets over how many classes it was taken; it is neither 0 nor 1.</p>`;

/** The scores: the honest figure beside the naive one, then every convention. */
export function scoreSection(input: ReportInput): Html {
  const { summary, header, facts } = input;
  const unmarked = unmarkedWords(facts.engine, summary.classes);
  return html`<section id="scores" aria-labelledby="scores-head">
<h2 id="scores-head">Scores</h2>
<p>The pooled score is the headline: pixels are summed over all images before anything is divided, so that an image where there is
nothing to find adds nothing. The smoothed mean beside it gives each such image a perfect 1. Where the two differ, empty masks made
the difference.</p>
${headline(summary.classes)}
${unmarked !== null && html`<p class="note">${unmarked}</p>`}
<p>Pixel accuracy is ${figure(summary.accuracy, score, 'no image was scored')}; answering background everywhere would have
${figure(summary.backgroundAccuracy, score, 'no annotation could be read')}.</p>
<h3>IoU by every convention</h3>
${byConvention(
  'IoU of each class by every convention',
  conventionRows(summary.classes, ({ iou }) => iou, summary.meanIou),
)}
<h3>Dice by every convention</h3>
${byConvention(
  'Dice of each class by every convention',
  conventionRows(summary.classes, ({ dice }) => dice, summary.meanDice),
)}
${DASHES}
<h3>What the conventions are</h3>
${conventionTable()}
${summary.classes.length <= MOST_CLASSES && summary.scored > 0 && confusion(input)}
<p class="note">Intervals: pooled IoU by bootstrap over images (1,000 resamples, seed ${header.seed}), sensitivity by Wilson's
formula.</p>
</section>`;
}

function headline(classes: readonly ClassSummary[]): Html {
  return table('Honest beside naive', HEADLINE, classes);
}

/** The honest score and the naive one come first: a phone shows no more columns than those. */
const HEADLINE: readonly Column<ClassSummary>[] = [
  { head: 'Class', cell: ({ name }) => name },
  { head: 'IoU, pooled', cell: ({ iou }) => figure(iou.pooled, score, NEITHER) },
  { head: 'IoU, smoothed mean', cell: ({ iou }) => figure(iou.imageMeanSmoothed, score, WHY.imageMeanSmoothed) },
  { head: 'Inflation', cell: ({ inflation }) => figure(inflation, signed, 'one of the two scores is') },
  { head: 'Free perfect scores', cell: ({ emptyPerfect }) => count(emptyPerfect) },
  { head: 'IoU, 95\u00a0% interval', cell: ({ confidence95 }) => figure(confidence95.pooledIou, interval, NEITHER) },
  { head: 'Dice, pooled', cell: ({ dice }) => figure(dice.pooled, score, NEITHER) },
  { head: 'Sensitivity', cell: (c) => figure(sensitivity(c), score, NO_POSITIVE) },
  {
    head: 'Sensitivity, 95\u00a0% interval',
    cell: ({ confidence95 }) => figure(confidence95.sensitivity, interval, NO_POSITIVE),
  },
];

/** Images with the class that are hits, of all scored images with it; null where there are none. */
export function sensitivity(c: ClassSummary): number | null {
  const positives = scoredPositives(c);
  return positives === 0 ? null : c.outcomes.hit / positives;
}

const signed = (x: number): string => signedScore(x).replace('-', '−');

export interface ConventionRow {
  name: string;
  scores: Record<Convention, number | null>;
  /** Classes that a mean was taken over. */
  over: Record<Convention, number> | null;
}

function conventionRows(
  classes: readonly ClassSummary[],
  measure: (c: ClassSummary) => Scores,
  mean: { all: MeanScores; foreground: MeanScores },
): ConventionRow[] {
  const rows: ConventionRow[] = classes.map((c) => ({ name: c.name, scores: measure(c), over: null }));
  rows.push({ name: 'mean of the classes', scores: mean.all, over: mean.all.classes });
  rows.push({ name: 'mean without background', scores: mean.foreground, over: mean.foreground.classes });
  return rows;
}

/** A table of a score by every convention. */
export function byConvention(caption: string, rows: readonly ConventionRow[]): Html {
  const columns: Column<ConventionRow>[] = CONVENTIONS.map((convention) => ({
    head: html`<code>${convention}</code>`,
    cell: ({ scores, over }) =>
      html`${figure(scores[convention], score, WHY[convention])}${over && html` <small>(${over[convention]})</small>`}`,
  }));
  return table(caption, [{ head: 'Class', cell: ({ name }) => name }, ...columns], rows);
}

/** What the conventions are. */
export function conventionTable(): Html {
  const pages = CONVENTIONS.map((name) => CONVENTION_PAGES[name]);
  return table<ConventionPage>(
    'Six ways to make one figure of many images',
    [
      { head: 'Convention', cell: ({ name }) => html`<code>${name}</code>` },
      { head: 'What is averaged', kind: 'sentences', cell: ({ definition }) => definition },
      { head: 'Images with the class in neither mask', kind: 'sentences', cell: ({ emptyImages }) => emptyImages },
      { head: 'Reported by', kind: 'sentences', cell: ({ reportedBy }) => reportedBy },
    ],
    pages,
  );
}

function confusion({ summary }: ReportInput): Html {
  const rows = summary.classes.map((c, i) => ({ c, counts: summary.confusion[i] }));
  return html`<h3>Confusion</h3>
${table(
  'Pixels of the scored images: rows annotated, columns predicted',
  [
    { head: 'Annotated as', cell: ({ c }) => c.name },
    ...summary.classes.map((c, k) => ({
      head: c.name,
      cell: ({ counts }: (typeof rows)[number]) => count(counts[k]),
    })),
  ],
  rows,
)}`;
}
