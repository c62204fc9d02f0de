import { displayWidth } from '../display-width.js';
import type { TextOutput } from '../text-output.js';

/** The alternate screen keeps what was there; without line wrap a wrong width can't shift the rows below. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
/** Terminals that know it show a frame when it is whole; the others ignore it. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

/** Signs whose width all terminals agree on; of a row with others some columns may stay as they were, unless it is erased first. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are signs of no width
const SURE = /^[\u001b\x20-\x7e\u00a1-\u00ff\u2026\u2190-\u2193\u2500-\u25ff\u2800-\u28ff]*$/;

export interface Painter {
  /** Takes the terminal, or takes it anew where something else has had it. The next frame is written whole. */
  enter(): void;
  /**
   * Shows a frame: rows from the top, each exactly as wide as the window or empty. Only rows that differ from what is there
   * are written, and erased first only where a name has signs of doubtful width, so nothing flickers.
   */
  paint(rows: readonly string[], columns: number, height: number): void;
  /** The next frame is written whole: something else has written to the terminal. */
  forget(): void;
  /** Gives the terminal back as it was. Call it on every way out; nothing is written until it is taken again. */
  leave(): void;
}

/** `unicode` false: signs that are no ASCII become ones that take as many columns. */
export function createPainter(output: TextOutput, { unicode }: { unicode: boolean }): Painter {
  let shown: string[] = [];
  let size = '';
  let taken = false;
  return {
    enter() {
      output.write(ENTER);
      taken = true;
      size = '';
    },
    paint(rows, columns, height) {
      if (!taken) return;
      let text = '';
      if (size !== `${columns}x${height}`) {
        if (size !== '') text += '\u001b[2J';
        shown = [];
        size = `${columns}x${height}`;
      }
      for (let y = 0; y < height; y++) {
        const row = unicode ? (rows[y] ?? '') : toAscii(rows[y] ?? '');
        if (row === (shown[y] ?? '')) continue;
        const erase = row === '' || !SURE.test(row) ? '\u001b[K' : '';
        text += `\u001b[${y + 1};1H${erase}${row}`;
        shown[y] = row;
      }
      if (text !== '') output.write(BEGIN + text + END);
    },
    forget() {
      size = ' ';
    },
    leave() {
      if (taken) output.write(LEAVE);
      taken = false;
    },
  };
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function toAscii(row: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  return row.replace(/[^\u0000-\u007f]+/g, (run) => {
    let ascii = '';
    for (const { segment } of segmenter.segment(run))
      ascii += segment === '…' ? '~' : '?'.repeat(displayWidth(segment));
    return ascii;
  });
}
