import type { TextOutput } from './text-output.js';

/** At most ten draws a second: calm to look at, and cheap over a slow connection. */
const DRAW_MS = 100;
const ERASE = '\r\u001b[K';

/**
 * A line that is drawn over and over and leaves nothing behind.
 * @param shorten brings the line to the window, as wide as it is at that draw
 */
export function liveLine(output: TextOutput, now: () => number, shorten: (line: string) => string = (line) => line) {
  let line = '';
  let drawn = Number.NEGATIVE_INFINITY;
  const draw = () => output.write(`\r${shorten(line)}\u001b[K`);
  return {
    /** Whether the last draw is long enough ago. */
    due: () => now() - drawn >= DRAW_MS,
    show(text: string): void {
      drawn = now();
      line = text;
      draw();
    },
    /** A line that stays. */
    say(text: string): void {
      output.write(`${line === '' ? '' : ERASE}${text}\n`);
      if (line !== '') draw();
    },
    finish(): void {
      if (line !== '') output.write(ERASE);
      line = '';
    },
  };
}
