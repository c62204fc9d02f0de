import type { Finding } from '../record.js';
import { toSetFinding } from './findings.js';
import type { Report, StepFacts, TrainingFacts, TrainingRule } from './rule.js';
import { concernsClasses } from './select.js';
import type { RuleSettings } from './set-rules.js';

/** Runs the rules about a training as it goes. */
export function startTrainingRules({ rules, severity, classes }: Omit<RuleSettings, 'dataset'>) {
  const running = rules.filter((rule): rule is TrainingRule => rule.scope === 'training');
  const concerns = concernsClasses(classes);
  const findings = (check: (rule: TrainingRule) => Iterable<Report>): Finding[] =>
    running.flatMap((rule) =>
      [...check(rule)].filter(concerns).map((report) => toSetFinding(report, rule.severity, severity)),
    );
  return {
    step: (facts: StepFacts): Finding[] => findings((rule) => rule.checkStep?.(facts) ?? []),
    epoch: (facts: TrainingFacts): Finding[] => findings((rule) => rule.checkEpoch(facts)),
  };
}
