import { rulesFor, selectRules, severitiesByCode } from './checks/select.js';
import { resolveClasses } from './dataset/classes.js';
import type { DatasetSpec, Sample } from './dataset/dataset.js';
import { isImageLevel } from './dataset/image-level.js';
import { datasetAtLevel, unusedLabelClasses } from './dataset/level.js';
import { openDataset } from './dataset/open.js';
import type { Engine } from './engines/engine.js';
import { hybridWork } from './engines/hybrid/estimate.js';
import { type HybridSettings, hybridSettings } from './engines/hybrid/settings.js';
import { openEngine } from './engines/registry.js';
import { UsageError } from './errors.js';
import type { RunContext } from './events.js';
import { judgeLayout, startJudging } from './judging.js';
import { knowsLungs } from './measuring/lungs.js';
import type { PredictionFolder } from './measuring/prediction.js';
import { measureWorkerData, startMeasurePool } from './measuring/start.js';
import { createProgress } from './progress.js';
import type { Finding, ImageRecord } from './record.js';
import { startReportTally } from './report/figures.js';
import type { AuditRequest, RunResult } from './requests.js';
import { imageRows, rowOptions } from './sinks/image-rows.js';
import { continueJournal, createJournal, type JournalHeader, readJournal } from './sinks/journal.js';
import { runFacts, writeManifest } from './sinks/manifest.js';
import { claimFolder, foreignFolders } from './sinks/run-folder.js';
import { createRunTables } from './sinks/run-tables.js';
import { writeSummary } from './sinks/summary-file.js';
import { countSelected, type Discovery, selectSamples, splitsSelected } from './stages/discover.js';
import { batchSamples, decode, infer, type MeasurePool, measure } from './stages/measure.js';
import { affixHint, openPredictions, repeatedStems } from './stages/predictions.js';

/**
 * The recipe of `audit` and `stats`: names to pairs, pairs to pixels, pixels to predictions, both to records, records to findings,
 * figures and files.
 *
 * discover -> select -> batch -> (decode -> infer ->) measure -> journal, judge
 */
export async function runAudit(request: AuditRequest, context: RunContext): Promise<RunResult> {
  // The threads load while the folders are read.
  const pool = startMeasurePool(request.jobs);
  try {
    return await auditIn(pool, request, context);
  } finally {
    await pool.close();
  }
}

async function auditIn(pool: MeasurePool, request: AuditRequest, context: RunContext): Promise<RunResult> {
  const startedAt = new Date();
  const { spec, discovery } = openDataset(request, foreignFolders(request.predictions));
  const levelled = datasetAtLevel(spec, request);
  const hybrid = hybridSettings(request, levelled.dataset);
  const predictions =
    request.predictions === null ? null : openPredictions(request.predictions, spec.classes, discovery, request.config);
  if (request.probe !== null) requireLungs(spec, discovery);
  const { limit, shard, model } = request;
  context.emit({
    type: 'discovered',
    dataset: request.root,
    layout: spec.layout,
    subset: spec.subset,
    images: countSelected(discovery, { limit, shard }),
    splits: splitsSelected(discovery, { limit, shard }),
    notes: [...discovery.notes],
  });
  const hint = predictions && affixHint(predictions, discovery);
  if (hint) context.emit({ type: 'note', message: hint });
  // Without a model to decide it, a wrong class or rule is said before anything is loaded.
  if (model === null || hybrid !== null || levelled.asImages === undefined) {
    resolveClasses(request.classes, levelled.dataset.classes);
  }
  selectRules(request.select, request.ignore);
  const engine = model === null ? null : await openEngine({ ...request, model, ...levelled }, context.emit);
  try {
    const classifies = engine?.info.task === 'classification';
    const dataset = (classifies && levelled.asImages) || levelled.dataset;
    const unused = hybrid ? null : unusedLabelClasses(dataset, request);
    if (unused !== null) context.emit({ type: 'note', message: unused });
    if (isImageLevel(dataset) && request.savePredictions) {
      throw new UsageError(
        '--save-predictions writes label masks, and a classifier predicts none: images.csv has its answers',
      );
    }
    return await auditImages(request, context, { pool, startedAt, dataset, discovery, predictions, engine, hybrid });
  } finally {
    await engine?.close();
  }
}

/** All that is open when the first image is read. */
interface Opened {
  pool: MeasurePool;
  startedAt: Date;
  /** As the model sees it: of pixels, or image-level. */
  dataset: DatasetSpec;
  discovery: Discovery;
  predictions: PredictionFolder | null;
  engine: Engine | null;
  /** What the model is, where it joins two. */
  hybrid: HybridSettings | null;
}

async function auditImages(request: AuditRequest, context: RunContext, opened: Opened): Promise<RunResult> {
  const { pool, startedAt, dataset, discovery, predictions, engine, hybrid } = opened;
  // Of what a hybrid does not mark no one expects to be told that it did not, unless it is named.
  const classes = resolveClasses(request.classes ?? (hybrid && Object.keys(hybrid.thresholds)), dataset.classes);
  const rules = rulesFor(dataset, selectRules(request.select, request.ignore));
  const severity = severitiesByCode(request.severity);
  const { limit, shard } = request;
  const total = countSelected(discovery, { limit, shard });
  const header: JournalHeader = {
    journal: 1,
    command: request.command,
    root: request.root,
    dataset,
    splits: request.splits,
    classes: classes.map(({ key }) => key),
    limit,
    shard,
    images: countSelected(discovery, { limit, shard: null }),
    model: request.model,
    card: request.card,
    ...(request.probe === null ? {} : { probe: request.probe }),
    ...(hybrid && { hybrid }),
    predictions: request.predictions,
    predictionFolder: predictions,
    // L003 is two rules, one about an image and one about the set.
    rules: [...new Set(rules.map(({ code }) => code))],
    severity,
    metricBatch: request.metricBatch,
    seed: request.seed,
    layoutFindings: judgeLayout(rules, discovery, dataset, severity),
  };
  const claim = claimFolder(request.out);
  const rows = rowOptions(header, request.csv !== null);
  pool.begin({ ...measureWorkerData(request, header, predictions, engine?.info ?? null), rows });
  const tables = createRunTables(request.out, request.csv, rows);
  const report = startReportTally(dataset);
  const onFinding = (finding: Finding) => context.emit({ type: 'finding', finding });
  const judge = startJudging({ ...header, rules, tables, report, onFinding });
  try {
    if (claim.unfinished && !request.resume) {
      context.emit({
        type: 'note',
        message: `an interrupted run in ${request.out} is replaced (--resume goes on from one)`,
      });
    }
    const take = (record: ImageRecord) => {
      tables.addRows(imageRows(rows, record));
      judge.take(record);
      context.watch?.records([record]);
    };
    context.watch?.started(header, discovery);
    const { journal, resumed } = openJournal(request, header, take);
    if (request.resume) context.emit({ type: 'resumed', images: resumed.length });
    const progress = createProgress(total, resumed.length, judge.peek, context.emit);
    let done = resumed.length;
    try {
      const samples = afterResumed(selectSamples(discovery, { limit, shard }), resumed);
      const repeated = predictions?.flat ? repeatedStems(discovery) : new Set<string>();
      const inFlight = request.jobs * 3;
      const batches = batchSamples(samples, engine?.info.batch ?? null, repeated, context.signal);
      const predicted = engine ? infer(engine)(decode(pool, inFlight)(batches)) : batches;
      for await (const measured of measure(pool, inFlight)(predicted)) {
        journal.append(measured.lines);
        tables.addRows(measured.rows);
        for (const record of measured.records) judge.take(record);
        context.watch?.records(measured.records);
        done += measured.records.length;
        progress.show(done);
      }
    } finally {
      journal.close();
    }
    progress.end(done);
    context.emit({ type: 'finishing' });
    const interrupted = done < total;
    const { files, ...judged } = judge.finish(!interrupted && shard === null, () => readJournal(request.out).records());
    const { summary } = judged;
    files.push(writeSummary(request.out, summary));
    if (!interrupted) journal.finish();
    const images = { selected: total, done, resumed: resumed.length };
    const facts = runFacts(startedAt, {
      ...describe(request, header),
      engine: engine?.info ?? null,
      ...(engine?.work && { work: hybridWork(engine.work()) }),
      images,
      interrupted,
    });
    const { addReport } = await import('./report/report.js');
    const input = { header, summary, figures: report.figures, facts };
    files.push(...(await addReport(input, { folder: request.out, engine, discovery }, context.emit)));
    writeManifest(request.out, facts, files);
    context.emit({ type: 'finished', summary, folder: request.out, interrupted });
    return { folder: request.out, interrupted, ...judged };
  } finally {
    tables.discard();
    claim.release();
  }
}

/** @throws UsageError where not one image's lungs are known */
function requireLungs(dataset: DatasetSpec, { groups }: Discovery): void {
  const named = dataset.layout === 'masks' || groups.some(({ lungs }) => lungs?.some((name) => name !== null));
  if (named && knowsLungs(dataset)) return;
  const why =
    dataset.layout === 'masks'
      ? `none of its classes is called lung: ${dataset.classes.map(({ key }) => key).join(', ')}`
      : 'not one image has a lung mask beside it';
  throw new UsageError(`--probe lungs blacks out the lungs, and this dataset does not say where they are: ${why}`);
}

/** A new journal, or the one that an interrupted run left, with its records taken and the ids of their images. */
function openJournal(request: AuditRequest, header: JournalHeader, take: (record: ImageRecord) => void) {
  const resumed: string[] = [];
  if (!request.resume) return { journal: createJournal(request.out, header), resumed };
  const journal = continueJournal(request.out, header, (record) => {
    take(record);
    resumed.push(record.image);
  });
  return { journal, resumed };
}

/** The samples that are left after those of the journal, which have to be the same ones. */
function* afterResumed(samples: Iterable<Sample>, resumed: readonly string[]): Generator<Sample> {
  let position = 0;
  for (const sample of samples) {
    const before = resumed[position++];
    if (before === undefined) yield sample;
    else if (before !== sample.image) {
      throw new UsageError(
        `the dataset has changed since the interrupted run: where ${before} was, there is ${sample.image}; start anew without --resume`,
      );
    }
  }
}

/** What run.json says of the call. */
function describe(request: AuditRequest, header: JournalHeader) {
  const { command, argv, root, model, predictions } = request;
  const { dataset, rules, classes, splits, limit, shard, severity, metricBatch, seed } = header;
  return {
    command,
    argv,
    inputs: { dataset: root, model, predictions },
    options: { dataset, rules, classes, splits, limit, shard, severity, metricBatch, seed, jobs: request.jobs },
  };
}
