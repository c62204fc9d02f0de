import { displayWidth, pad, wrap } from '../../display-width.js';
import { KEYS, type KeyEntry, shownKeys } from '../key-table.js';
import type { Theme } from '../theme.js';
import type { Place } from '../view-state.js';

const TITLES: readonly [Place, string][] = [
  ['overview', 'Pages'],
  ['findings', 'Lists'],
  ['filter', 'Filter'],
  ['image', 'An image'],
];

/** The keys that work at a place, as many as fit in one line; leaving and help are always among them. */
export function keyLine(place: Place, width: number, theme: Theme): string {
  const here = KEYS.filter(({ places, brief }) => places.includes(place) && brief !== undefined);
  const vital = new Set(['quit', 'help', 'back', 'open']);
  const word = (entry: KeyEntry) => `${shownKeys(entry, theme.unicode)} ${entry.brief}`;
  const shown: KeyEntry[] = [];
  let left =
    width - here.filter(({ action }) => vital.has(action)).reduce((sum, e) => sum + displayWidth(word(e)) + 2, 0);
  for (const entry of here) {
    if (vital.has(entry.action)) shown.push(entry);
    else if (displayWidth(word(entry)) + 2 <= left) {
      shown.push(entry);
      left -= displayWidth(word(entry)) + 2;
    }
  }
  return shown.map((entry) => `${theme.key(shownKeys(entry, theme.unicode))} ${entry.brief}`).join('  ');
}

/** Every key and what it does, by where it works. Lines of at most `width` columns. */
export function keyHelp(width: number, theme: Theme): string[] {
  const lines: string[] = [];
  const said = new Set<KeyEntry>();
  for (const [place, title] of TITLES) {
    const entries = KEYS.filter((entry) => entry.places.includes(place) && !said.has(entry) && entry.places.length < 8);
    if (lines.length > 0) lines.push('');
    lines.push(theme.bold(title), ...entries.flatMap((entry) => helpLines(entry, width, theme)));
    for (const entry of entries) said.add(entry);
  }
  const rest = KEYS.filter((entry) => !said.has(entry));
  return [...lines, '', theme.bold('Everywhere'), ...rest.flatMap((entry) => helpLines(entry, width, theme))];
}

const NAMES = 12;

function helpLines(entry: KeyEntry, width: number, theme: Theme): string[] {
  const names = pad(shownKeys(entry, theme.unicode), NAMES);
  const [first, ...more] = wrap(entry.does, Math.max(8, width - NAMES - 2));
  return [`  ${theme.key(names)}${first}`, ...more.map((line) => ' '.repeat(NAMES + 2) + line)];
}
