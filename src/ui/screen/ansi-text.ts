import { displayWidth } from '../display-width.js';

/** The sequences that a theme writes, and what is between them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const SEQUENCE = /\u001b\[[0-9;]*m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const TOKEN = /\u001b\[[0-9;]*m|[^\u001b]+/g;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text without its styles. */
export function unstyled(line: string): string {
  return line.includes('\u001b') ? line.replace(SEQUENCE, '') : line;
}

/** Columns that a styled line takes. */
export function styledWidth(line: string): number {
  return displayWidth(unstyled(line));
}

/** A styled line with spaces behind it, or cut, so that it takes exactly `width` columns. */
export function exactly(line: string, width: number): string {
  const taken = styledWidth(line);
  if (taken > width) return cut(line, width);
  return taken === width ? line : line + ' '.repeat(width - taken);
}

/** Sequences behind the cut stay: they end the styles before it. */
function cut(line: string, width: number): string {
  let kept = '';
  let room = width;
  for (const token of line.match(TOKEN) ?? []) {
    if (token.startsWith('\u001b')) kept += token;
    else if (room > 0) {
      for (const { segment } of segmenter.segment(token)) {
        const cells = displayWidth(segment);
        // A character of two columns can leave one that no later one may take.
        kept += cells <= room ? segment : ' '.repeat(room);
        room = Math.max(0, room - cells);
        if (room === 0) break;
      }
    }
  }
  return kept;
}
