import { existsSync } from 'node:fs';
import path from 'node:path';
import { rulesFor, selectRules } from '../checks/select.js';
import { startSetRules } from '../checks/set-rules.js';
import { resolveClasses } from '../dataset/classes.js';
import type { OpenedDataset } from '../dataset/open.js';
import { UsageError } from '../errors.js';
import type { Finding, ImageRecord, Severity } from '../record.js';
import type { AuditRequest } from '../requests.js';
import { runAudit } from '../run-audit.js';
import { PART } from '../sinks/files.js';
import { JOURNAL, readJournal } from '../sinks/journal.js';
import { sampleNumber } from '../stages/discover.js';
import { counted } from '../words/figures.js';
import { resplit } from './data/resplit.js';
import type { TrainContext } from './train-events.js';
import type { TrainRequest } from './train-request.js';

/** What the audit of the data found, and its records, which are read as they are needed. */
export interface AuditedData {
  /** In the order of images.csv, with the splits that are trained on. */
  records(): Iterable<ImageRecord>;
  /** Errors by rule. */
  errors: Map<string, number>;
  /** Findings about the splits that were made here. */
  findings: Finding[];
}

/** Files, labels and balance: what has to be right before a model learns from it. */
const FAMILIES = ['D', 'L', 'B'];

/** Rules whose findings a new split does away with: they are asked again of it. */
const ABOUT_SPLITS = ['B001', 'B003', 'D006', 'D007', 'D008', 'D011'];

/** In the run folder. */
export const AUDIT_FOLDER = 'audit';

/**
 * Audits the annotations of all splits into a folder of the run's own, which is a run that can be looked at. A resumed training
 * takes what is there.
 * @returns null where it was interrupted
 */
export async function auditData(
  request: TrainRequest,
  { spec, discovery }: OpenedDataset,
  context: TrainContext,
): Promise<AuditedData | null> {
  const out = path.join(request.out, AUDIT_FOLDER);
  const rules = rulesFor(spec, selectRules(request.select, request.ignore)).filter(({ code }) =>
    FAMILIES.includes(code[0]),
  );
  const again = request.resplit ? rules.filter(({ code }) => ABOUT_SPLITS.includes(code)) : [];
  const errors = new Map<string, number>();
  const count = (rule: string, severity: Severity, findings: number) => {
    if (severity === 'error') errors.set(rule, (errors.get(rule) ?? 0) + findings);
  };

  const journal = path.join(out, JOURNAL);
  if (!(request.resume && existsSync(journal))) {
    const asked = rules.filter((rule) => !again.includes(rule)).map(({ code }) => code);
    const result = await runAudit(auditRequest(request, asked, out, existsSync(journal + PART)), {
      signal: context.signal,
      emit: (event) => context.emit({ type: 'audit', event }),
    });
    if (result.interrupted) return null;
    for (const { rule, severity, findings } of result.counts) count(rule, severity, findings);
  }

  const stored = readJournal(out);
  let several = 0;
  for (const record of stored.records()) {
    if (record.otherLabels !== undefined) several++;
    if (record.index < discovery.images && sampleNumber(discovery, record.index).image === record.image) continue;
    throw new UsageError(
      `the dataset has changed since it was audited: ${record.image} was its image ${record.index + 1}`,
    );
  }
  if (several > 0) {
    const taken = several === 1 ? 'is taken' : 'are taken';
    const message = `${counted(several, 'image')} with several of the classes ${taken} for the one with the most pixels`;
    context.emit({ type: 'note', message });
  }
  const splits = request.resplit ? resplit(stored.records(), spec, request.seed) : null;
  function* records(): Generator<ImageRecord> {
    for (const record of stored.records()) yield splits === null ? record : { ...record, split: splits[record.index] };
  }
  if (splits === null) return { records, errors, findings: [] };
  const classes = resolveClasses(null, spec.classes).map(({ key }) => key);
  const judge = startSetRules({ dataset: spec, rules: again, severity: request.severity, classes });
  for (const record of records()) judge.add(record);
  const findings = judge.finish();
  for (const { rule, severity } of findings) count(rule, severity, 1);
  return { records, errors, findings };
}

function auditRequest(request: TrainRequest, rules: string[], out: string, isBegun: boolean): AuditRequest {
  const { task, root, layout, subset, labelClasses, config, seed, jobs, severity, argv } = request;
  return {
    ...{ command: 'audit', root, layout, subset, config, seed, jobs, severity, argv, out },
    ...{ level: task === 'classification' ? 'image' : 'pixel', labelClasses: labelClasses && [...labelClasses] },
    ...{ splits: null, classes: null, limit: null, shard: null },
    ...{
      model: null,
      probe: null,
      card: {},
      predictions: null,
      engine: 'auto',
      device: 'auto',
      batch: null,
      metricBatch: 32,
    },
    ...{ resume: request.resume && isBegun, csv: null, overlays: 'none', savePredictions: false },
    ...{ select: rules, ignore: [] },
  };
}
