import type { Finding, ImageFinding, Severity } from '../record.js';
import type { Report } from './rule.js';

/** A report with its blanks filled: empty text, null, and the severity that holds. */
export function toImageFinding(report: Report, own: Severity, configured: Record<string, Severity>): ImageFinding {
  return {
    rule: report.rule,
    severity: configured[report.rule] ?? report.severity ?? own,
    class: report.class ?? '',
    value: report.value ?? null,
    message: report.message,
    path: report.path ?? '',
    relatedPath: report.relatedPath ?? '',
  };
}

/** The same for a report of a rule about more than one image. */
export function toSetFinding(report: Report, own: Severity, configured: Record<string, Severity>): Finding {
  const { image = '', split = '', source = '' } = report;
  return { image, split, source, ...toImageFinding(report, own, configured) };
}
