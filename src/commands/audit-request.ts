import path from 'node:path';
import { UsageError } from '../pipeline/errors.js';
import type { AuditRequest } from '../pipeline/requests.js';
import type { Config } from './config.js';
import { OPTIONS, pick, type Values } from './options.js';
import { ORIGINS, type Origin } from './settings.js';

/** Options of a run over annotations alone. */
export const STATS_OPTIONS = pick(OPTIONS, [
  ...(['class', 'split', 'layout', 'subset', 'level', 'labelClass', 'limit', 'shard'] as const),
  ...(['maskEncoding', 'nonCovid'] as const),
  ...(['select', 'ignore', 'failOn', 'out', 'csv', 'format', 'ui', 'quiet'] as const),
  ...(['jobs', 'seed', 'resume', 'config', 'debug'] as const),
]);

export const AUDIT_OPTIONS = OPTIONS;

type StatsValues = Values<typeof STATS_OPTIONS>;
type AuditValues = Values<typeof AUDIT_OPTIONS>;

/** What a request is made from; all of it settled already. */
interface Given {
  words: string[];
  config: Config;
  argv: string[];
  /** Absolute. */
  cwd: string;
  /** Absolute path of the run folder. */
  out: string;
}

/** @throws UsageError where options contradict each other. */
export function statsRequest(
  options: StatsValues,
  origins: Record<keyof StatsValues, Origin>,
  { words, config, argv, cwd, out }: Given,
): AuditRequest {
  if (options.resume && options.out === null) {
    throw new UsageError('--resume needs --out DIR: the run folder that it goes on in');
  }
  const { maskEncoding, nonCovid } = options;
  const stated = Object.fromEntries(
    Object.entries({ maskEncoding, nonCovid }).filter(([key]) => origins[key as 'nonCovid'] !== 'default'),
  );
  const { layout, subset, level, labelClass, limit, shard, jobs, seed, resume, csv, select, ignore } = options;
  return {
    command: 'stats',
    root: path.resolve(cwd, words[0] ?? (config.options.dataset as string | undefined) ?? '.'),
    ...{ layout, subset, level, limit, shard, jobs, seed, resume, csv, select, ignore },
    labelClasses: labelClass,
    splits: options.split,
    classes: options.class,
    config: { ...config.dataset, ...stated },
    severity: config.severity,
    model: null,
    card: {},
    predictions: null,
    engine: 'auto',
    device: 'auto',
    batch: null,
    metricBatch: OPTIONS.metricBatch.fallback,
    out,
    overlays: 'none',
    savePredictions: false,
    probe: null,
    argv,
  };
}

/** @throws UsageError where options contradict each other. */
export function auditRequest(
  options: AuditValues,
  origins: Record<keyof AuditValues, Origin>,
  given: Given,
): AuditRequest {
  const base = statsRequest(options, origins, given);
  const { model, predictions } = oneSource(options, origins);
  const { engine, device, batch, metricBatch, overlays, savePredictions, probe } = options;
  if (model === null && savePredictions) {
    throw new UsageError('--save-predictions needs --model: without one there is nothing new to save');
  }
  if (model === null && probe !== null) {
    throw new UsageError('--probe needs --model: label masks of predictions can not be made again from other pictures');
  }
  if (model === null && origins.card === 'flag') throw new UsageError('--card needs --model: it describes one');
  const iouBelow = origins.iouBelow === 'default' ? {} : { iouBelow: options.iouBelow };
  return {
    ...base,
    command: 'audit',
    config: { ...base.config, thresholds: { ...base.config.thresholds, ...iouBelow } },
    ...{ model, predictions, engine, device, batch, metricBatch, overlays, savePredictions, probe },
    card: model === null ? {} : options.card,
  };
}

/** The model or the predictions: said by the same layer they exclude each other, else the stronger layer's counts. */
function oneSource(
  { model, predictions }: AuditValues,
  origins: Record<keyof AuditValues, Origin>,
): Pick<AuditRequest, 'model' | 'predictions'> {
  if (model === null || predictions === null) return { model, predictions };
  if (origins.model === origins.predictions) {
    throw new UsageError('--model and --predictions exclude each other: a run scores one of them');
  }
  const stronger = ORIGINS.indexOf(origins.model) < ORIGINS.indexOf(origins.predictions);
  return stronger ? { model, predictions: null } : { model: null, predictions };
}
