import type { DatasetSpec } from '../dataset/dataset.js';
import type { Finding, ImageFinding, ImageRecord, Severity } from '../record.js';
import type { Summary } from '../summary.js';
import { toSetFinding } from './findings.js';
import type { Rule, ScoreRule, SetRule } from './rule.js';
import { concernsClasses } from './select.js';
import { sharedBy } from './shared.js';

/** What decides which findings a run makes and how grave they are. */
export interface RuleSettings {
  dataset: DatasetSpec;
  rules: readonly Rule[];
  /** Severities that replace the rules' own. */
  severity: Record<string, Severity>;
  /** Keys of the classes that findings may be about. */
  classes: readonly string[];
}

/** Runs the rules about the whole set over records in the order of images.csv. */
export function startSetRules({ dataset, rules, severity, classes }: RuleSettings) {
  const shared = sharedBy(dataset);
  const running = rules
    .filter((rule): rule is SetRule => rule.scope === 'set')
    .map((rule) => ({ rule, accumulator: rule.start(dataset, shared) }));
  return {
    add(record: ImageRecord): void {
      for (const { accumulator } of running) accumulator.add(record);
    },
    finish(): Finding[] {
      return running.flatMap(({ rule, accumulator }) =>
        [...accumulator.finish()]
          .filter(concernsClasses(classes))
          .map((report) => toSetFinding(report, rule.severity, severity)),
      );
    },
  };
}

/** Runs the rules about the scores over a finished summary. */
export function judgeScores(summary: Summary, { dataset, rules, severity, classes }: RuleSettings): Finding[] {
  return rules
    .filter((rule): rule is ScoreRule => rule.scope === 'scores')
    .flatMap((rule) =>
      [...rule.check(summary, dataset)]
        .filter(concernsClasses(classes))
        .map((report) => toSetFinding(report, rule.severity, severity)),
    );
}

/** Findings by the image that they name; those that name none are left out. */
export function byImage(findings: readonly Finding[]): Map<string, ImageFinding[]> {
  const grouped = new Map<string, ImageFinding[]>();
  for (const finding of findings) {
    if (finding.image === '') continue;
    const of = grouped.get(finding.image);
    if (of) of.push(finding);
    else grouped.set(finding.image, [finding]);
  }
  return grouped;
}
