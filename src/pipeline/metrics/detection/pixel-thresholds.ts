import { thresholdByYouden, thresholdForSensitivity } from './chosen-threshold.js';
import { countsAt, type OperatingPoint, operatingPoint } from './detection-rates.js';
import type { Ranking } from './ranking.js';

/** The split that thresholds are chosen on: what they give there is too good, what they give on others is not. */
const CHOSEN_ON = 'val';
/** The sensitivity that one of the thresholds is to reach. */
const WANTED = 0.95;

/**
 * From how many predicted pixels on an image is told to have a class. A segmenter taken as a classifier by any pixel at
 * all is alarmed by specks; a number of pixels chosen on the validation split need not be.
 */
export interface PixelThresholds {
  chosenOn: string;
  classes: {
    key: string;
    /** Largest sensitivity + specificity - 1. */
    youden: PixelThreshold | null;
    /** The highest with a sensitivity of at least 0.95. */
    sensitivity95: PixelThreshold | null;
  }[];
}

/** Null where the split has no image with the class or none without it, or where no number of pixels above 0 does. */
export interface PixelThreshold {
  pixels: number;
  /** What it gives, by split. */
  splits: Record<string, OperatingPoint>;
}

/**
 * @param splits rankings by predicted pixels, of each class
 * @returns null without a validation split, or with no other split to use its thresholds on
 */
export function pixelThresholds(
  classes: readonly { key: string }[],
  splits: ReadonlyMap<string, (classIndex: number) => Ranking>,
): PixelThresholds | null {
  if (!splits.has(CHOSEN_ON) || splits.size < 2) return null;
  return {
    chosenOn: CHOSEN_ON,
    classes: classes.map(({ key }, c) => {
      const rankings = new Map([...splits].map(([name, ranking]) => [name, ranking(c)]));
      const chosen = (choose: (ranking: Ranking) => number | null) => given(choose(rankings.get(CHOSEN_ON)!), rankings);
      return {
        key,
        youden: chosen(thresholdByYouden),
        sensitivity95: chosen((ranking) => thresholdForSensitivity(ranking, WANTED)),
      };
    }),
  };
}

function given(pixels: number | null, rankings: ReadonlyMap<string, Ranking>): PixelThreshold | null {
  // Every image has at least 0 pixels: that tells nothing.
  if (pixels === null || pixels === 0) return null;
  const points = [...rankings].map(([name, ranking]) => [name, operatingPoint(countsAt(ranking, pixels))]);
  return { pixels, splits: Object.fromEntries(points) };
}
