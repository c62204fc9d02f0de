import type { Theme } from '../theme.js';

/** The names of a screen's pages, the chosen one reversed and in brackets; where that is too wide, the others' first letters. */
export function tabLine<Page extends string>(
  tabs: readonly (readonly [Page, string])[],
  chosen: Page,
  width: number,
  theme: Theme,
): string {
  const plain = tabs.map(([page, name]) => (page === chosen ? `[${name}]` : ` ${name} `));
  if (plain.join(' ').length > width) {
    return tabs.map(([page, name]) => (page === chosen ? theme.chosen(`[${name}]`) : ` ${name[0]} `)).join('');
  }
  return plain.map((text, i) => (tabs[i][0] === chosen ? theme.chosen(text) : text)).join(' ');
}
