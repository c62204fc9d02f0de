import { toSetFinding } from './checks/findings.js';
import type { LayoutRule, Rule } from './checks/rule.js';
import { byImage, judgeScores, type RuleSettings, startSetRules } from './checks/set-rules.js';
import type { DatasetSpec } from './dataset/dataset.js';
import { isImageLevel } from './dataset/image-level.js';
import type { HybridSettings } from './engines/hybrid/settings.js';
import { startHybridTally } from './metrics/hybrid/hybrid-tally.js';
import { startSummary } from './metrics/summary.js';
import type { Peek } from './progress.js';
import type { Finding, ImageRecord, Severity } from './record.js';
import type { ReportTally } from './report/figures.js';
import type { RunResult } from './requests.js';
import type { RunTables } from './sinks/run-tables.js';
import type { Discovery } from './stages/discover.js';
import type { Summary } from './summary.js';

export interface JudgeOptions extends RuleSettings {
  metricBatch: number;
  seed: number;
  layoutFindings: readonly Finding[];
  /** Of a run of a hybrid. */
  hybrid?: HybridSettings;
  tables: RunTables;
  /** Gathers what the report shows beside the summary. */
  report: Pick<ReportTally, 'add' | 'addFinding' | 'addRankings'>;
  onFinding(finding: Finding): void;
}

/** How many findings of a rule the closing lines of a run may quote. */
const EXAMPLES = 3;

/** Turns records, given in the order of images.csv, into figures, findings and tables. */
export function startJudging(options: JudgeOptions) {
  const { dataset, tables } = options;
  const figures = startSummary({ dataset, metricBatch: options.metricBatch, seed: options.seed });
  const hybrid = options.hybrid && startHybridTally(dataset, options.hybrid);
  const setRules = startSetRules(options);
  const counts = new Map<string, RunResult['counts'][number]>();
  const examples: Finding[] = [];
  const bySeverity: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const status = { scored: 0, unscored: 0, unreadable: 0 };

  function note(finding: Finding): void {
    const key = `${finding.rule} ${finding.severity}`;
    const count = counts.get(key) ?? { rule: finding.rule, severity: finding.severity, findings: 0 };
    counts.set(key, count);
    if (count.findings++ < EXAMPLES) examples.push(finding);
    bySeverity[finding.severity]++;
    tables.addFinding(finding);
    options.report.addFinding(finding);
    options.onFinding(finding);
  }

  for (const finding of options.layoutFindings) note(finding);

  return {
    take(record: ImageRecord): void {
      figures.add(record);
      hybrid?.add(record);
      setRules.add(record);
      status[record.status]++;
      const { image, split, source, findings } = record;
      if (findings) for (const finding of findings) note({ ...finding, image, split, source });
      options.report.add(record);
    },
    /** Live figures; cheap. */
    peek: (): Peek => ({ findings: { ...bySeverity }, status: { ...status }, classes: figures.peek() }),
    /**
     * Runs the rules about the whole and ends the tables.
     * @param records gives all records once more, for rows that later findings change
     */
    finish(complete: boolean, records: () => Iterable<ImageRecord>) {
      const unit = isImageLevel(dataset) ? ({ unit: 'image' } as const) : {};
      const summary: Summary = { schema: 1, ...unit, complete, ...figures.finish(), findings: {} };
      if (hybrid) summary.hybrid = hybrid.finish();
      options.report.addRankings(figures.ranking);
      const late = [...setRules.finish(), ...judgeScores(summary, options)];
      late.forEach(note);
      for (const { rule, findings } of counts.values()) {
        summary.findings[rule] = (summary.findings[rule] ?? 0) + findings;
      }
      const files = tables.finish(byImage(late), records);
      return { summary, counts: [...counts.values()], examples, files };
    },
  };
}

/** Findings of names and folders. */
export function judgeLayout(
  rules: readonly Rule[],
  discovery: Discovery,
  dataset: DatasetSpec,
  severity: Record<string, Severity>,
): Finding[] {
  return rules
    .filter((rule): rule is LayoutRule => rule.scope === 'layout')
    .flatMap((rule) =>
      [...rule.check(discovery, dataset)].map((report) => toSetFinding(report, rule.severity, severity)),
    );
}
