import type { Interval } from '../metrics/bootstrap.js';
import { type OperatingPoint, operatingPoint } from '../metrics/detection/detection-rates.js';
import type { GroupDetection } from '../metrics/detection/group-detection.js';
import type { PixelThresholds } from '../metrics/detection/pixel-thresholds.js';

/**
 * How a run answers whether an image has a class: a segmenter by any predicted pixel, or from a number of pixels on that was
 * chosen on the validation split, and that it has none of several by no pixel of them; a classifier by its answer.
 */
export type Rule = 'any pixel' | 'no pixel' | 'youden' | 'sensitivity95' | 'answer';

export interface ToldWay {
  rule: Rule;
  /** From how many pixels on; null for an answer. */
  pixels: number | null;
  point: OperatingPoint;
}

export interface ToldClass {
  key: string;
  /** Of the scores (predicted pixels, or probability), whatever the rule. */
  auc: number | null;
  aucInterval: Interval | null;
  ways: ToldWay[];
}

/** What a run tells of whole images: presence alone. */
export interface Told {
  /** The split that all figures are of, null: of the whole run. */
  split: string | null;
  images: number;
  /** The split that numbers of pixels were chosen on; null where none was. */
  chosenOn: string | null;
  score: GroupDetection['score'];
  /** Background, which segmenters don't tell images by, left out. */
  classes: ToldClass[];
}

/** What it is made from: figures of summary.json. */
export interface ToldFigures {
  detection: GroupDetection | null;
  pixelThresholds: PixelThresholds | null;
  splits: Readonly<Record<string, { detection: GroupDetection | null }>>;
}

/**
 * Where a number of pixels was chosen on the validation split, everything is of the split `test` (or another one, where
 * there is none of that name), so that all stands on images that nothing was chosen on. Null without a scored image.
 */
export function toldImageByImage({ detection: whole, pixelThresholds, splits }: ToldFigures): Told | null {
  const split = pixelThresholds === null ? null : heldOut(Object.keys(splits), pixelThresholds.chosenOn);
  const detection = split === null ? whole : splits[split].detection;
  if (detection === null) return null;
  const { score, images } = detection;
  const classes = detection.classes.map(({ key, counts, auc, confidence95 }, c): ToldClass => {
    const first: ToldWay =
      score === 'pixels'
        ? { rule: 'any pixel', pixels: 1, point: operatingPoint(counts) }
        : { rule: 'answer', pixels: null, point: operatingPoint(counts) };
    const chosen = (['youden', 'sensitivity95'] as const).flatMap((rule): ToldWay[] => {
      const threshold = pixelThresholds?.classes[c][rule] ?? null;
      return split === null || threshold === null
        ? []
        : [{ rule, pixels: threshold.pixels, point: threshold.splits[split] }];
    });
    return { key, auc, aucInterval: confidence95.auc, ways: [first, ...chosen] };
  });
  return {
    split,
    images,
    chosenOn: pixelThresholds?.chosenOn ?? null,
    score,
    classes: score === 'pixels' ? classes.slice(1) : classes,
  };
}

function heldOut(splits: readonly string[], chosenOn: string): string | null {
  const others = splits.filter((name) => name !== chosenOn);
  return others.find((name) => name === 'test') ?? others[0] ?? null;
}
