import type { DatasetSpec } from '../dataset/dataset.js';
import { type OverlapCounts, outcomeOf, overlapCounts } from '../metrics/counts.js';
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
  /** Within its kind the larger is worse: pixels that are wrong; of hits 1 - IoU. */
  badness: number;
}

export interface ClassFigures {
  /** Hits by their IoU, length IOU_BINS. */
  iouBins: number[];
  /** Images that have the class by the share of it, length AREA_EDGES. */
  areaBins: number[];
  /** The worst of each kind, the worst first, at most CASES each. */
  cases: Record<CaseKind, Case[]>;
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
}

const CASES = 4;
const EXAMPLES = 8;

/** Gathers a report's figures while records go by. */
export function startReportTally({ classes }: Pick<DatasetSpec, 'classes'>): ReportTally {
  const figures: ReportFigures = {
    classes: classes.map(() => ({
      iouBins: new Array<number>(IOU_BINS).fill(0),
      areaBins: new Array<number>(AREA_EDGES.length).fill(0),
      cases: { miss: [], disjoint: [], false_alarm: [], hit: [] },
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
      for (let c = 1; c < classes.length; c++) addOverlap(figures.classes[c], record, overlapCounts(confusion, c));
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

/** Keeps a list sorted and short; of equals the one that came first. */
function keepWorst(cases: Case[], candidate: Case): void {
  if (cases.length === CASES && candidate.badness <= cases[CASES - 1].badness) return;
  let at = cases.length;
  while (at > 0 && cases[at - 1].badness < candidate.badness) at--;
  cases.splice(at, 0, candidate);
  if (cases.length > CASES) cases.pop();
}

/** At most `perClass` cases of each class and `total` of all: first the worst of each kind, then the next ones. */
export function chooseCases(
  figures: ReportFigures,
  indices: readonly number[],
  { perClass, total }: { perClass: number; total: number },
): { index: number; cases: Case[] }[] {
  const queues = indices.map((index) => {
    const { cases } = figures.classes[index];
    const queue: Case[] = [];
    for (let rank = 0; rank < CASES; rank++) {
      for (const kind of CASE_KINDS) if (cases[kind][rank]) queue.push(cases[kind][rank]);
    }
    return { index, queue: queue.slice(0, perClass) };
  });
  const chosen = queues.map(({ index }) => ({ index, cases: [] as Case[] }));
  let left = total;
  for (let rank = 0; rank < perClass && left > 0; rank++) {
    queues.forEach(({ queue }, q) => {
      if (left === 0 || !queue[rank]) return;
      chosen[q].cases.push(queue[rank]);
      left--;
    });
  }
  const order = ({ kind }: Case) => CASE_KINDS.indexOf(kind);
  for (const { cases } of chosen) cases.sort((a, b) => order(a) - order(b) || b.badness - a.badness);
  return chosen.filter(({ cases }) => cases.length > 0);
}
