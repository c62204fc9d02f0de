import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphBit } from './bitmap-font.js';
import type { Rgb } from './palette.js';

/** An RGB picture, interleaved, row-major, 8 bits a sample. */
export interface Canvas {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A canvas of one colour. */
export function canvas(width: number, height: number, [r, g, b]: Rgb): Canvas {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) {
    data[i] = r;
    data[i + 1] = g;
    data[i + 2] = b;
  }
  return { width, height, data };
}

/** Mixes a colour into one pixel: `opacity` 1 replaces it. */
export function blend(target: Canvas, x: number, y: number, [r, g, b]: Rgb, opacity: number): void {
  const i = (y * target.width + x) * 3;
  const { data } = target;
  data[i] += Math.round((r - data[i]) * opacity);
  data[i + 1] += Math.round((g - data[i + 1]) * opacity);
  data[i + 2] += Math.round((b - data[i + 2]) * opacity);
}

/** Fills a rectangle, cut at the canvas's edges. */
export function fillRect(target: Canvas, x: number, y: number, width: number, height: number, colour: Rgb): void {
  for (let row = Math.max(0, y); row < Math.min(target.height, y + height); row++) {
    for (let col = Math.max(0, x); col < Math.min(target.width, x + width); col++) blend(target, col, row, colour, 1);
  }
}

/** Columns that a text takes at a scale, the gap after the last character not counted. */
export function textWidth(text: string, scale: number): number {
  const characters = [...text].length;
  return characters === 0 ? 0 : (characters * (GLYPH_WIDTH + 1) - 1) * scale;
}

/** Writes a text with its upper left corner at (x, y); what lies outside the canvas is left out. */
export function drawText(target: Canvas, x: number, y: number, text: string, colour: Rgb, scale: number): void {
  let left = x;
  for (const character of text) {
    for (let row = 0; row < GLYPH_HEIGHT; row++) {
      for (let col = 0; col < GLYPH_WIDTH; col++) {
        if (glyphBit(character, col, row)) fillRect(target, left + col * scale, y + row * scale, scale, scale, colour);
      }
    }
    left += (GLYPH_WIDTH + 1) * scale;
  }
}
