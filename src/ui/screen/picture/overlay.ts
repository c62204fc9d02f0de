import type { ClassSpec } from '../../../pipeline/dataset/dataset.js';
import { HEAT_COLOURS, HEAT_LEVELS, heatOpacity } from '../../../pipeline/overlays/heat.js';
import { differenceTextures } from '../../../pipeline/overlays/legend.js';
import {
  classColour,
  DIFFERENCES,
  differenceColours,
  OKABE_ITO,
  type Rgb,
} from '../../../pipeline/overlays/palette.js';
import type { Texture } from '../../../pipeline/overlays/panel.js';

/** How the dots of one label look. */
export interface DotStyle {
  colour: Rgb;
  /** Share of the colour over the image, 0..1. */
  fill: number;
  /** Tells regions apart without colour, as in the overlays of a run. */
  texture: Texture;
  /** In its place on a terminal that has letters alone. */
  letter: string;
  /** '' for what no legend names. */
  words: string;
}

/** Styles by label; a label without one leaves the image as it is. `rank`: which label of a dot's pixels is seen. */
export interface OverlayStyle {
  styles: readonly (DotStyle | undefined)[];
  rank: Uint16Array;
}

/** A letter for each class that is no other's: of its key, else of the alphabet. */
export function classLetters(classes: readonly ClassSpec[]): string[] {
  const taken = new Set<string>();
  return classes.map(({ key, index }) => {
    if (index === 0) return ' ';
    const candidates = [...key.toUpperCase(), ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
    const letter = candidates.find((sign) => /[A-Z0-9]/.test(sign) && !taken.has(sign)) ?? '?';
    taken.add(letter);
    return letter;
  });
}

/** Label maps as they are: classes in focus stand out, the others are there for orientation. */
export function classOverlay(classes: readonly ClassSpec[], focus: readonly number[]): OverlayStyle {
  const letters = classLetters(classes);
  const styles: (DotStyle | undefined)[] = [];
  const rank = new Uint16Array(256);
  for (const { index, name } of classes) {
    const inFocus = focus.includes(index);
    rank[index] = (inFocus ? 256 : 0) + index;
    if (index === 0) continue;
    styles[index] = {
      colour: classColour(index),
      fill: inFocus ? 0.55 : 0.25,
      texture: 'solid',
      letter: letters[index],
      words: name,
    };
  }
  return { styles, rank };
}

const DIFFERENCE_LETTERS = ['=', 'M', 'F', 'W'];
const DIFFERENCE_FILLS = [0.4, 0.85, 0.85, 0.85];

/** Difference maps: of a dot's pixels what went wrong is worth more than what went well. */
export const DIFFERENCE_OVERLAY: OverlayStyle = {
  styles: [
    undefined,
    ...DIFFERENCES.map((name, i) => ({
      colour: differenceColours[name],
      fill: DIFFERENCE_FILLS[i],
      texture: differenceTextures[name],
      letter: DIFFERENCE_LETTERS[i],
      words: name,
    })),
  ],
  rank: Uint16Array.from({ length: 256 }, (_, value) => value),
};

/** What the legend says of the levels of a heat map: the coolest and the hottest. */
const HEAT_WORDS: Readonly<Record<number, string>> = { 1: 'some heat', [HEAT_LEVELS]: 'the most' };

/** Heat maps that are drawn: the hottest of a dot's pixels is seen, and the lungs' outline over it. */
export const HEAT_OVERLAY: OverlayStyle = {
  styles: [
    undefined,
    ...HEAT_COLOURS.map((colour, i) => ({
      colour,
      fill: heatOpacity(i + 1),
      texture: 'solid' as const,
      letter: String(i + 1),
      words: HEAT_WORDS[i + 1] ?? '',
    })),
    { colour: OKABE_ITO.skyBlue, fill: 0.8, texture: 'solid', letter: 'L', words: 'edge of the lungs' },
  ],
  rank: Uint16Array.from({ length: 256 }, (_, value) => value),
};
