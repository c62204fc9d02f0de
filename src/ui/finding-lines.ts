import type { Finding, Severity } from '../pipeline/record.js';
import { count, counted } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';
import type { Colours } from './colours.js';
import { pad, truncate } from './display-width.js';

export interface RuleCount {
  rule: string;
  severity: Severity;
  findings: number;
}

/** Columns of a message below which it says nothing. */
const LEAST_TEXT = 12;

const ORDER: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** `41 errors, 3 warnings`, nothing where there is none; infos are named too. */
export function severityCounts(counts: Readonly<Record<Severity, number>>): string {
  const words: [Severity, string][] = [
    ['error', 'errors'],
    ['warning', 'warnings'],
    ['info', 'infos'],
  ];
  return words
    .filter(([severity]) => counts[severity] > 0)
    .map(([severity, plural]) => counted(counts[severity], severity, plural))
    .join(', ');
}

/** Findings by severity from those by rule. */
export function bySeverity(counts: readonly RuleCount[]): Record<Severity, number> {
  const sums: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity, findings } of counts) sums[severity] += findings;
  return sums;
}

/** Errors first, then the most frequent. */
export function worstRules(counts: readonly RuleCount[]): RuleCount[] {
  return counts
    .filter(({ findings }) => findings > 0)
    .sort(
      (a, b) => ORDER[a.severity] - ORDER[b.severity] || b.findings - a.findings || a.rule.localeCompare(b.rule, 'en'),
    );
}

/** A single finding is told as it is, with its image; several by what the rule finds. */
function wording(entry: RuleCount, titles: Readonly<Record<string, string>>, examples: readonly Finding[]): string {
  const example = examples.find(({ rule, severity }) => rule === entry.rule && severity === entry.severity);
  const title = titles[entry.rule];
  if (example && (entry.findings === 1 || title === undefined)) {
    const where = example.image || example.path;
    const message = visible(example.message);
    return where === '' || message.includes(visible(where)) ? message : `${visible(where)}: ${message}`;
  }
  return visible(title ?? '');
}

/**
 * A line for each rule that found something: code, severity, how many, what. At most `lines` of `width` columns; the last
 * one says how many rules are left out.
 */
export function findingLines(
  counts: readonly RuleCount[],
  titles: Readonly<Record<string, string>>,
  examples: readonly Finding[],
  { width, lines, colours }: { width: number; lines: number; colours: Colours },
): string[] {
  const rules = worstRules(counts);
  const shown = rules.slice(0, Math.max(0, lines));
  const hidden = rules.length - shown.length;
  const more = hidden > 0 ? ` (+ ${counted(hidden, 'more rule')})` : '';
  const figures = Math.max(...shown.map(({ findings }) => count(findings).length), 0);
  const words = Math.max(...shown.map(({ severity }) => severity.length), 0);
  return shown.map((entry, i) => {
    const head = `${entry.rule} ${pad(entry.severity, words)} ${pad(count(entry.findings), figures, 'end')} `;
    const end = i === shown.length - 1 && width - head.length - more.length >= LEAST_TEXT ? more : '';
    const text = truncate(wording(entry, titles, examples), Math.max(LEAST_TEXT, width - head.length - end.length));
    return (head.replace(entry.severity, colours[entry.severity](entry.severity)) + text + end).trimEnd();
  });
}
