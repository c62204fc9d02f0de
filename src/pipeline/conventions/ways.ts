import { CONVENTIONS, type Convention } from '../summary.js';
import { batchScan } from './batch-scan.js';
import type { CountTable, Group, GroupName } from './count-table.js';
import { accuracies, classScores, type Measure, meansOf } from './group-scores.js';
import type { Reported } from './reported.js';

/** One way to make a figure of a run's counts, and what it gives. */
export interface Way extends GroupName {
  /** For accuracy `pooled` or `imageMean`. */
  convention: Convention;
  /** Images in a batch of `batchSmoothed`; null for the others. A size of all the group's images stands for larger ones too. */
  batch: number | null;
  /** Whether background is one of the classes that a mean is taken of; null where it is no mean. */
  background: boolean | null;
  images: number;
  value: number;
}

/** Every way in which a figure is defined: conventions x groups of images x batch sizes x with or without background. */
export function* waysOf(reported: Reported, table: CountTable, classes: readonly { key: string }[]): Generator<Way> {
  const { measure } = reported;
  for (const group of table.groups) {
    const base = { split: group.split, source: group.source, images: group.rows.length };
    if (measure === 'accuracy') {
      for (const [convention, value] of Object.entries(accuracies(table, group))) {
        if (value !== null) {
          yield { ...base, convention: convention as 'pooled' | 'imageMean', batch: null, background: null, value };
        }
      }
    } else if (reported.class === null) yield* meanWays(table, group, measure, base);
    else {
      const c = classes.findIndex(({ key }) => key === reported.class);
      yield* waysIn(classScores(table, group, c, 1)[measure], batchScan(table, group, c, measure), base, null);
    }
  }
}

type Base = Pick<Way, 'split' | 'source' | 'images'>;

function* meanWays(table: CountTable, group: Group, measure: Measure, base: Base): Generator<Way> {
  const all = Array.from({ length: table.classCount }, (_, c) => c);
  const scores = all.map((c) => classScores(table, group, c, 1)[measure]);
  const scans = all.map((c) => batchScan(table, group, c, measure));
  const means = meansOf(scores);
  // Every batch has a smoothed score of every class, so the mean of the scans is the scan of the means.
  yield* waysIn(means.all, meanOf(scans), base, true);
  yield* waysIn(means.foreground, meanOf(scans.slice(1)), base, false);
}

function* waysIn(
  scores: Record<Convention, number | null>,
  scan: Float64Array,
  base: Base,
  background: boolean | null,
): Generator<Way> {
  for (const convention of CONVENTIONS) {
    if (convention === 'batchSmoothed') {
      for (let b = 1; b <= scan.length; b++) yield { ...base, convention, batch: b, background, value: scan[b - 1] };
      continue;
    }
    const value = scores[convention];
    if (value !== null) yield { ...base, convention, batch: null, background, value };
  }
}

function meanOf(scans: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(0)] = scans;
  return first.map((_, b) => scans.reduce((sum, scan) => sum + scan[b], 0) / scans.length);
}
