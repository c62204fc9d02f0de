import path from 'node:path';
import { selectRules } from './checks/select.js';
import type { EngineInfo } from './engines/engine.js';
import { UsageError } from './errors.js';
import type { RunContext } from './events.js';
import { startJudging } from './judging.js';
import { createProgress } from './progress.js';
import type { ImageRecord } from './record.js';
import { startReportTally } from './report/figures.js';
import type { MergeRequest, RunResult } from './requests.js';
import { imageRows, rowOptions } from './sinks/image-rows.js';
import { brief, createJournal, firstDifference, journalLine, readJournal } from './sinks/journal.js';
import { readManifest, runFacts, writeManifest } from './sinks/manifest.js';
import { claimFolder } from './sinks/run-folder.js';
import { createRunTables } from './sinks/run-tables.js';
import { writeSummary } from './sinks/summary-file.js';
import { count, counted } from './words/figures.js';

/** The recipe of `merge`: the journals of shards, in the order of the whole, to the files that an unsharded run would have written. */
export async function runMerge(request: MergeRequest, context: RunContext): Promise<RunResult> {
  const startedAt = new Date();
  const journals = request.runs.map((folder) => ({ folder, ...readJournal(folder) }));
  const [first] = journals;
  if (!first) throw new UsageError('merge needs the run folders of the shards');
  for (const { folder, header } of journals) {
    const difference = firstDifference(first.header, header, 'shards');
    if (difference !== null) {
      const values = [first.header, header].map((of) => brief(of[difference])).join(' and ');
      throw new UsageError(
        `${folder} is no shard of the run of ${first.folder}: they differ in ${difference}, ${values}`,
      );
    }
    if (path.resolve(folder) === request.out) throw new UsageError(`--out ${folder} is one of the runs to be merged`);
  }
  const header = { ...first.header, shard: null };
  const { dataset, images } = header;
  const claim = claimFolder(request.out);
  const rows = rowOptions(header, request.csv !== null);
  const tables = createRunTables(request.out, request.csv, rows);
  try {
    const rules = selectRules(header.rules, []);
    const report = startReportTally(dataset);
    const judge = startJudging({
      ...header,
      rules,
      tables,
      report,
      onFinding: (finding) => context.emit({ type: 'finding', finding }),
    });
    const journal = createJournal(request.out, header);
    const progress = createProgress(images, 0, judge.peek, context.emit);
    let done = 0;
    try {
      for (const record of inOrder(journals)) {
        if (context.signal.aborted) break;
        journal.append(journalLine(record));
        tables.addRows(imageRows(rows, record));
        judge.take(record);
        progress.show(++done);
      }
    } finally {
      journal.close();
    }
    progress.end(done);
    const complete = done === images;
    if (!complete)
      context.emit({
        type: 'note',
        message: `${count(images - done)} of ${counted(images, 'image')} are in none of these runs`,
      });
    const { files, ...judged } = judge.finish(complete, () => readJournal(request.out).records());
    const { summary } = judged;
    const interrupted = context.signal.aborted;
    files.push(writeSummary(request.out, summary));
    journal.finish();
    const facts = runFacts(startedAt, {
      command: 'merge',
      argv: request.argv,
      inputs: { runs: request.runs },
      options: header as unknown as Record<string, unknown>,
      engine: commonEngine(request.runs),
      images: { selected: images, done, resumed: 0 },
      interrupted,
    });
    const { addReport } = await import('./report/report.js');
    const input = { header, summary, figures: report.figures, facts };
    files.push(...(await addReport(input, { folder: request.out }, context.emit)));
    writeManifest(request.out, facts, files);
    context.emit({ type: 'finished', summary, folder: request.out, interrupted });
    return { folder: request.out, interrupted, ...judged };
  } finally {
    tables.discard();
    claim.release();
  }
}

/** The engine of all shards, where it was the same one; null where they differ or one does not say. */
function commonEngine(runs: readonly string[]): EngineInfo | null {
  const engines = runs.map((folder) => withoutTimes(readManifest(folder)?.engine ?? null));
  return engines.every((engine) => JSON.stringify(engine) === JSON.stringify(engines[0])) ? engines[0] : null;
}

/** What loading took differs from run to run of one engine. */
function withoutTimes(engine: EngineInfo | null): EngineInfo | null {
  return JSON.parse(JSON.stringify(engine, (key, value) => (TIMES.has(key) ? undefined : value)));
}
const TIMES = new Set(['loadMs', 'warmUpMs']);

/** Merges journals by their records' positions. @throws UsageError where two hold the same image */
function* inOrder(journals: readonly { folder: string; records(): Generator<ImageRecord> }[]): Generator<ImageRecord> {
  const heads = journals.flatMap(({ folder, records }) => {
    const rest = records();
    const next = rest.next();
    return next.done ? [] : [{ folder, rest, record: next.value }];
  });
  let last = { index: -1, folder: '' };
  while (heads.length > 0) {
    const head = heads.reduce((least, other) => (other.record.index < least.record.index ? other : least));
    const { record, folder } = head;
    if (record.index === last.index) {
      throw new UsageError(`${last.folder} and ${folder} both hold ${record.image}: merge each shard once`);
    }
    last = { index: record.index, folder };
    yield record;
    const next = head.rest.next();
    if (next.done) heads.splice(heads.indexOf(head), 1);
    else head.record = next.value;
  }
}
