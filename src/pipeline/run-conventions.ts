import { readCounts } from './conventions/count-table.js';
import { accuracies, classScores, meansOf } from './conventions/group-scores.js';
import { judgePairs, type PairVerdict, type Possibility, possibility } from './conventions/possibility.js';
import { parseReported } from './conventions/reported.js';
import { type CommonWay, type Reproduction, reproduce, together } from './conventions/reproduce.js';
import { isImageLevel } from './dataset/image-level.js';
import { UsageError } from './errors.js';
import { CONVENTION_PAGES, type ConventionPage } from './metrics/conventions.js';
import { CONVENTIONS, type MeanScores, type Scores } from './summary.js';
import type { Beside } from './told/beside.js';
import { openScored, putBeside } from './told/run-beside.js';
import { type Told, toldImageByImage } from './told/told.js';
import { toldFigures } from './told/told-images.js';

export interface ConventionsRequest {
  /** The run folder, absolute. */
  run: string;
  /** Figures as the user wrote them: `covid.iou=0.83`. */
  reported: readonly string[];
  /** Another run's folder, absolute, or null. */
  beside: string | null;
}

export interface ConventionsResult {
  schema: 1;
  /** Images of the selection, those that are scored, and whether the run has come to its end with all of them. */
  images: number;
  scored: number;
  complete: boolean;
  metricBatch: number;
  /** What its counts are of: a classifier's run counts each image as one pixel. */
  counts: 'pixels' | 'images';
  conventions: Omit<ConventionPage, 'score'>[];
  classes: { key: string; name: string; iou: Scores; dice: Scores }[];
  meanIou: { all: MeanScores; foreground: MeanScores };
  meanDice: { all: MeanScores; foreground: MeanScores };
  accuracy: number | null;
  reported: (Reproduction & { possibility: Possibility })[];
  /** Of several figures: the ways that give all of them. */
  together: CommonWay[];
  pairs: PairVerdict[];
  told: Told | null;
  beside: Beside | null;
}

/**
 * The recipe of `conventions`: a run's journal to every figure that could be made of its counts, and to what it tells of whole
 * images. Nothing is inferred, no image is opened.
 * @throws UsageError where a folder is no run's or has no scores, or a figure is none of its classes
 */
export function runConventions({
  run: folder,
  reported: figures,
  beside: other,
}: ConventionsRequest): ConventionsResult {
  const { header, finished, records } = openScored(folder);
  const { dataset, metricBatch } = header;
  const { classes } = dataset;
  const wanted = figures.map((text) => parseReported(text, classes));

  const kept = [...records()];
  const table = readCounts(kept, classes.length);
  if (table.images === 0)
    throw new UsageError(`no image of ${folder} is scored: there are no counts to make figures of`);
  const [whole] = table.groups;
  const scores = classes.map((_, c) => classScores(table, whole, c, metricBatch));
  const reproductions = wanted.map((figure) => reproduce(figure, table, classes));

  const told = toldImageByImage(toldFigures(dataset, kept));
  return {
    schema: 1,
    images: header.images,
    scored: table.images,
    complete: finished && header.shard === null && kept.length === header.images,
    metricBatch,
    counts: isImageLevel(dataset) ? 'images' : 'pixels',
    conventions: CONVENTIONS.map((name) => pageOf(CONVENTION_PAGES[name])),
    classes: classes.map(({ key, name }, c) => ({ key, name, ...scores[c] })),
    meanIou: meansOf(scores.map(({ iou }) => iou)),
    meanDice: meansOf(scores.map(({ dice }) => dice)),
    accuracy: accuracies(table, whole).pooled,
    reported: reproductions.map((of) => ({ ...of, possibility: possibility(of.reported, table, classes) })),
    together: together(reproductions),
    pairs: judgePairs(wanted),
    told,
    beside: other === null || told === null ? null : putBeside({ folder, dataset, records: kept }, other, told),
  };
}

function pageOf({ name, definition, reportedBy, emptyImages }: ConventionPage): Omit<ConventionPage, 'score'> {
  return { name, definition, reportedBy, emptyImages };
}
