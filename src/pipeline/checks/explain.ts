import { UsageError } from '../errors.js';
import { RULE_PAGES } from './registry.js';
import type { RulePage } from './rule.js';
import { rulesOf } from './select.js';

/** A piece of a rule's page: running text, or a line to be kept as it is (a command after `$`, or a line of configuration). */
export interface PageBlock {
  kind: 'text' | 'command' | 'config';
  text: string;
}

/** Splits a section of a page (`what`, `why`, `fix`) into its blocks: paragraphs are set apart by empty lines. */
export function pageBlocks(section: string): PageBlock[] {
  return section
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => {
      const text = paragraph.replace(/\s*\n\s*/g, ' ').trim();
      if (text.startsWith('$ ')) return { kind: 'command', text: text.slice(2) };
      return { kind: text.startsWith('{') ? 'config' : 'text', text };
    });
}

/**
 * The pages that a code or prefix names, as plain text of at most `width` columns (commands and configuration may be longer),
 * without a final line break.
 * @throws UsageError for an unknown code
 */
export function explainRules(prefix: string, width = 80): string {
  return rulesOf(prefix)
    .map((code) => pageText(RULE_PAGES.get(code)!, width))
    .join('\n\n\n');
}

/**
 * The page of one code.
 * @throws UsageError where the code is not exactly one rule's
 */
export function rulePage(code: string): RulePage {
  const [first, ...more] = rulesOf(code);
  if (more.length > 0)
    throw new UsageError(`${code} is the beginning of several rules: ${[first, ...more].join(', ')}`);
  return RULE_PAGES.get(first)!;
}

/** What each rule finds, one line, by code: of pixels, or of images as a whole. */
export function titlesOf(ofImages: boolean): Record<string, string> {
  const titleOf = ({ title, ofImages: page }: RulePage) => (ofImages && page?.title) || title;
  return Object.fromEntries([...RULE_PAGES].map(([code, page]) => [code, titleOf(page)]));
}

/** Every rule on a line of its own: code, severity, title; titles are cut to the width. */
export function listRules(width = 80): string {
  return [...RULE_PAGES.values()]
    .map(({ code, severity, title }) => {
      const line = `${code}  ${severity.padEnd('warning'.length)}  ${title}`;
      return line.length > width ? `${line.slice(0, Math.max(0, width - 3)).trimEnd()}...` : line;
    })
    .join('\n');
}

function pageText({ code, severity, title, what, ofImages, why, fix }: RulePage, width: number): string {
  const sections = [
    ['What it compares', what],
    ['Of images as a whole', ofImages?.what ?? null],
    ['Why it matters', why],
    ['How to mend it', fix],
  ] as const;
  const parts = sections.flatMap(([heading, section]) => {
    if (section === null) return [];
    // A heading stands directly above its first paragraph.
    return [
      `${heading}\n${pageBlocks(section)
        .map((block) => blockText(block, width))
        .join('\n\n')}`,
    ];
  });
  return [wrapText(`${code} (${severity}): ${title}`, width, ''), ...parts].join('\n\n');
}

function blockText({ kind, text }: PageBlock, width: number): string {
  if (kind === 'text') return wrapText(text.replaceAll('`', ''), width, '  ');
  return kind === 'command' ? `    $ ${text}` : `    ${text}`;
}

function wrapText(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  lines.push(line);
  return lines.join('\n');
}
