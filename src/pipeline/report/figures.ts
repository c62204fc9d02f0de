import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import { type OverlapCounts, outcomeOf, overlapCounts } from '../metrics/counts.js';
import {
  type PrecisionRecallPoint,
  precisionRecallCurve,
  type RocPoint,
  rocCurve,
} from '../metrics/detection/curves.js';
import type { Ranking } from '../metrics/detection/ranking.js';
import { iou } from '../metrics/overlap.js';
import type { Finding, ImageRecord, Severity } from '../record.js';

/** Bins of the IoU of hits: (0, 1/20], ..., (19/20, 1]. */
export const IOU_BINS = 20;

/** Upper bounds, inclusive, of the bins of a class's share of the image, where the image has the class. */
export const AREA_EDGES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1] as const;

/** What makes an image one of a class's worst, in the order in which they are shown. */
export const CASE_KINDS = ['miss', 'disjoint', 'false_alarm', 'hit'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** An image that is among a class's worst. */
export interface Case {
  kind: CaseKind;
  record: ImageRecord;
  counts: OverlapCounts;
  iou: number;
  /**
   * Within its kind the larger is worse: pixels that are wrong; of hits 1 - IoU. Of a classifier's answer how far its probability of
   * the class is off, 0 where it gives none.
   */
  badness: number;
}

export interface ClassFigures {
  /** Hits by their IoU, length IOU_BINS. */
  iouBins: number[];
  /** Images that have the class by the share of it, length AREA_EDGES. */
  areaBins: number[];
  /** The worst of each kind, the worst first, at most CASES each. */
  cases: Record<CaseKind, Case[]>;
  /** Of a classifier; null for segmenters, and until all images are there. */
  curves: ClassCurves | null;
}

/** How well a class's images are told from the others at each threshold of its probability. */
export interface ClassCurves {
  roc: RocPoint[];
  precisionRecall: PrecisionRecallPoint[];
}

export interface RuleFigures {
  rule: string;
  counts: Record<Severity, number>;
  /** The first ones in the order of findings.csv, at most EXAMPLES. */
  first: Finding[];
}

/** What the report shows and summary.json does not hold. Memory does not grow with the number of images. */
export interface ReportFigures {
  /** One a class of the dataset, in index order. */
  classes: ClassFigures[];
  rules: Map<string, RuleFigures>;
}

export interface ReportTally {
  figures: ReportFigures;
  /** In the order of images.csv. */
  add(record: ImageRecord): void;
  /** In the order of findings.csv. */
  addFinding(finding: Finding): void;
  /** When all images are there. @param of gives the scored images by their scores for a class */
  addRankings(of: (classIndex: number) => Ranking): void;
}

const CASES = 4;
const EXAMPLES = 8;

/** Gathers a report's figures while records go by. */
export function startReportTally({ classes, maskClasses }: Pick<DatasetSpec, 'classes' | 'maskClasses'>): ReportTally {
  const ofImages = isImageLevel({ maskClasses });
  const figures: ReportFigures = {
    classes: classes.map(() => ({
      iouBins: new Array<number>(IOU_BINS).fill(0),
      areaBins: new Array<number>(AREA_EDGES.length).fill(0),
      cases: { miss: [], disjoint: [], false_alarm: [], hit: [] },
      curves: null,
    })),
    rules: new Map(),
  };

  return {
    figures,
    add(record) {
      const { truth, confusion } = record;
      if (truth) addAreas(figures.classes, truth);
      if (!confusion) return;
      // Background has no cases: where it is wrong, another class is.
      for (let c = 1; c < classes.length; c++) {
        const counts = overlapCounts(confusion, c);
        if (ofImages) addAnswer(figures.classes[c], record, counts, record.maxProbability?.[c] ?? null);
        else addOverlap(figures.classes[c], record, counts);
      }
    },
    addFinding(finding) {
      const { rule, severity } = finding;
      let of = figures.rules.get(rule);
      if (!of) {
        of = { rule, counts: { error: 0, warning: 0, info: 0 }, first: [] };
        figures.rules.set(rule, of);
      }
      of.counts[severity]++;
      if (of.first.length < EXAMPLES) of.first.push(finding);
    },
    addRankings(of) {
      if (!ofImages) return;
      figures.classes.forEach((figuresOf, c) => {
        const ranking = of(c);
        figuresOf.curves = { roc: rocCurve(ranking), precisionRecall: precisionRecallCurve(ranking) };
      });
    },
  };
}

function addAreas(classes: readonly ClassFigures[], truth: readonly number[]): void {
  let pixels = 0;
  for (const count of truth) pixels += count;
  for (let c = 1; c < classes.length; c++) {
    if (truth[c] === 0) continue;
    const share = truth[c] / pixels;
    let bin = 0;
    while (share > AREA_EDGES[bin]) bin++;
    classes[c].areaBins[bin]++;
  }
}

function addOverlap(figures: ClassFigures, record: ImageRecord, counts: OverlapCounts): void {
  const { tp, fp, fn } = counts;
  if (tp > 0) {
    const overlap = iou(counts) as number;
    figures.iouBins[Math.ceil(overlap * IOU_BINS) - 1]++;
    if (overlap < 1) keepWorst(figures.cases.hit, { kind: 'hit', record, counts, iou: overlap, badness: 1 - overlap });
  } else if (fp + fn > 0) {
    const kind = outcomeOf(counts) as CaseKind;
    keepWorst(figures.cases[kind], { kind, record, counts, iou: 0, badness: fp + fn });
  }
}

/** @param probability that the classifier gives the class, null where it does not know it */
function addAnswer(
  figures: ClassFigures,
  record: ImageRecord,
  counts: OverlapCounts,
  probability: number | null,
): void {
  const { fp, fn } = counts;
  if (fp + fn === 0) return;
  const kind = fn > 0 ? 'miss' : 'false_alarm';
  const badness = probability === null ? 0 : Math.abs(fn - probability);
  keepWorst(figures.cases[kind], { kind, record, counts, iou: 0, badness });
}

/** Keeps a list sorted and short; of equals the one that came first. */
function keepWorst(cases: Case[], candidate: Case): void {
  if (cases.length === CASES && candidate.badness <= cases[CASES - 1].badness) return;
  let at = cases.length;
  while (at > 0 && cases[at - 1].badness < candidate.badness) at--;
  cases.splice(at, 0, candidate);
  if (cases.length > CASES) cases.pop();
}

/**
 * At most `perClass` cases of each class and `total` of all: first the worst of each kind, then the next ones.
 * @param once where an image's picture is the same for every class: it is shown for the first of them alone
 */
export function chooseCases(
  figures: ReportFigures,
  indices: readonly number[],
  { perClass, total, once = false }: { perClass: number; total: number; once?: boolean },
): { index: number; cases: Case[] }[] {
  const queues = indices.map((index) => {
    const { cases } = figures.classes[index];
    const queue: Case[] = [];
    for (let rank = 0; rank < CASES; rank++) {
      for (const kind of CASE_KINDS) if (cases[kind][rank]) queue.push(cases[kind][rank]);
    }
    return queue;
  });
  const chosen = indices.map((index) => ({ index, cases: [] as Case[] }));
  const seen = new Set<string>();
  let left = total;
  for (let rank = 0; rank < perClass && left > 0; rank++) {
    queues.forEach((queue, q) => {
      while (once && queue.length > 0 && seen.has(queue[0].record.image)) queue.shift();
      const next = left > 0 && queue.shift();
      if (!next) return;
      chosen[q].cases.push(next);
      seen.add(next.record.image);
      left--;
    });
  }
  const order = ({ kind }: Case) => CASE_KINDS.indexOf(kind);
  for (const { cases } of chosen) cases.sort((a, b) => order(a) - order(b) || b.badness - a.badness);
  return chosen.filter(({ cases }) => cases.length > 0);
}
