import { count, score, share } from '../../../pipeline/words/figures.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { displayWidth } from '../../display-width.js';
import { isOfImages, type Model } from '../model.js';
import type { ListColumn } from '../parts/columns.js';
import { heading } from '../parts/heading.js';
import { drawList } from '../parts/list.js';
import type { Filter } from '../selection.js';
import type { ListName } from '../view-state.js';

/** Words for outcomes, as the closing text of a run has them. */
export const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  hit: 'hit',
  miss: 'miss',
  false_alarm: 'alarm',
  disjoint: 'astray',
  empty: 'empty',
  unscored: 'unscored',
  failure: 'failures',
};

const SORT_WORDS: Readonly<Record<string, string>> = { iou: 'IoU', heat: 'heat inside the lungs' };

/** The findings that are chosen, as a list of exactly the lines that there is room for. */
export function drawFindings(model: Model, width: number, height: number): string[] {
  if (height < 2) return [];
  const { findings, theme } = model;
  const text = (header: string, width_: number, expendable: number, cell: (row: number) => string) =>
    ({ header, width: width_, expendable, cell: (row: number) => visible(cell(row)), align: 'start' }) as const;
  const where = (row: number) => findings.image(row) || findings.path(row) || '(the whole set)';
  const columns: ListColumn<number>[] = [
    { ...text('rule', 4, 0, findings.rule), paint: (words, row) => theme.severity(findings.severity(row), words) },
    {
      ...text('severity', 8, 3, findings.severity),
      paint: (words, row) => theme.severity(findings.severity(row), words),
    },
    text('class', 10, 2, findings.class),
    { ...text('image', 0, 0, where), cuts: 'path' },
    text('what', 0, 1, findings.message),
  ];
  return list(model, 'findings', columns, { width, height }, 'Findings');
}

/** The images that are chosen, with the figures of the class in focus. */
export function drawImages(model: Model, width: number, height: number): string[] {
  if (height < 2) return [];
  const { images, theme, view, subject } = model;
  const focus = images.classes[view.focus];
  const c = view.focus;
  const { sort, descending } = view.images;
  const sign = descending ? theme.signs.down : theme.signs.up;
  const number = (name: string, header: string, width_: number, expendable: number, cell: (row: number) => string) =>
    ({
      header: sort === name ? `${sign}${header}` : header,
      width: width_,
      expendable,
      cell,
      align: 'end',
    }) satisfies ListColumn<number>;
  const pixels = (n: number | null) => (n === null ? '-' : count(n));
  const some = (choices: readonly string[]) => choices.some((word) => word !== '');
  const columns: ListColumn<number>[] = [
    {
      header: 'image',
      width: 0,
      expendable: 0,
      align: 'start',
      cuts: 'path',
      cell: (row) => visible(images.image(row)),
    },
  ];
  const words = (header: string, width_: number, expendable: number, cell: (row: number) => string) =>
    columns.push({ header, width: width_, expendable, align: 'start', cell: (row) => visible(cell(row)) });
  if (some(images.splits)) words('split', 5, 4, images.split);
  if (some(images.sources)) words('source', 9, 5, images.source);
  if (isOfImages(model)) columns.push(...answerColumns(model, number));
  else if (focus && subject.scores) {
    columns.push(
      {
        ...number('', 'outcome', 8, 0, (row) => OUTCOME_WORDS[images.outcome(row, c)]),
        align: 'start',
        paint: (text, row) => painted(theme, images.outcome(row, c), text),
      },
      number('iou', 'IoU', 6, 0, (row) => score(images.iou(row, c))),
    );
  }
  if (focus && !isOfImages(model)) columns.push(number('truth', 'truth', 9, 2, (row) => pixels(images.truth(row, c))));
  if (focus && subject.scores && !isOfImages(model)) {
    columns.push(number('predicted', 'predicted', 10, 3, (row) => pixels(images.predicted(row, c))));
    if (model.run.engine !== null || hasProbability(model))
      columns.push(number('probability', 'prob', 6, 6, (row) => chance(images.probability(row, c))));
  }
  columns.push({
    header: 'rules',
    width: 14,
    expendable: 7,
    align: 'start',
    cell: (row) => images.rulesOf(row).join(' '),
  });
  return list(model, 'images', columns, { width, height }, focus ? `Images: ${visible(focus.key)}` : 'Images');
}

const chance = (x: number | null) => (x === null ? '-' : x.toFixed(3));

type NumberColumn = (
  name: string,
  header: string,
  width: number,
  expendable: number,
  cell: (row: number) => string,
) => ListColumn<number>;

/** What an image is and what it is told to be, and of the class in focus its outcome and probability. */
function answerColumns({ images, theme, view, subject }: Model, number: NumberColumn): ListColumn<number>[] {
  const c = view.focus;
  const key = (place: number | null) => (place === null ? '-' : visible(images.classes[place].key));
  const width = Math.min(12, Math.max(9, ...images.classes.map((spec) => displayWidth(visible(spec.key)))));
  const is = {
    ...number('', 'is', width, 0, (row: number) => key(images.answer(row).label)),
    align: 'start' as const,
  };
  if (!subject.scores) return [is];
  return [
    is,
    {
      ...number('', 'told', width, 0, (row: number) => key(images.answer(row).predicted)),
      align: 'start',
      paint: (text, row) => {
        const { label, predicted } = images.answer(row);
        if (predicted === null) return theme.dim(text);
        return predicted === label ? theme.good(text) : theme.severity('error', text);
      },
    },
    number('probability', 'prob', 6, 2, (row) => chance(images.probability(row, c))),
    number('heat', 'in lungs', 8, 3, (row) => share(images.heat(row))),
  ];
}

function hasProbability({ header }: Model): boolean {
  return header !== null && header.model !== null;
}

function painted(theme: Model['theme'], outcome: string, text: string): string {
  if (outcome === 'hit') return theme.good(text);
  if (outcome === 'miss' || outcome === 'disjoint') return theme.severity('error', text);
  return outcome === 'false_alarm' ? theme.severity('warning', text) : theme.dim(text);
}

function list(
  model: Model,
  name: ListName,
  columns: readonly ListColumn<number>[],
  { width, height }: { width: number; height: number },
  title: string,
): string[] {
  const { view, selections, theme } = model;
  const selection = selections[name];
  const all = name === 'images' ? model.images.size : model.findings.size;
  const lit = view.page === name && view.over.length === 0;
  const { cursor, filter, sort } = view[name];
  const place = selection.size > 0 && lit ? `${count(cursor + 1)} of ` : '';
  const total = selection.size === all ? '' : ` (${count(all)} in all)`;
  const about = [
    `${place}${count(selection.size)}${total}`,
    ...(sort === 'order' ? [] : [`by ${SORT_WORDS[sort] ?? sort}`]),
    ...filterWords(filter),
  ].join('; ');
  const running = model.run.phase !== 'finished';
  const empty = all > 0 ? 'nothing passes the filter; x shows all' : running ? 'nothing yet' : 'nothing';
  return [
    heading(title, about, width, theme, lit),
    ...drawList(columns, { selection, cursor, lit, empty }, { width, height: height - 1 }, theme),
  ];
}

/** What a list is narrowed to, one clause each. */
export function filterWords(filter: Filter): string[] {
  const { text, ...choices } = filter;
  const words = Object.entries(choices)
    .filter(([, choice]) => choice !== null)
    .map(([name, choice]) => `${name} ${visible(OUTCOME_WORDS[choice as string] ?? (choice as string))}`);
  return text === '' ? words : [...words, `"${visible(text)}"`];
}
