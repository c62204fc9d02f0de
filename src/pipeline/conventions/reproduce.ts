import type { Convention } from '../summary.js';
import type { CountTable, GroupName } from './count-table.js';
import type { Reported } from './reported.js';
import { type Way, waysOf } from './ways.js';

/** Ways that give a figure and differ in nothing but the batch size. */
export interface Match extends Omit<Way, 'batch' | 'value'> {
  /** The batch sizes that do, ascending; null where the convention has none. */
  batches: number[] | null;
  /** The smallest and the largest value among them. */
  lowest: number;
  highest: number;
}

export interface Reproduction {
  reported: Reported;
  /** Ways that were tried: those in which the figure is defined. */
  tried: number;
  matches: Match[];
  /** Where nothing gives it: what comes nearest, of each convention, group and background the nearest batch size. */
  nearest: Way[];
}

/** Half a digit is not exact in binary: 0.125 + 0.0005. */
const ROUNDING = 1e-12;
const NEAREST = 3;

export function reproduce(reported: Reported, table: CountTable, classes: readonly { key: string }[]): Reproduction {
  const matches = new Map<string, Match>();
  const nearest = new Map<string, Way>();
  let tried = 0;
  for (const way of waysOf(reported, table, classes)) {
    tried++;
    const { batch, value, ...kind } = way;
    const key = JSON.stringify([way.convention, way.split, way.source, way.background]);
    if (value < reported.low - ROUNDING || value > reported.high + ROUNDING) {
      const best = nearest.get(key);
      if (best === undefined || distance(way, reported) < distance(best, reported)) nearest.set(key, way);
      continue;
    }
    const match = matches.get(key) ?? { ...kind, batches: batch === null ? null : [], lowest: value, highest: value };
    matches.set(key, match);
    if (batch !== null) match.batches?.push(batch);
    match.lowest = Math.min(match.lowest, value);
    match.highest = Math.max(match.highest, value);
  }
  const byDistance = [...nearest.values()].sort((a, b) => distance(a, reported) - distance(b, reported));
  return {
    reported,
    tried,
    matches: [...matches.values()],
    nearest: matches.size > 0 ? [] : byDistance.slice(0, NEAREST),
  };
}

function distance({ value }: Way, reported: Reported): number {
  return Math.abs(value - reported.value);
}

/** A convention and the images that it is taken of. */
export interface CommonWay extends GroupName {
  convention: Convention;
  images: number;
  batches: number[] | null;
}

/**
 * The ways that give all of several figures at once: one convention, one group of images, one batch size. Accuracy has no
 * convention, and is to be that of the same images.
 */
export function together(reproductions: readonly Reproduction[]): CommonWay[] {
  const scores = reproductions.filter(({ reported }) => reported.measure !== 'accuracy');
  const accuracies = reproductions.filter(({ reported }) => reported.measure === 'accuracy');
  const [first, ...others] = scores;
  if (first === undefined || reproductions.length < 2) return [];
  const alike = (a: GroupName, b: GroupName) => a.split === b.split && a.source === b.source;
  const common = new Map<string, CommonWay>();
  for (const { convention, split, source, images, batches } of first.matches) {
    const here = { split, source };
    if (!accuracies.every(({ matches }) => matches.some((match) => alike(match, here)))) continue;
    const givers = others.map(({ matches }) =>
      matches.filter((match) => match.convention === convention && alike(match, here)),
    );
    const shared = batches?.filter((size) =>
      givers.every((some) => some.some((match) => match.batches?.includes(size))),
    );
    if (givers.some((some) => some.length === 0) || shared?.length === 0) continue;
    // A mean with background and one without may both give the figure: they are one way here.
    const key = JSON.stringify([convention, split, source]);
    const sizes = [...new Set([...(common.get(key)?.batches ?? []), ...(shared ?? [])])].sort((a, b) => a - b);
    common.set(key, { convention, split, source, images, batches: batches === null ? null : sizes });
  }
  return [...common.values()];
}
