import { visible } from '../../../pipeline/words/visible-text.js';
import { displayWidth } from '../../display-width.js';
import type { Theme } from '../theme.js';

/** A class's sign in its colour; background has none. */
export const swatch = (theme: Theme, index: number): string =>
  index === 0 ? ' ' : theme.ofClass(index, theme.unicode ? '■' : '*');

/** Columns of a class's name beside its bars: a quarter of them, within these. */
const NAME = { least: 14, most: 24 };

/** Room for the names of classes in a part of a width. */
export function nameRoom(classes: readonly { key: string }[], width: number): number {
  const widest = Math.max(...classes.map(({ key }) => displayWidth(visible(key))), 'class'.length);
  return Math.min(widest, NAME.most, Math.max(NAME.least, Math.floor(width / 4)));
}
