import type { ClassSummary } from '../summary.js';
import { count, counted, share } from '../words/figures.js';
import { AREA_EDGES } from './figures.js';
import { type Html, html } from './html.js';
import { chosenClasses, hasScores, leftOutOfPlots, MOST_CLASSES, plotName, type ReportInput } from './input.js';
import { BAR, type Plots } from './plot.js';
import { type Column, figure, table } from './table.js';

const NO_TRUTH = 'no annotation could be read';

/** How often each class occurs, how large it is where it does, and how many of its pixels get to the score. */
export function balanceSection(input: ReportInput, plots: Plots): Html {
  if (input.summary.unit === 'image') return imageBalance(input, plots);
  const { classes } = input.summary;
  const few = classes.length <= MOST_CLASSES;
  const chosen = chosenClasses(input);
  const present = chosen.filter(({ truth }) => truth.images > 0);
  return html`<section id="balance" aria-labelledby="balance-head">
<h2 id="balance-head">Class balance</h2>
${
  few &&
  html`<div class="plots">
${plots.shareBars(
  'Share of all pixels',
  classes.map(({ name, truth }) => ({ name: plotName(name), value: truth.pixelShare })),
)}
${plots.shareBars(
  'Share of the images that have it',
  classes.map(({ name, truth }) => ({ name: plotName(name), value: truth.imageShare })),
)}
</div>`
}
${table('Annotated pixels and images of each class', BALANCE, classes)}
${
  present.length > 0 &&
  html`<h3>How large the class is where it occurs</h3>
<div class="plots">${present.slice(0, MOST_CLASSES).map((c) => areas(plots, c, input))}</div>
${leftOutOfPlots(present.length)}`
}
<h3>${hasScores(input) ? 'From the file to the score' : 'From the file to the label map'}</h3>
<p>Annotated pixels of each class at every step. A class that falls to 0 was lost there.</p>
${pathTable(classes, hasScores(input))}
</section>`;
}

/** The same where images as a whole have the classes. */
function imageBalance(input: ReportInput, plots: Plots): Html {
  const { classes } = input.summary;
  const scores = hasScores(input);
  return html`<section id="balance" aria-labelledby="balance-head">
<h2 id="balance-head">Class balance</h2>
${
  classes.length <= MOST_CLASSES &&
  html`<div class="plots">
${plots.shareBars(
  'Share of the images',
  classes.map(({ name, truth }) => ({ name: plotName(name), value: truth.imageShare })),
)}
</div>`
}
${table(
  'Images of each class',
  [
    { head: 'Class', cell: ({ name }) => name },
    { head: 'Images', cell: ({ truth }) => count(truth.images) },
    { head: 'of all images', cell: ({ truth }) => figure(truth.imageShare, share, NO_TRUTH) },
    ...(scores ? [{ head: 'Scored', cell: ({ path }: ClassSummary) => count(path.batch) }] : []),
  ],
  classes,
)}
</section>`;
}

const BALANCE: readonly Column<ClassSummary>[] = [
  { head: 'Class', cell: ({ name }) => name },
  { head: 'Pixels', cell: ({ truth }) => count(truth.pixels) },
  { head: 'of all pixels', cell: ({ truth }) => figure(truth.pixelShare, share, NO_TRUTH) },
  { head: 'Images with it', cell: ({ truth }) => count(truth.images) },
  { head: 'of all images', cell: ({ truth }) => figure(truth.imageShare, share, NO_TRUTH) },
];

/** Images by the share of their pixels that a class has. */
function areas({ figure: draw, barY, text, ruleY }: Plots, c: ClassSummary, { figures }: ReportInput): Html {
  const { areaBins } = figures.classes[c.index];
  const bars = areaBins.map((images, i) => ({ bin: areaLabel(i), images, label: images === 0 ? '' : count(images) }));
  const alt = `${plotName(c.name)}, images by the share of the image that it covers: ${bars
    .filter(({ images }) => images > 0)
    .map(({ bin, images }) => `${bin} ${counted(images, 'image')}`)
    .join(', ')}`;
  return draw(`${plotName(c.name)}: images by the share of the image that it covers`, alt, {
    marginLeft: 8,
    marginRight: 8,
    marginTop: 18,
    marginBottom: 40,
    height: 190,
    x: { domain: bars.map(({ bin }) => bin), label: 'covers up to, of the image', labelArrow: 'none', tickSize: 0 },
    y: { axis: null },
    marks: [
      barY(bars, { x: 'bin', y: 'images', ...BAR }),
      text(bars, { x: 'bin', y: 'images', text: 'label', dy: -8 }),
      ruleY([0]),
    ],
  });
}

function areaLabel(bin: number): string {
  return `${Number((AREA_EDGES[bin] * 100).toPrecision(2))} %`;
}

function pathTable(classes: readonly ClassSummary[], scores: boolean): Html {
  const resized = classes.some(({ path }) => path.resized !== null);
  const NO_MODEL = 'no model of another size';
  return table<ClassSummary>(
    'Pixels at each step',
    [
      { head: 'Class', cell: ({ name }) => name },
      { head: 'In the files', cell: ({ path }) => count(path.raw) },
      { head: 'As encoded', cell: ({ path }) => count(path.encoded) },
      ...(resized
        ? [{ head: "At the model's size", cell: ({ path }: ClassSummary) => figure(path.resized, count, NO_MODEL) }]
        : []),
      ...(scores ? [{ head: 'Scored', cell: ({ path }: ClassSummary) => count(path.batch) }] : []),
    ],
    classes,
  );
}
