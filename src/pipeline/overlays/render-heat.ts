import type { Canvas } from './canvas.js';
import { panelGrid, reduceLabels, reduceMean } from './grid.js';
import { HEAT_COLOURS, HEAT_LEVELS, heatOpacity, LUNG_EDGE } from './heat.js';
import type { LegendEntry } from './legend.js';
import { OKABE_ITO } from './palette.js';
import { enlarge, type LabelStyle } from './panel.js';
import { drawSheet } from './sheet.js';

export interface HeatRequest {
  /** Gray, width x height; null where it can't be read. */
  image: Uint8Array | null;
  width: number;
  height: number;
  /** As `drawableHeat` makes them, width x height. */
  heat: readonly { caption: string; map: Uint8Array }[];
  /** Lines under the pictures, the first of them its title. */
  words: readonly string[];
}

/** By the values of a heat map that is drawn. Levels have no outlines: between them there is no border. */
const STYLES: readonly (LabelStyle | null)[] = [
  null,
  ...HEAT_COLOURS.map((colour, i): LabelStyle => {
    const fill = heatOpacity(i + 1);
    return { colour, fill, outline: fill, texture: 'solid' };
  }),
  { colour: OKABE_ITO.skyBlue, fill: 0.9, outline: 0.9, texture: 'solid' },
];

const LEGEND: readonly LegendEntry[] = [
  { colour: HEAT_COLOURS[0], texture: 'solid', words: 'some heat' },
  { colour: HEAT_COLOURS[HEAT_LEVELS - 1], texture: 'solid', words: 'the most' },
];
const LUNGS: LegendEntry = { colour: OKABE_ITO.skyBlue, texture: 'solid', words: 'edge of the lungs' };

/** The picture alone, and with the heat of each class over it, side by side. */
export function renderHeat({ image, width, height, heat, words }: HeatRequest): Canvas {
  const grid = panelGrid(width, height);
  const large = (values: Uint8Array) => enlarge(values, grid, 1);
  const panels = heat.map(({ caption, map }) => ({
    caption,
    labels: large(reduceLabels(map, width, height, grid.reduce, (value) => value)),
    styles: STYLES,
  }));
  const hasLungs = heat.some(({ map }) => map.includes(LUNG_EDGE));
  return drawSheet({
    grid,
    image: image && large(reduceMean(image, width, height, 1, grid.reduce)),
    panels: [{ caption: 'image', labels: null, styles: [] }, ...panels],
    words,
    legend: heat.length === 0 ? [] : [...LEGEND, ...(hasLungs ? [LUNGS] : [])],
  });
}
