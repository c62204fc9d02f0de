import type { ClassSpec } from '../dataset/dataset.js';
import type { Canvas } from './canvas.js';
import { classOutcome, differenceMap } from './difference.js';
import { panelGrid, reduceLabels, reduceMean } from './grid.js';
import { differenceTextures, legendEntries, outcomeLines } from './legend.js';
import { classColour, DIFFERENCES, differenceColours } from './palette.js';
import { enlarge, type LabelStyle } from './panel.js';
import { drawSheet } from './sheet.js';

export interface OverlayRequest {
  /** Gray (width x height) or interleaved RGB (3 x width x height), row-major, 0..255; null where it can't be read. */
  image: Uint8Array | null;
  /** Of all three, in pixels. */
  width: number;
  height: number;
  /** Class indices, width x height; null where there is no annotation or prediction. */
  truth: Uint8Array | null;
  predicted: Uint8Array | null;
  /** In index order, background first; truth labels beyond them are ignored, as in every count. */
  classes: readonly ClassSpec[];
  /** Indices of the classes that the difference is about. */
  focus: readonly number[];
  /** What the picture is of, e.g. the image's id. */
  title: string;
}

type Styles = readonly (LabelStyle | null)[];

const DIFFERENCE_STYLES: Styles = [
  null,
  ...DIFFERENCES.map((name) => ({
    colour: differenceColours[name],
    fill: differenceTextures[name] === 'solid' ? 0.4 : 0.75,
    outline: 1,
    texture: differenceTextures[name],
  })),
];

/** Classes in focus stand out, the others are there for orientation. */
function classStyles(focus: readonly number[], classes: readonly ClassSpec[]): Styles {
  const styles: (LabelStyle | null)[] = [null];
  for (const { index } of classes) {
    if (index === 0) continue;
    const [fill, outline] = focus.includes(index) ? [0.4, 1] : [0.12, 0.8];
    styles[index] = { colour: classColour(index), fill, outline, texture: 'solid' };
  }
  return styles;
}

function checkSizes({ image, width, height, truth, predicted }: OverlayRequest): void {
  const pixels = width * height;
  if (image && image.length !== pixels && image.length !== 3 * pixels) {
    throw new RangeError(`an overlay's image has ${image.length} samples, not ${pixels} or ${3 * pixels}`);
  }
  for (const labels of [truth, predicted]) {
    if (labels && labels.length !== pixels) {
      throw new RangeError(`an overlay's labels have ${labels.length} pixels, the picture ${width}x${height}`);
    }
  }
}

/**
 * Three panels side by side: the image with its annotation, with its prediction, and the difference of the two for the
 * classes in focus; under them the title, what became of each class in focus, and a legend. Pictures up to 256 pixels are
 * enlarged, beyond 1,024 reduced, by whole numbers, and a reduced picture keeps the smallest region in focus. Returns
 * interleaved RGB, the same bytes on every machine. Throws RangeError where sizes don't agree.
 */
export function renderOverlay(request: OverlayRequest): Canvas {
  checkSizes(request);
  const { image, width, height, truth, predicted, classes, focus } = request;
  const grid = panelGrid(width, height);
  const channels = image && image.length > width * height ? 3 : 1;
  const shown = image && enlarge(reduceMean(image, width, height, channels, grid.reduce), grid, channels);
  const reduced = (map: Uint8Array, rank: (label: number) => number) =>
    enlarge(reduceLabels(map, width, height, grid.reduce, rank), grid, 1);
  const focusFirst = (label: number) => (focus.includes(label) ? 256 : 0) + label;

  const difference = truth && predicted ? differenceMap(truth, predicted, focus, classes.length) : null;
  const styles = classStyles(focus, classes);
  const panels: { caption: string; labels: Uint8Array | null; styles: Styles }[] = [
    { caption: truth ? 'truth' : 'truth: none', labels: truth && reduced(truth, focusFirst), styles },
    {
      caption: predicted ? 'prediction' : 'prediction: none',
      labels: predicted && reduced(predicted, focusFirst),
      styles,
    },
    {
      caption: difference ? 'difference' : 'difference: unscored',
      // Of the pixels of a block, what went wrong is worth more than what went well.
      labels: difference && reduced(difference, (value) => value),
      styles: DIFFERENCE_STYLES,
    },
  ];

  const outcomes = focus.map((index) => ({
    name: classes.find((spec) => spec.index === index)?.name ?? String(index),
    counts: classOutcome(truth, predicted, index, classes.length),
  }));
  const wrongClass = difference?.includes(1 + DIFFERENCES.indexOf('wrong class')) ?? false;
  return drawSheet({
    grid,
    image: shown,
    panels,
    words: [request.title, ...outcomeLines(outcomes)],
    legend: legendEntries(classes, wrongClass),
  });
}
