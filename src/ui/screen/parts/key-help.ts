import { displayWidth, pad, wrap } from '../../display-width.js';
import type { Theme } from '../theme.js';

/** Keys and what they do: what footer and help are made from, on whatever screen. */
export interface KeyHelp {
  /** Names as `keyNames` gives them; the first ones are shown. */
  keys: readonly string[];
  /** How many of the keys are shown. */
  shown?: number;
  does: string;
  /** A word or two for the footer; entries without are in the help alone. */
  brief?: string;
  /** Always in the footer, whatever else has no room. */
  vital?: boolean;
}

export interface HelpSection {
  title: string;
  entries: readonly KeyHelp[];
}

/** Where an entry's keys are named by signs, words or letters. */
function shownKeys({ keys, shown = 1 }: KeyHelp, unicode: boolean): string {
  const signs: Record<string, string> = unicode ? { up: '↑', down: '↓', left: '←', right: '→' } : {};
  return keys
    .slice(0, shown)
    .map((key) => signs[key] ?? key)
    .join(' ');
}

/** The keys that work now, as many as fit in one line. */
export function keyLine(entries: readonly KeyHelp[], width: number, theme: Theme): string {
  const here = entries.filter(({ brief }) => brief !== undefined);
  const taken = (entry: KeyHelp) => displayWidth(`${shownKeys(entry, theme.unicode)} ${entry.brief}`) + 2;
  let left = width + 2 - here.filter(({ vital }) => vital).reduce((sum, entry) => sum + taken(entry), 0);
  const shown = here.filter((entry) => {
    if (entry.vital) return true;
    if (taken(entry) > left) return false;
    left -= taken(entry);
    return true;
  });
  return shown.map((entry) => `${theme.key(shownKeys(entry, theme.unicode))} ${entry.brief}`).join('  ');
}

/** Every key and what it does. Lines of at most `width` columns. */
export function keyHelp(sections: readonly HelpSection[], width: number, theme: Theme): string[] {
  return sections.flatMap(({ title, entries }, i) => [
    ...(i > 0 ? [''] : []),
    theme.bold(title),
    ...entries.flatMap((entry) => helpLines(entry, width, theme)),
  ]);
}

const NAMES = 12;

function helpLines(entry: KeyHelp, width: number, theme: Theme): string[] {
  const names = pad(shownKeys(entry, theme.unicode), NAMES);
  const [first, ...more] = wrap(entry.does, Math.max(8, width - NAMES - 2));
  return [`  ${theme.key(names)}${first}`, ...more.map((line) => ' '.repeat(NAMES + 2) + line)];
}
