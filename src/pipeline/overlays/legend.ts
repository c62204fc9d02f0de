import type { ClassSpec } from '../dataset/dataset.js';
import { GLYPH_HEIGHT, GLYPH_WIDTH } from './bitmap-font.js';
import { type Canvas, drawText, fillRect, textWidth } from './canvas.js';
import type { ClassOutcome } from './difference.js';
import { classColour, DIFFERENCES, type Difference, differenceColours, type Rgb } from './palette.js';
import { covers, type Texture } from './panel.js';

export const PAPER: Rgb = [24, 24, 24];
export const INK: Rgb = [240, 240, 240];
export const FAINT: Rgb = [170, 170, 170];

/** Canvas pixels a font pixel, the height of a line of text, and the space around things. */
export const LETTERS = 2;
export const LINE = (GLYPH_HEIGHT + 3) * LETTERS;
export const MARGIN = 8;
const BOX = GLYPH_HEIGHT * LETTERS;
const AFTER_BOX = 3 * LETTERS;

/** A picture of a dataset with many classes has no room for a line each. */
const MOST_OUTCOMES = 5;

export const differenceTextures: Readonly<Record<Difference, Texture>> = {
  hit: 'solid',
  missed: 'stripes',
  'false alarm': 'dots',
  'wrong class': 'stripes',
};

export interface LegendEntry {
  colour: Rgb;
  texture: Texture;
  words: string;
}

/** Every class but background, and what a difference can be; `wrong class` only where it occurs. */
export function legendEntries(classes: readonly ClassSpec[], wrongClass: boolean): LegendEntry[] {
  const named = classes
    .filter(({ index }) => index > 0)
    .map(({ index, name }) => ({ colour: classColour(index), texture: 'solid' as const, words: name }));
  const differences = DIFFERENCES.filter((name) => name !== 'wrong class' || wrongClass).map((name) => ({
    colour: differenceColours[name],
    texture: differenceTextures[name],
    words: name,
  }));
  return [...named, ...differences];
}

/** `COVID-19: miss, IoU 0.0000 (0 px hit, 412 px missed, 0 px false alarm)`: what the picture shows, in words. */
function outcomeWords(name: string, { outcome, tp, fp, fn, iou }: ClassOutcome): string {
  const pixels = `${tp} px hit, ${fn} px missed, ${fp} px false alarm`;
  return `${name}: ${outcome.replace('_', ' ')}, IoU ${iou === null ? '-' : iou.toFixed(4)} (${pixels})`;
}

/** A line for each class in focus that either map has; one for an image without any, or one that is unscored. */
export function outcomeLines(outcomes: readonly { name: string; counts: ClassOutcome | null }[]): string[] {
  const lines: string[] = [];
  for (const { name, counts } of outcomes) {
    if (counts && counts.outcome !== 'empty') lines.push(outcomeWords(name, counts));
  }
  if (lines.length > MOST_OUTCOMES) {
    return [...lines.slice(0, MOST_OUTCOMES - 1), `+ ${lines.length - MOST_OUTCOMES + 1} more classes`];
  }
  if (lines.length > 0) return lines;
  const names = outcomes.map(({ name }) => name).join(', ');
  return outcomes.length === 0
    ? []
    : [`${names}: ${outcomes.some(({ counts }) => counts) ? 'in neither mask' : 'unscored'}`];
}

/** A text cut at its end to what fits a width, with two dots for what is left out: the font has no ellipsis. */
export function fitted(text: string, width: number): string {
  const room = Math.floor((width / LETTERS + 1) / (GLYPH_WIDTH + 1));
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(0, room - 2)).join('')}..`;
}

const entryWidth = ({ words }: LegendEntry) => BOX + AFTER_BOX + textWidth(words, LETTERS) + 3 * MARGIN;

/** The entries in as many lines as they need. */
export function legendLines(entries: readonly LegendEntry[], width: number): LegendEntry[][] {
  const lines: LegendEntry[][] = [[]];
  let used = 0;
  for (const entry of entries) {
    const size = entryWidth(entry);
    if (used > 0 && used + size > width) {
      lines.push([]);
      used = 0;
    }
    lines[lines.length - 1].push(entry);
    used += size;
  }
  return lines;
}

/** Draws a line of coloured boxes and their words. */
export function drawLegend(target: Canvas, left: number, top: number, entries: readonly LegendEntry[]): void {
  let x = left;
  for (const entry of entries) {
    fillRect(target, x, top, BOX, BOX, entry.colour);
    for (let row = 2; row < BOX - 2; row++) {
      for (let column = 2; column < BOX - 2; column++) {
        if (!covers(entry.texture, column, row)) fillRect(target, x + column, top + row, 1, 1, PAPER);
      }
    }
    drawText(target, x + BOX + AFTER_BOX, top + LETTERS / 2, entry.words, INK, LETTERS);
    x += entryWidth(entry);
  }
}
