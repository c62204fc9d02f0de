import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import { UsageError } from '../errors.js';
import type { Finding, Severity } from '../record.js';
import { RULE_PAGES, RULES } from './registry.js';
import type { Rule, TrainingRule } from './rule.js';
import { list } from './wording.js';

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/**
 * The rules that are on, in order. A rule is on where a `select` prefix fits it (null: all do) and no `ignore` prefix that is as
 * long or longer does: the more exact one wins, so `--ignore D --select D007` leaves D007 on. `ALL` fits every rule.
 * @throws UsageError for a prefix that fits no rule
 */
export function selectRules(select: readonly string[] | null, ignore: readonly string[]): Rule[] {
  const selected = longestPrefixes(select ?? ['ALL']);
  const ignored = longestPrefixes(ignore);
  return RULES.filter(({ code }) => (selected.get(code) ?? -1) > (ignored.get(code) ?? -1));
}

/** Those of some rules that an audit of a dataset runs: about pixels all but a training's, about images those that say so. */
export function rulesFor(dataset: DatasetSpec, rules: readonly Rule[]): Rule[] {
  return rules.filter((rule) => rule.scope !== 'training' && speaksOf(dataset, rule));
}

/** Those of some rules that a training on a dataset runs. */
export function trainingRulesFor(dataset: DatasetSpec, rules: readonly Rule[]): TrainingRule[] {
  return rules.filter((rule): rule is TrainingRule => rule.scope === 'training' && speaksOf(dataset, rule));
}

const speaksOf = (dataset: DatasetSpec, { ofImages }: Rule) => !isImageLevel(dataset) || ofImages !== undefined;

/**
 * Severities by rule code from the configuration's, whose keys may be prefixes (a longer one wins).
 * @throws UsageError for a prefix that fits no rule
 */
export function severitiesByCode(configured: Readonly<Record<string, Severity>>): Record<string, Severity> {
  const byCode: Record<string, Severity> = {};
  const prefixes = Object.keys(configured).sort((a, b) => prefixLength(a) - prefixLength(b));
  for (const prefix of prefixes) for (const code of rulesOf(prefix)) byCode[code] = configured[prefix];
  return byCode;
}

/**
 * Whether a finding is one that `--fail-on` names: a rule code or prefix, a severity (that one or a graver one), or `none`.
 * @throws UsageError for a value that is none of these
 */
export function failsOn(values: readonly string[]): (finding: Pick<Finding, 'rule' | 'severity'>) => boolean {
  const codes = new Set<string>();
  let least = SEVERITIES.length;
  for (const value of values) {
    const word = value.trim().toLowerCase();
    const grade = SEVERITIES.indexOf(word as Severity);
    if (grade >= 0) least = Math.min(least, grade);
    else if (word !== 'none') for (const code of rulesOf(value)) codes.add(code);
  }
  return ({ rule, severity }) => codes.has(rule) || SEVERITIES.indexOf(severity) >= least;
}

/** Whether a finding belongs to a selection of class keys; one about no class always does. */
export function concernsClasses(keys: Iterable<string>): (finding: { class?: string }) => boolean {
  const wanted = new Set(keys);
  return (finding) => !finding.class || wanted.has(finding.class);
}

/**
 * Codes that begin with a prefix (`D`, `L00`, `P001`, `ALL`; case does not matter), at least one.
 * @throws UsageError where there is none, with what was probably meant
 */
export function rulesOf(prefix: string): string[] {
  const wanted = normalise(prefix);
  const codes = [...RULE_PAGES.keys()];
  if (wanted === 'ALL') return codes;
  const found = wanted === '' ? [] : codes.filter((code) => code.startsWith(wanted));
  if (found.length > 0) return found;
  const meant = probableCode(wanted, codes);
  const known = `ules are ${ranges(codes)}`;
  const asked = `unknown rule ${JSON.stringify(prefix)}`;
  throw new UsageError(meant === null ? `${asked}; r${known}` : `${asked}; did you mean ${meant}? R${known}`);
}

function normalise(prefix: string): string {
  return prefix.trim().toUpperCase();
}

function prefixLength(prefix: string): number {
  const wanted = normalise(prefix);
  return wanted === 'ALL' ? 0 : wanted.length;
}

function longestPrefixes(prefixes: readonly string[]): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const prefix of prefixes) {
    const length = prefixLength(prefix);
    for (const code of rulesOf(prefix)) lengths.set(code, Math.max(length, lengths.get(code) ?? 0));
  }
  return lengths;
}

/** Reads `P1`, `p01`, `L0003` and `D-007` as the codes they are; else the nearest number of the same letter. */
function probableCode(wanted: string, codes: readonly string[]): string | null {
  const parts = /^([A-Z])\W*0*(\d+)$/.exec(wanted.replaceAll('O', '0'));
  if (parts === null) return null;
  const family = codes.filter((code) => code.startsWith(parts[1]));
  const number = Number(parts[2]);
  const distance = (code: string) => Math.abs(Number(code.slice(1)) - number);
  return family.length === 0 ? null : family.reduce((best, code) => (distance(code) < distance(best) ? code : best));
}

/** `D001-D011, L001-L009, P001-P005 and P007`. */
function ranges(codes: readonly string[]): string {
  const runs: string[][] = [];
  for (const code of codes) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const follows = last !== undefined && last[0] === code[0] && Number(last.slice(1)) + 1 === Number(code.slice(1));
    if (run !== undefined && follows) run.push(code);
    else runs.push([code]);
  }
  return list(runs.map((run) => (run.length === 1 ? run[0] : `${run[0]}-${run.at(-1)}`)));
}
