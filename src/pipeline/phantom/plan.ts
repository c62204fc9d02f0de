import type { Extent } from './extent.js';
import { SOURCES, type Source, SPLITS, type Split } from './manifest.js';

export const ROOT = 'Infection Segmentation Data';
export const LEAVES = { image: 'images', lung: 'lung masks', infection: 'infection masks' } as const;
export type Leaf = keyof typeof LEAVES;

/** Images of one split and source, which have consecutive indexes. */
export interface Cell {
  split: Split;
  source: Source;
  /** Index of its first image in the set, and its number among all images of the source. */
  first: number;
  firstOfSource: number;
  count: number;
}

/** Everything that decides what is written, as plain data that a worker can be given. */
export interface Plan {
  seed: number | string;
  size: number;
  images: number;
  cells: readonly Cell[];
  nonCovidMasks: boolean;
  /** Of every COVID-19 infection mask. */
  extent: Extent;
  /** Every COVID-19 picture has a mark of its own outside the lungs. */
  shortcut: boolean;
  /** Names that replace the usual ones, by index. */
  names: Readonly<Record<number, string>>;
}

/** One image of the plan. */
export interface Place {
  index: number;
  split: Split;
  source: Source;
  /** File name without extension. */
  name: string;
}

/** The infection set of COVID-QU-Ex: images by split and source, which are the default's proportions. */
const REAL: Record<Split, Record<Source, number>> = {
  Train: { 'COVID-19': 1864, 'Non-COVID': 932, Normal: 932 },
  Val: { 'COVID-19': 466, 'Non-COVID': 233, Normal: 233 },
  Test: { 'COVID-19': 583, 'Non-COVID': 292, Normal: 291 },
};
export const REAL_IMAGES = 5826;

/** Weights of the splits and, in each, of the sources. */
export type Shares = Partial<Record<Split, Record<Source, number>>>;

/** Shares of the chosen splits; `prevalence` is the share of COVID-19 images in each, null for the real one. */
export function usualShares(splits: readonly Split[], prevalence: number | null): Shares {
  const shares: Shares = {};
  for (const split of SPLITS.filter((s) => splits.includes(s))) {
    const all = total(REAL[split]);
    const rest = prevalence === null ? 0 : (all * (1 - prevalence)) / 2;
    shares[split] =
      prevalence === null ? { ...REAL[split] } : { 'COVID-19': all * prevalence, 'Non-COVID': rest, Normal: rest };
  }
  return shares;
}

/** Divides the images among the splits and each split's among its sources, by largest remainders. */
export function layCells(images: number, shares: Shares): Cell[] {
  const splits = SPLITS.filter((split) => shares[split]);
  const perSplit = apportion(
    images,
    splits.map((split) => total(shares[split]!)),
  );
  const ofSource: Record<Source, number> = { 'COVID-19': 0, 'Non-COVID': 0, Normal: 0 };
  const cells: Cell[] = [];
  let first = 0;
  for (const [s, split] of splits.entries()) {
    const perSource = apportion(
      perSplit[s],
      SOURCES.map((source) => shares[split]![source]),
    );
    for (const [c, source] of SOURCES.entries()) {
      const count = perSource[c];
      if (count > 0) cells.push({ split, source, first, firstOfSource: ofSource[source], count });
      first += count;
      ofSource[source] += count;
    }
  }
  return cells;
}

/**
 * Whole numbers that sum to `amount` and are nearest to the weights' shares (largest remainder, the first of equals).
 */
export function apportion(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (sum === 0 ? 0 : (amount * weight) / sum));
  const out = exact.map((x) => Math.floor(x + 1e-9));
  const order = exact.map((x, i) => ({ i, rest: x - out[i] })).sort((a, b) => b.rest - a.rest || a.i - b.i);
  const left = amount - out.reduce((a, b) => a + b, 0);
  for (let k = 0; k < left; k++) out[order[k % order.length].i]++;
  return out;
}

function total(shares: Record<Source, number>): number {
  return SOURCES.reduce((sum, source) => sum + shares[source], 0);
}

export function placeOf(plan: Plan, index: number): Place {
  const cell = plan.cells.find(({ first, count }) => index < first + count)!;
  const { split, source } = cell;
  return { index, split, source, name: plan.names[index] ?? usualName(cell, index - cell.first) };
}

/**
 * Names as in the real set. Of each eight COVID-19 images of a cell the sixth and seventh are two sessions of one
 * patient, who is in no other cell; one in thirteen Non-COVID names is spelled with a capital.
 */
function usualName({ source, firstOfSource }: Cell, local: number): string {
  const number = firstOfSource + local + 1;
  if (source === 'Normal') return `Normal (${number})`;
  if (source === 'Non-COVID') return `${number % 13 === 0 ? 'Non' : 'non'}_COVID (${number})`;
  const eighth = local % 8;
  if (eighth !== 5 && eighth !== 6) return `covid_${number}`;
  return patientName(number - eighth, number);
}

export function patientName(patient: number, session: number): string {
  const digits = (value: number) => String(value).padStart(5, '0');
  return `sub-S${digits(patient)}_ses-E${digits(session)}_run-1_bp-chest_vp-pa_dx`;
}

/** Path of a file, relative to the dataset folder. */
export function pathOf({ split, source, name }: Omit<Place, 'index'>, leaf: Leaf): string {
  return `${ROOT}/${split}/${source}/${LEAVES[leaf]}/${name}.png`;
}

/** The image's id: its path without extension. */
export function idOf(place: Omit<Place, 'index'>): string {
  return pathOf(place, 'image').slice(0, -'.png'.length);
}
