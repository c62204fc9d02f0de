import type { ProbeFigures } from '../summary.js';
import { counted, interval, score } from '../words/figures.js';
import { PROBE_PICTURES } from '../words/probe.js';
import { type Html, html } from './html.js';
import { chosenClasses, leftOutOfPlots, MOST_CLASSES, plotName, type ReportInput } from './input.js';
import type { Plots } from './plot.js';
import { type Column, figure, table } from './table.js';

interface Row {
  name: string;
  picture: string;
  figures: ProbeFigures;
  of: ProbeFigures['classes'][number];
}

/** What is told without the lungs, beside what is told with them; null where nothing was probed. */
export function probeSection(input: ReportInput, { intervalDots }: Plots): Html | null {
  const { probe } = input.summary;
  if (probe === undefined) return null;
  const chosen = chosenClasses(input);
  const rowsOf = ({ index, name }: (typeof chosen)[number]) =>
    PROBE_PICTURES.map(
      ([key, picture]): Row => ({
        ...{ name, picture, figures: probe[key], of: probe[key].classes[index] },
      }),
    );
  return html`<section id="probe" aria-labelledby="probe-head">
<h2 id="probe-head">Does it look at the lungs?</h2>
<p>The model saw ${counted(probe.images, 'image')} three times: as they are, with the lungs blacked out by their masks, and with all
else blacked out. What is told without the lungs is told by something else than the disease: an AUC near 0.5 is what is wanted there,
and rule P008 speaks where it is far above.</p>
<div class="plots">${chosen.slice(0, MOST_CLASSES).map((c) =>
    intervalDots(
      `${plotName(c.name)}: AUC with its 95 % interval`,
      rowsOf(c).map(({ picture, of }) => ({ name: picture, value: of.auc, range: of.confidence95.auc })),
    ),
  )}</div>
${leftOutOfPlots(chosen.length)}
${table('The same images, whole and in part', COLUMNS, chosen.flatMap(rowsOf))}
<p class="note">The AUC is by the predicted pixels of the class in an image, of a classifier by its probability, with DeLong's interval; sensitivity and specificity are
of what was predicted. A blacked-out picture is unlike all that a model was trained on, so its accuracy there says little alone.</p>
</section>`;
}

const ONE_KIND = 'all images are of one kind';

const COLUMNS: readonly Column<Row>[] = [
  { head: 'Class', cell: ({ name }) => name },
  { head: 'Picture', kind: 'words', cell: ({ picture }) => picture },
  { head: 'AUC', cell: ({ of }) => figure(of.auc, score, ONE_KIND) },
  { head: '95\u00a0% interval', cell: ({ of }) => figure(of.confidence95.auc, interval, ONE_KIND) },
  { head: 'Sensitivity', cell: ({ of }) => figure(of.sensitivity, score, 'no image has the class') },
  { head: 'Specificity', cell: ({ of }) => figure(of.specificity, score, 'every image has the class') },
  { head: 'Accuracy', cell: ({ figures }) => figure(figures.accuracy, score, 'nothing was scored') },
];
