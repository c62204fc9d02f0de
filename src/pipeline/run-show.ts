import { setImmediate as breathe } from 'node:timers/promises';
import { selectRules } from './checks/select.js';
import { UsageError } from './errors.js';
import type { RunContext } from './events.js';
import { startJudging } from './judging.js';
import { createProgress } from './progress.js';
import type { Finding, ImageRecord } from './record.js';
import type { RunResult } from './requests.js';
import type { JournalHeader } from './sinks/journal.js';
import { readManifest } from './sinks/manifest.js';
import { NO_TABLES } from './sinks/run-tables.js';
import { openRun } from './viewing/run.js';
import { type ImageView, openViewer } from './viewing/viewer.js';
import { count, counted } from './words/figures.js';
import { didYouMean } from './words/nearest.js';

/** Nobody asked for a page. */
const NO_REPORT = { add() {}, addFinding() {}, addRankings() {} };

/** More images than these can't all have been meant. */
const MOST_MEANT = 3;

/** Records between two chances for whoever listens to keys and draws. */
const SLICE = 512;

/**
 * The recipe of `show`: a run's journal, judged once more, told as the run told it. Writes nothing.
 * @throws UsageError where the folder is no run's
 */
export async function runShow(folder: string, context: RunContext): Promise<RunResult> {
  const { header, finished, records } = openRun(folder);
  const { root, dataset } = header;
  const rules = selectRules(header.rules, []);
  const onFinding = (finding: Finding) => context.emit({ type: 'finding', finding });
  const manifest = readManifest(folder);
  const splits: Record<string, number> = {};
  for (const { split } of records()) splits[split] = (splits[split] ?? 0) + 1;
  const total = Object.values(splits).reduce((sum, images) => sum + images, 0);
  const { layout, subset } = dataset;
  // What a shard was given of the selection is not written down.
  const selected = header.shard === null ? header.images : total;
  const whole = total === selected;
  const notes = finished && !whole ? [damage(total, selected)] : [];
  context.emit({
    type: 'discovered',
    dataset: root,
    layout,
    subset,
    images: selected,
    splits: whole ? splits : {},
    notes,
  });
  if (manifest?.engine) context.emit({ type: 'engine', info: manifest.engine, skipped: [] });
  context.watch?.started(header, null);
  const judge = startJudging({ ...header, rules, tables: NO_TABLES, report: NO_REPORT, onFinding });
  // None of them is measured now: a rate would be about reading a file.
  const progress = createProgress(total, total, judge.peek, context.emit);
  let slice: ImageRecord[] = [];
  let done = 0;
  const hand = () => {
    context.watch?.records(slice);
    done += slice.length;
    slice = [];
    progress.show(done);
  };
  for (const record of records()) {
    judge.take(record);
    if (slice.push(record) < SLICE) continue;
    hand();
    await breathe();
    if (context.signal.aborted) break;
  }
  hand();
  progress.end(done);
  context.emit({ type: 'finishing' });
  await breathe();
  const complete = finished && header.shard === null && done === header.images;
  const { files: _, ...judged } = judge.finish(complete, records);
  const interrupted = !finished;
  context.emit({ type: 'finished', summary: judged.summary, folder, interrupted });
  return { folder, interrupted, ...judged };
}

/** A journal that was finished and has fewer records than images has lost some since then. */
function damage(records: number, images: number): string {
  return (
    `journal.ndjson is damaged: ${count(records)} of ${counted(images, 'image')} can be read, and all figures ` +
    'are about those; summary.json and the CSV files still have the others'
  );
}

/** One image of a run and all that is known of it. */
export interface ShownImage {
  header: JournalHeader;
  view: ImageView;
  findings: Finding[];
}

/**
 * The image that a user named: its id, its path, or the end of one that no other has.
 * @throws UsageError where the folder is no run's, or the run has no such image, or several
 */
export async function showImage(folder: string, name: string): Promise<ShownImage> {
  const run = openRun(folder);
  const record = findImage(run.records, name);
  const viewer = openViewer(run.header, { folder });
  try {
    const { image, split, source } = record;
    const own = (record.findings ?? []).map((finding) => ({ ...finding, image, split, source }));
    const late = run.lateFindings().filter((finding) => finding.image === image);
    return { header: run.header, view: await viewer.view(record), findings: [...own, ...late] };
  } finally {
    await viewer.close();
  }
}

function findImage(records: () => Iterable<ImageRecord>, name: string): ImageRecord {
  const sought = name.replaceAll('\\', '/');
  const ids: string[] = [];
  const ends: ImageRecord[] = [];
  for (const record of records()) {
    if (record.image === sought || record.imagePath === sought) return record;
    if (record.image.endsWith(`/${sought}`) || record.imagePath.endsWith(`/${sought}`)) ends.push(record);
    ids.push(record.image);
  }
  if (ends.length === 1) return ends[0];
  if (ends.length > 1) {
    const some = ends.slice(0, 3).map(({ image }) => image);
    const more = ends.length > 3 ? ` and ${ends.length - 3} more` : '';
    throw new UsageError(`${ends.length} images end with ${name}: ${some.join(', ')}${more}; name one of them`);
  }
  const within = ids.filter((id) => id.toLowerCase().includes(sought.toLowerCase()));
  if (within.length > 0 && within.length <= MOST_MEANT) {
    throw new UsageError(`the run has no image ${name}; did you mean ${within.join(' or ')}?`);
  }
  // A stem is what people type; ids share long beginnings that would make all of them alike.
  const stems = new Map(ids.map((id) => [id.slice(id.lastIndexOf('/') + 1), id]));
  const hint = didYouMean(name, name.includes('/') ? ids : stems.keys());
  throw new UsageError(`the run has no image ${name}${hint || `; images.csv lists its ${count(ids.length)}`}`);
}
