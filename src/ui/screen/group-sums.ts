import { type OverlapCounts, outcomeOf, overlapCounts } from '../../pipeline/metrics/counts.js';
import type { ImageRecord } from '../../pipeline/record.js';
import type { Outcome } from '../../pipeline/summary.js';

/** A class in the images of a group. */
export interface GroupClass extends OverlapCounts {
  truthPixels: number;
  truthImages: number;
  outcomes: Record<Outcome, number>;
}

/** The images of a split or of a source, summed. */
export interface GroupSum {
  kind: 'split' | 'source';
  name: string;
  images: number;
  /** Pixels of every class in annotations that could be read. */
  pixels: number;
  /** In the order of the classes that are watched. */
  classes: GroupClass[];
}

const noClass = (): GroupClass => ({
  truthPixels: 0,
  truthImages: 0,
  outcomes: { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0, unscored: 0 },
  tp: 0,
  fp: 0,
  fn: 0,
});

/** What the splits and sources of a run come to so far, by its records: the same sums as in summary.json at the end. */
export function createGroupSums(classes: readonly { index: number }[]) {
  const groups: Record<GroupSum['kind'], Map<string, GroupSum>> = { split: new Map(), source: new Map() };

  function groupOf(kind: GroupSum['kind'], name: string): GroupSum {
    const known = groups[kind].get(name);
    if (known) return known;
    const group: GroupSum = { kind, name, images: 0, pixels: 0, classes: classes.map(noClass) };
    groups[kind].set(name, group);
    return group;
  }

  function add(group: GroupSum, { truth, confusion }: ImageRecord): void {
    group.images++;
    for (const pixels of truth ?? []) group.pixels += pixels;
    classes.forEach(({ index }, c) => {
      const sums = group.classes[c];
      const pixels = truth?.[index] ?? 0;
      sums.truthPixels += pixels;
      if (pixels > 0) sums.truthImages++;
      const overlap = confusion && overlapCounts(confusion, index);
      sums.outcomes[outcomeOf(overlap)]++;
      sums.tp += overlap?.tp ?? 0;
      sums.fp += overlap?.fp ?? 0;
      sums.fn += overlap?.fn ?? 0;
    });
  }

  return {
    add(record: ImageRecord): void {
      if (record.split !== '') add(groupOf('split', record.split), record);
      if (record.source !== '') add(groupOf('source', record.source), record);
    },
    /** Splits, then sources, each as they came; a kind of which there is one says nothing and is left out. */
    all: (): GroupSum[] => Object.values(groups).flatMap((kind) => (kind.size > 1 ? [...kind.values()] : [])),
  };
}

export type GroupSums = ReturnType<typeof createGroupSums>;
