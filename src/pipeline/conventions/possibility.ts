import type { Convention } from '../summary.js';
import type { CountTable } from './count-table.js';
import { MEASURES, type Measure } from './group-scores.js';
import type { Reported } from './reported.js';

/** What a figure could be if it was made of any of a run's images, in any batches: bounds that no choice of them passes. */
export interface Possibility {
  /** Lowest and highest by convention; a convention that is undefined for all images is left out. */
  reach: Partial<Record<Convention, [lowest: number, highest: number]>>;
  /** The conventions of `reach` by which no choice of images gives the figure. */
  impossibleBy: Convention[];
  /** Of a class, the scored images without a wrong pixel of it, the only ones that 1 can be made of; else null. */
  flawless: Flawless | null;
}

export interface Flawless {
  /** The class in neither mask: a perfect score by the smoothed conventions alone. */
  empty: number;
  /** The class in both, pixel for pixel. */
  exact: number;
  /** All scored images, and those with a missed or a falsely predicted pixel. */
  images: number;
  wrong: number;
}

export function possibility(reported: Reported, table: CountTable, classes: readonly { key: string }[]): Possibility {
  const { measure } = reported;
  const c = classes.findIndex(({ key }) => key === reported.class);
  const reach =
    measure === 'accuracy'
      ? accuracyReach(table)
      : c >= 0
        ? classReach(table, c, measure)
        : widest(classes.map((_, index) => classReach(table, index, measure)));
  const outside = ([lowest, highest]: [number, number]) => reported.high < lowest || reported.low > highest;
  return {
    reach,
    impossibleBy: (Object.keys(reach) as Convention[]).filter((name) => outside(reach[name]!)),
    flawless: c >= 0 ? flawless(table, c) : null,
  };
}

type Reach = Possibility['reach'];

/**
 * A mean is between the lowest and the highest of its images, and so is a pooled score: it is their mean weighted by the
 * size of their unions. Smoothing adds the same to both of its terms, which moves it towards 1, and an empty batch has 1.
 */
function classReach(table: CountTable, c: number, measure: Measure): Reach {
  const { plain, smoothed } = MEASURES[measure];
  const reach: Reach = {};
  for (let row = 0; row < table.images; row++) {
    const counts = table.counts(row, c);
    const score = plain(counts);
    if (score !== null) {
      widen(reach, 'pooled', score);
      widen(reach, 'imageMean', score);
      if (counts.tp + counts.fn > 0) widen(reach, 'imageMeanTruth', score);
    }
    widen(reach, 'imageMeanSmoothed', smoothed(counts));
    widen(reach, 'batchSmoothed', score ?? 1);
    widen(reach, 'batchSmoothed', smoothed(counts));
    widen(reach, 'absentAsZero', score ?? 0);
  }
  return reach;
}

function accuracyReach(table: CountTable): Reach {
  const reach: Reach = {};
  for (let row = 0; row < table.images; row++) {
    const { right, all } = table.pixels(row);
    if (all === 0) continue;
    widen(reach, 'pooled', right / all);
    widen(reach, 'imageMean', right / all);
  }
  return reach;
}

/** Of a mean over classes: it is between the lowest and the highest class, whichever classes it is taken of. */
function widest(reaches: readonly Reach[]): Reach {
  const all: Reach = {};
  for (const reach of reaches) {
    for (const [name, ends] of Object.entries(reach)) for (const end of ends) widen(all, name as Convention, end);
  }
  return all;
}

function widen(reach: Reach, convention: Convention, value: number): void {
  const ends = reach[convention];
  if (ends === undefined) reach[convention] = [value, value];
  else if (value < ends[0]) ends[0] = value;
  else if (value > ends[1]) ends[1] = value;
}

function flawless(table: CountTable, c: number): Flawless {
  const found = { empty: 0, exact: 0, images: table.images, wrong: 0 };
  for (let row = 0; row < table.images; row++) {
    const { tp, fp, fn } = table.counts(row, c);
    if (fp + fn > 0) found.wrong++;
    else if (tp > 0) found.exact++;
    else found.empty++;
  }
  return found;
}

/** What a reported IoU and a reported Dice of the same class (or mean) say of each other. */
export interface PairVerdict {
  iou: Reported;
  dice: Reported;
  /** The Dice that pooled counts of that IoU have: 2 IoU / (1 + IoU). */
  pooledDice: [low: number, high: number];
  /**
   * `pooled`: they may be of the same pooled counts. `averaged`: Dice is below that, so that they are means over images,
   * batches or classes. `contradictory`: Dice is below IoU or above that, which no mean of the same images by the same convention is.
   */
  kind: 'pooled' | 'averaged' | 'contradictory';
}

/**
 * Dice is a concave function of IoU in each image (2 x / (1 + x), never below x), so a mean of Dice is at most that function
 * of the mean of IoU (Jensen). Smoothed scores keep both bounds.
 */
export function judgePairs(reported: readonly Reported[]): PairVerdict[] {
  const of = (measure: Measure) => reported.filter((figure) => figure.measure === measure);
  return of('iou').flatMap((iou) =>
    of('dice')
      .filter((dice) => dice.class === iou.class)
      .map((dice): PairVerdict => {
        const pooledDice: [number, number] = [diceOf(iou.low), diceOf(iou.high)];
        const isAbove = dice.low > pooledDice[1];
        const isBelow = dice.high < pooledDice[0];
        const kind = isAbove || dice.high < iou.low ? 'contradictory' : isBelow ? 'averaged' : 'pooled';
        return { iou, dice, pooledDice, kind };
      }),
  );
}

function diceOf(iou: number): number {
  return (2 * iou) / (1 + iou);
}
