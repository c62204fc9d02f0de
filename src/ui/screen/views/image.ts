import { gatedClasses } from '../../../pipeline/engines/hybrid/settings.js';
import { differenceMap } from '../../../pipeline/overlays/difference.js';
import { count, score } from '../../../pipeline/words/figures.js';
import { gateWords } from '../../../pipeline/words/stages.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { displayWidth, pad, truncate, truncatePath, wrap } from '../../display-width.js';
import { type Column, textTable } from '../../text-table.js';
import { exactly } from '../ansi-text.js';
import { isOfImages, type Model } from '../model.js';
import { heading } from '../parts/heading.js';
import { drawPicture } from '../picture/draw.js';
import { lesionRegion, type Region } from '../picture/frame.js';
import { classOverlay, DIFFERENCE_OVERLAY, type OverlayStyle } from '../picture/overlay.js';
import { shownLayer } from '../reduce-key.js';
import type { Layer } from '../view-state.js';
import { answerFigures, heatCaption, heatLabels, heatLayers } from './image-answer.js';
import { OUTCOME_WORDS } from './lists.js';

/** What is drawn of an image, whether in the screen or printed. */
export interface ImageScene extends Pick<Model, 'theme' | 'images' | 'subject' | 'header' | 'open'> {
  focus: number;
  layer: Layer;
  zoomed: boolean;
  /** The finding that `e` explains; -1 where nothing is chosen. */
  finding: number;
}

/** Columns and rows from which three panels are side by side. */
export function hasPanels(columns: number, rows: number): boolean {
  return columns >= 84 && rows >= 22;
}

/** Narrower than this, figures stand below the picture. */
const BESIDE = 66;

export function imageScene(model: Model): ImageScene | null {
  const { view, layout } = model;
  const top = view.over.findLast((over) => over.kind === 'image');
  if (!top) return null;
  const wide = hasPanels(layout.body.columns, layout.body.rows);
  const { theme, images, subject, header, open } = model;
  const layer =
    subject.scores || view.layer === 'none' ? shownLayer(view, { wide, ofImages: isOfImages(model) }) : 'truth';
  const { focus, zoomed } = view;
  return { theme, images, subject, header, open, focus, layer, zoomed, finding: top.finding };
}

/** The picture and what is known of it, in exactly the room that there is. */
export function drawImage(scene: ImageScene, width: number, height: number): string[] {
  const { open, theme, images } = scene;
  if (open === null) return [];
  const id = visible(images.image(open.row));
  const lines = [heading(truncatePath(id, width - 6), '', width, theme, true)];
  const room = height - 1;
  if (scene.layer === 'all') {
    const below = Math.max(8, Math.min(facts(scene, width).length, Math.floor(room * 0.42)));
    const pictures = panels(scene, width, room - below - 1);
    return [...lines, ...pictures, ...facts(scene, width).slice(0, room - pictures.length)];
  }
  if (width < BESIDE) {
    const pictures = single(scene, width, Math.max(3, Math.floor(room * 0.55)));
    return [...lines, ...pictures, ...facts(scene, width)].slice(0, height);
  }
  const left = Math.min(Math.floor(width * 0.55), room * 2, width - 38);
  const pictures = single(scene, left, room);
  const beside = facts(scene, width - left - 2);
  const rows = Math.min(room, Math.max(pictures.length, beside.length));
  for (let i = 0; i < rows; i++) lines.push(`${exactly(pictures[i] ?? '', left)}  ${beside[i] ?? ''}`);
  return lines;
}

type OneLayer = Exclude<Layer, 'all'>;

const CAPTIONS: Record<OneLayer, string> = {
  none: 'image',
  truth: 'truth',
  predicted: 'prediction',
  difference: 'difference',
};

/** The layers that are side by side where there is room. */
function layersOf(scene: ImageScene): readonly OneLayer[] {
  return isOfImages(scene) ? heatLayers(scene) : ['truth', 'predicted', 'difference'];
}

function panels(scene: ImageScene, width: number, height: number): string[] {
  const each = Math.floor((width - 4) / 3);
  const columns = Math.min(each, (height - 1) * 2);
  const drawn = layersOf(scene).map((layer) => single({ ...scene, layer }, columns, height));
  const rows = Math.max(...drawn.map((lines) => lines.length));
  return Array.from({ length: rows }, (_, i) => drawn.map((lines) => exactly(lines[i] ?? '', columns)).join('  '));
}

/** A caption and the picture of one layer. */
function single(scene: ImageScene, columns: number, height: number): string[] {
  const { open, theme } = scene;
  const layer = scene.layer === 'all' ? 'difference' : scene.layer;
  const view = open?.view;
  if (!view || view.width === 0) {
    const words = open?.fault || (view ? 'nothing to show: neither image nor annotation can be read' : 'reading ...');
    return wrap(visible(words), columns).map((line) => truncate(line, columns));
  }
  const shown = labelsOf(scene, layer);
  const region = regionOf(scene) ?? { x: 0, y: 0, width: view.width, height: view.height };
  const zoom = region.width < view.width || region.height < view.height;
  const missing = layer !== 'none' && shown === null ? ': there is none' : '';
  const name = isOfImages(scene) ? heatCaption(scene, layer) : `${CAPTIONS[layer]}${missing}`;
  const caption = `${name}${zoom ? `, ${region.width}x${region.height} of ${view.width}x${view.height}` : ''}`;
  const picture = drawPicture(
    {
      image: view.image,
      labels: shown?.labels ?? null,
      overlay: shown?.overlay ?? DIFFERENCE_OVERLAY,
      width: view.width,
      region,
    },
    columns,
    Math.max(1, height - 1),
    theme,
  );
  return [theme.dim(truncate(caption, columns)), ...picture];
}

/** Indices of the classes that a difference is about: beside infections the lung is their ground, as in a run's overlays. */
function focusClasses({ images, header, focus }: ImageScene): number[] {
  const chosen = images.classes[focus]?.index ?? 1;
  const lesions = images.classes.filter(({ index }) => header?.dataset.layout === 'covid-qu-ex' && index >= 2);
  return lesions.some(({ index }) => index === chosen) ? lesions.map(({ index }) => index) : [chosen];
}

function labelsOf(scene: ImageScene, layer: Layer): { labels: Uint8Array; overlay: OverlayStyle } | null {
  const { open, header } = scene;
  if (!open?.view || !header || layer === 'none') return null;
  if (isOfImages(scene)) return heatLabels(scene, layer);
  const { truth, predicted } = open.view;
  const { classes } = header.dataset;
  const focus = focusClasses(scene);
  if (layer === 'difference') {
    if (!truth || !predicted) return null;
    return { labels: differenceMap(truth, predicted, focus, classes.length), overlay: DIFFERENCE_OVERLAY };
  }
  const labels = layer === 'truth' ? truth : predicted;
  return labels && { labels, overlay: classOverlay(classes, focus) };
}

function regionOf(scene: ImageScene): Region | null {
  const view = scene.open?.view;
  if (!scene.zoomed || !view) return null;
  const maps = [view.truth, view.predicted];
  const labels = scene.images.classes.map(({ index }) => index);
  return lesionRegion(maps, view, focusClasses(scene)) ?? lesionRegion(maps, view, labels);
}

/** Classes beyond these would leave no room for findings: the one in focus and the largest ones are shown. */
const MOST_ROWS = 8;
/** Findings above the chosen one that are seen. */
const ABOVE = 2;

interface ClassRow {
  c: number;
  key: string;
}

/** Legend, figures of each class, and findings. */
function facts(scene: ImageScene, width: number): string[] {
  const { open, images, theme, subject, header } = scene;
  if (open === null) return [];
  const { row, view } = open;
  const place = [images.split(row), images.source(row), subject.scores ? images.status(row) : '']
    .filter((word) => word !== '')
    .map(visible);
  const size = view && view.width > 0 ? [`${view.width}x${view.height}`] : [];
  const table = isOfImages(scene) ? answerFigures(scene, width) : figures(scene, width);
  const lines = [truncate([...place, ...size].join(', '), width), ...legend(scene, width), ...table];
  if (view?.record.gate && header?.hybrid) {
    const words = gateWords(view.record.gate, gatedClasses(header.hybrid, header.dataset));
    lines.push(...words.flatMap((text) => wrap(text, width)));
  }
  for (const fault of view?.faults ?? []) {
    lines.push(...wrap(visible(fault), width).map((line) => theme.severity('warning', truncate(line, width))));
  }
  if (open.findings.length > 0) lines.push('');
  const first = Math.max(0, scene.finding - ABOVE);
  if (first > 0) lines.push(theme.dim(`  + ${first} above`));
  open.findings.slice(first).forEach(({ rule, severity, message }, i) => {
    const chosen = first + i === scene.finding;
    const head = `${chosen ? theme.signs.pointer : ' '} ${rule} `;
    const [start, ...more] = wrap(`${severity}: ${visible(message)}`, width - head.length);
    const styled = truncate(start, width - head.length).replace(severity, theme.severity(severity, severity));
    lines.push((chosen ? theme.key(head) : head) + styled);
    lines.push(...more.map((line) => ' '.repeat(head.length) + truncate(line, width - head.length)));
  });
  if (open.findings.length === 0 && view) lines.push('', theme.dim('no rule found anything'));
  return lines;
}

/** What the colours or letters of the layer mean, in words. */
function legend(scene: ImageScene, width: number): string[] {
  const { theme, layer, header, open } = scene;
  if (layer === 'none' || !open?.view || !header) return [];
  const both: readonly Layer[] =
    layer !== 'all' ? [layer] : isOfImages(scene) ? heatLayers(scene) : ['truth', 'difference'];
  const entries = both.flatMap((one) => {
    const shown = labelsOf(scene, one);
    if (!shown) return [];
    const seen = new Set(shown.labels);
    if (layer === 'all' && one === 'truth') for (const label of open.view?.predicted ?? []) seen.add(label);
    return shown.overlay.styles.flatMap((style, label) => (style?.words && seen.has(label) ? [style] : []));
  });
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const { colour, letter, words } of new Set(entries)) {
    const name = visible(words);
    const sign = theme.colours >= 256 ? theme.colour(null, colour, '  ') : theme.colour(colour, null, ` ${letter}`);
    const taken = displayWidth(name) + 5;
    if (used > 0 && used + taken > width) {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += `${sign} ${name}  `;
    used += taken;
  }
  return line === '' ? lines : [...lines, line];
}

function figures({ images, theme, subject, open, focus }: ImageScene, width: number): string[] {
  if (open === null) return [];
  const { row } = open;
  const all = images.classes.map(({ key }, c): ClassRow => ({ c, key: visible(key) }));
  const pixelsOf = ({ c }: ClassRow) =>
    c === focus ? Number.POSITIVE_INFINITY : (images.truth(row, c) ?? 0) + (images.predicted(row, c) ?? 0);
  const rows = all.length <= MOST_ROWS ? all : all.sort((a, b) => pixelsOf(b) - pixelsOf(a)).slice(0, MOST_ROWS - 1);
  const more = images.classes.length - rows.length;
  const pixels = (n: number | null) => (n === null ? '-' : count(n));
  const column = (header: string, expendable: number, cell: (r: ClassRow) => string): Column<ClassRow> => ({
    header,
    expendable,
    cell,
    align: 'end',
  });
  const columns: Column<ClassRow>[] = [
    { ...column('class', 0, ({ key }) => key), align: 'start' },
    column('truth px', 0, ({ c }) => pixels(images.truth(row, c))),
  ];
  if (subject.scores) {
    columns.push(
      column('predicted', 1, ({ c }) => pixels(images.predicted(row, c))),
      column('both', 3, ({ c }) => pixels(images.overlap(row, c)?.tp ?? null)),
      column('IoU', 0, ({ c }) => score(images.iou(row, c))),
      column('outcome', 0, ({ c }) => OUTCOME_WORDS[images.outcome(row, c)]),
      column('highest prob', 2, ({ c }) => images.probability(row, c)?.toFixed(3) ?? '-'),
    );
  }
  const probable = rows.some(({ c }) => images.probability(row, c) !== null);
  const shown = columns.filter(({ header }) => probable || header !== 'highest prob');
  const [header, ...lines] = textTable(shown, rows, width - 2);
  const sign = theme.unicode ? '■' : '*';
  return [
    '',
    theme.dim(`  ${pad(header ?? '', 0)}`),
    ...lines.map((line, i) => `${theme.ofClass(images.classes[rows[i].c].index, sign)} ${line}`),
    ...(more > 0 ? [theme.dim(`  + ${more} more classes with fewer pixels here`)] : []),
  ];
}
