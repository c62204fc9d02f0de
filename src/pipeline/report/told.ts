import type { OperatingPoint } from '../metrics/detection/detection-rates.js';
import type { Beside } from '../told/beside.js';
import { type Told, type ToldClass, type ToldWay, toldImageByImage } from '../told/told.js';
import { count, counted, score } from '../words/figures.js';
import { difference, ruleWords, toldWords } from '../words/told.js';
import { rateColumns, withInterval } from './detection/tables.js';
import { type Child, type Html, html } from './html.js';
import { classNamed, hasScores, type ReportInput } from './input.js';
import { type Column, table, undefinedFigure } from './table.js';

/** What a run tells of whole images, and beside it what another one tells of them. */
export function toldSection(input: ReportInput): Html | null {
  const { summary, beside } = input;
  // A classifier's page is about nothing else: alone it needs no section of its own.
  const told = hasScores(input) ? toldImageByImage(summary) : null;
  if (told === null || (told.score === 'probability' && beside === undefined)) return null;
  return html`<section id="told" aria-labelledby="told-head">
<h2 id="told-head">Told image by image</h2>
${told.score === 'pixels' && claimPart(input, told)}
${beside !== undefined && besidePart(input, beside)}
</section>`;
}

/** A segmenter, taken as a classifier. */
function claimPart(input: ReportInput, told: Told): Html {
  return html`<p>A model that outlines a class badly may still tell which images have it. What there is to that claim: the model taken
as a classifier, by presence alone, wherever its pixels lie.</p>
<ul>${told.classes.map(({ key, ways }) => html`<li>${claimWords(nameOf(input, key), ways[0])}</li>`)}</ul>
<p>${toldWords(told)}</p>
${table(
  'Images told by presence alone, with 95 % intervals',
  COLUMNS,
  told.classes.flatMap((c) => classRows(input, c)),
)}`;
}

const nameOf = ({ header }: ReportInput, key: string) => classNamed(header.dataset.classes, key);

/** `COVID-19: any predicted pixel finds 76 of 80 images with it, and is a false alarm on 12 of 80 without it`. */
function claimWords(name: string, { point: { counts, balancedAccuracy } }: ToldWay): string {
  const { tp, fp, fn, tn } = counts;
  const balanced = balancedAccuracy === null ? '' : ` (balanced accuracy ${score(balancedAccuracy)}; by chance 0.5)`;
  return (
    `${name}: any predicted pixel finds ${count(tp)} of ${counted(tp + fn, 'image')} with it, and is a false alarm on ` +
    `${count(fp)} of ${count(tn + fp)} without it${balanced}.`
  );
}

/** A way to tell a class, with what it gives. */
interface Row {
  name: string;
  way: string;
  point: OperatingPoint;
  /** Of the scores, whatever the way: said once for each. */
  auc: Child;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'Class', cell: ({ name }) => name },
  { head: 'Told by', kind: 'words', cell: ({ way }) => way },
  { head: 'Images with it', cell: ({ point: { counts } }) => count(counts.tp + counts.fn) },
  { head: 'Missed', cell: ({ point: { counts } }) => count(counts.fn) },
  { head: 'False alarms', cell: ({ point: { counts } }) => count(counts.fp) },
  ...rateColumns<Row>(['sensitivity', 'specificity', 'precision'], ({ point }) => point),
  { head: 'F1', cell: ({ point: { f1 } }) => withInterval(f1, null, 'it neither occurs nor is told') },
  { head: 'AUC', cell: ({ auc }) => auc },
];

const ONE_KIND = 'one of both kinds of images is missing';

/** The ways in which this run tells a class. */
function classRows(
  input: ReportInput,
  { key, ways, auc, aucInterval }: Pick<ToldClass, 'key' | 'auc' | 'aucInterval'> & { ways: readonly ToldWay[] },
): Row[] {
  return ways.map(({ rule, pixels, point }, i) => ({
    name: nameOf(input, key),
    way: ruleWords(rule, pixels),
    point,
    auc: i === 0 && withInterval(auc, aucInterval, ONE_KIND),
  }));
}

function besidePart(input: ReportInput, { name, of }: NonNullable<ReportInput['beside']>): Html {
  const { common, hereOnly, besideOnly, split } = of;
  const where = split === null ? '' : ` of the split ${split}`;
  return html`<h3>Beside <span class="path">${name}</span></h3>
<p>${counted(common, 'image')}${where} scored in both runs; ${count(hereOnly)} in this one alone and ${count(besideOnly)} in the other
alone are left out.</p>
${table('Both on the same images, with 95 % intervals', COLUMNS, besideRows(input, of))}
${disagreeing(input, of)}
${table('Differences on the same images, the other run minus this one', DIFFERENCES, differences(input, of))}
<p class="note">Intervals of differences: DeLong’s for two areas of the same images, the paired one of two accuracies. An interval that
holds 0 tells neither run better.</p>`;
}

function besideRows(input: ReportInput, { classes }: Beside): Row[] {
  return classes.flatMap((c) => [
    ...classRows(input, c),
    {
      name: nameOf(input, c.key),
      way: `other run: ${ruleWords(c.beside.rule, 1)}`,
      point: c.beside.point,
      auc: withInterval(c.beside.auc, c.beside.aucInterval, ONE_KIND),
    },
  ]);
}

interface Difference {
  name: string;
  of: string;
  value: string;
  onlyHere: Child;
  onlyBeside: Child;
}

const DIFFERENCES: readonly Column<Difference>[] = [
  { head: 'Class', cell: ({ name }) => name },
  { head: 'Of', kind: 'words', cell: ({ of }) => of },
  { head: 'Difference (95\u00a0% interval)', cell: ({ value }) => value },
  { head: 'Right in this run alone', cell: ({ onlyHere }) => onlyHere },
  { head: 'in the other alone', cell: ({ onlyBeside }) => onlyBeside },
];

function differences(input: ReportInput, { classes }: Beside): Difference[] {
  return classes.flatMap((c) => {
    const name = nameOf(input, c.key);
    const noImages = undefinedFigure('an area is of no single image');
    return [
      {
        ...{ name, of: 'AUC', value: difference(c.aucDifference, c.aucDifferenceInterval) },
        ...{ onlyHere: noImages, onlyBeside: noImages },
      },
      ...c.ways.map(({ rule, pixels, accuracy }) => ({
        name,
        of: `accuracy, against ${ruleWords(rule, pixels)}`,
        value: difference(accuracy.difference, accuracy.confidence95),
        onlyHere: count(accuracy.onlyARight),
        onlyBeside: count(accuracy.onlyBRight),
      })),
    ];
  });
}

/** Images that were left out of a class, where there are any. */
function disagreeing(input: ReportInput, { classes }: Beside): Html | null {
  const some = classes.filter((c) => c.disagreeing > 0);
  if (some.length === 0) return null;
  const parts = some.map((c) => `${nameOf(input, c.key)} ${count(c.disagreeing)}`);
  return html`<p class="note">Images left out since the annotations of the two runs disagree about the class: ${parts.join(', ')}.</p>`;
}
