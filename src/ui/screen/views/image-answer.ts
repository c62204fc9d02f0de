import type { ClassHeat } from '../../../pipeline/viewing/heat-view.js';
import { answerWords, heatWords } from '../../../pipeline/words/image-answer.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { pad, truncate, wrap } from '../../display-width.js';
import { type Column, textTable } from '../../text-table.js';
import { HEAT_OVERLAY, type OverlayStyle } from '../picture/overlay.js';
import type { Layer } from '../view-state.js';
import type { ImageScene } from './image.js';
import { OUTCOME_WORDS } from './lists.js';

/** The layers of a classifier's image: the picture, where it sees what it says, and where that is wrong what the image is. */
export function heatLayers({ open }: ImageScene): ('none' | 'predicted' | 'truth')[] {
  const seen = open?.view?.heat.length ?? 0;
  return (['none', 'predicted', 'truth'] as const).slice(0, 1 + seen);
}

/** Of what it says comes first, of the image's own class second; where both are one there is one. */
function heatOf({ open }: ImageScene, layer: Layer): ClassHeat | null {
  const heat = open?.view?.heat ?? [];
  if (layer === 'predicted') return heat[0] ?? null;
  return layer === 'truth' ? (heat.at(-1) ?? null) : null;
}

export function heatLabels(scene: ImageScene, layer: Layer): { labels: Uint8Array; overlay: OverlayStyle } | null {
  const heat = heatOf(scene, layer);
  return heat && { labels: heat.map, overlay: HEAT_OVERLAY };
}

export function heatCaption(scene: ImageScene, layer: Layer): string {
  const heat = heatOf(scene, layer);
  if (layer === 'none' || !scene.header) return 'image';
  if (heat === null) return 'image; the model gives no heat maps';
  // The share stands among the figures, where there is room for it.
  return visible(heatWords(scene.header.dataset.classes[heat.classIndex], null));
}

interface Row {
  c: number;
  key: string;
}

/** What the image is and is told to be, in a sentence and by class. */
export function answerFigures(scene: ImageScene, width: number): string[] {
  const { images, theme, subject, open, header } = scene;
  if (open === null || !header) return [];
  const { row, view } = open;
  const { label, predicted } = images.answer(row);
  const { classes } = header.dataset;
  const shares = (view?.heat ?? []).filter(({ inLungs }) => inLungs !== null);
  const said = view && [
    answerWords(classes, view.record),
    ...shares.map(({ classIndex, inLungs }) => heatWords(classes[classIndex], inLungs)),
  ];
  const lines = said ? ['', ...said.flatMap((words) => wrap(visible(words), width))] : [];
  const column = (title: string, cell: (r: Row) => string, align: 'start' | 'end' = 'end'): Column<Row> => ({
    header: title,
    expendable: 0,
    cell,
    align,
  });
  const sign = theme.unicode ? '●' : 'x';
  const columns = [column('class', ({ key }) => key, 'start'), column('is', ({ c }) => (c === label ? sign : ''))];
  if (subject.scores) {
    columns.push(
      column('told', ({ c }) => (c === predicted ? sign : '')),
      column('probability', ({ c }) => images.probability(row, c)?.toFixed(4) ?? '-'),
      column('outcome', ({ c }) => OUTCOME_WORDS[images.outcome(row, c)]),
    );
  }
  const rows = images.classes.map(({ key }, c): Row => ({ c, key: visible(key) }));
  const [head, ...body] = textTable(columns, rows, width - 2);
  const swatch = theme.unicode ? '■' : '*';
  return [
    ...lines.map((line) => truncate(line, width)),
    '',
    theme.dim(`  ${pad(head ?? '', 0)}`),
    ...body.map((line, i) => `${theme.ofClass(images.classes[rows[i].c].index, swatch)} ${line}`),
  ];
}
