import { displayWidth, truncate } from '../../display-width.js';
import type { Theme } from '../theme.js';

/** The line above a part of the screen: its name, what is said of it, and a rule to the end. `lit`: keys go here. */
export function heading(name: string, about: string, width: number, theme: Theme, lit = false): string {
  const { rule, pointer } = theme.signs;
  const start = lit ? `${pointer} ` : `${rule}${rule} `;
  const title = truncate(name, Math.max(0, width - start.length));
  const room = width - displayWidth(start) - displayWidth(title);
  const words = room > 4 && about !== '' ? truncate(`  ${about}`, room) : '';
  const rest = room - displayWidth(words);
  const line = rest > 1 ? ` ${rule.repeat(rest - 1)}` : ' '.repeat(Math.max(0, rest));
  return (lit ? theme.key(start) : theme.dim(start)) + theme.bold(title) + words + theme.dim(line);
}
