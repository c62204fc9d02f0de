import { visible } from '../words/visible-text.js';

/** Markup that was made here and is safe as it stands. */
export interface Html {
  readonly markup: string;
}

/** What may stand between tags or in a quoted attribute; null and false are nothing. */
export type Child = Html | string | number | null | undefined | false | readonly Child[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * A text from data as it may stand in a page, between tags and in quoted attributes alike: no markup, and what a reader could not
 * see or what would turn the text around (controls, bidirectional marks, zero-width characters) as visible escapes.
 */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Tags a template: everything put into it is escaped, unless it is markup that this function made. */
export function html(parts: TemplateStringsArray, ...children: Child[]): Html {
  let markup = parts[0];
  children.forEach((child, i) => {
    markup += rendered(child) + parts[i + 1];
  });
  return { markup };
}

/** Takes a text for markup: for style sheets and drawings that were made here, never for data. */
export function trusted(markup: string): Html {
  return { markup };
}

function rendered(child: Child): string {
  if (child === null || child === undefined || child === false) return '';
  if (typeof child === 'string') return escaped(child);
  if (typeof child === 'number') return String(child);
  return 'markup' in child ? child.markup : child.map(rendered).join('');
}
