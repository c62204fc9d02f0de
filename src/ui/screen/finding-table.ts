import type { Finding, Severity } from '../../pipeline/record.js';
import { wordList } from './image-table.js';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Every finding of a run as it came, some hundred bytes each: words that repeat are kept once. */
export function createFindingTable() {
  const rules = wordList();
  const classes = wordList();
  const splits = wordList();
  const sources = wordList();
  const rows: { codes: number; split: number; source: number; image: string; message: string; path: string }[] = [];
  const counts = new Map<string, { rule: string; severity: Severity; findings: number }>();

  return {
    rules: rules.words,
    classes: classes.words,
    splits: splits.words,
    sources: sources.words,
    get size() {
      return rows.length;
    },
    append({ rule, severity, image, split, source, class: key, message, path }: Finding): void {
      const codes = (rules.number(rule) << 16) | (classes.number(key) << 2) | SEVERITIES.indexOf(severity);
      rows.push({
        codes,
        split: splits.number(split),
        source: sources.number(source),
        image,
        message,
        // An image's record has its paths.
        path: image === '' ? path : '',
      });
      const name = `${rule} ${severity}`;
      const count = counts.get(name);
      if (count) count.findings++;
      else counts.set(name, { rule, severity, findings: 1 });
    },
    /** Findings of each rule and severity so far. */
    counts: () => [...counts.values()],
    /** The findings that name an image. */
    about(image: string): Pick<Finding, 'rule' | 'severity' | 'class' | 'message'>[] {
      const found: number[] = [];
      for (let row = 0; row < rows.length; row++) if (rows[row].image === image) found.push(row);
      return found.map((row) => ({
        rule: this.rule(row),
        severity: this.severity(row),
        class: this.class(row),
        message: this.message(row),
      }));
    },
    rule: (row: number): string => rules.words[rows[row].codes >> 16],
    class: (row: number): string => classes.words[(rows[row].codes >> 2) & 0x3fff],
    severity: (row: number): Severity => SEVERITIES[rows[row].codes & 3],
    split: (row: number): string => splits.words[rows[row].split],
    source: (row: number): string => sources.words[rows[row].source],
    /** '' where the finding is about the whole set. */
    image: (row: number): string => rows[row].image,
    message: (row: number): string => rows[row].message,
    /** Of a finding about no image: the file or folder that it names. */
    path: (row: number): string => rows[row].path,
  };
}

export type FindingTable = ReturnType<typeof createFindingTable>;
