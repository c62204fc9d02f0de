import { counted } from '../../../pipeline/words/figures.js';
import type { Theme } from '../theme.js';
import { heading } from './heading.js';
import { scrolled } from './scrolled.js';

/** Text that is easy to read is no wider. */
export const WIDEST_TEXT = 96;

/** A page of text from the line that it is scrolled to, under its name. */
export function drawTextPage(
  title: string,
  lines: readonly string[],
  { scroll, width, height }: { scroll: number; width: number; height: number },
  theme: Theme,
): string[] {
  const { seen, below } = scrolled(lines, scroll, height - 1);
  const about = below > 0 ? `${counted(below, 'more line')} below` : '';
  return [heading(title, about, width, theme, true), ...seen];
}
