import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { Interval } from '../metrics/bootstrap.js';
import { type OperatingPoint, operatingPoint } from '../metrics/detection/detection-rates.js';
import { accuracyDifference, aucDifference, type PairedAccuracy } from '../metrics/detection/paired-difference.js';
import { rank } from '../metrics/detection/ranking.js';
import { rocAuc } from '../metrics/detection/roc-auc.js';
import { matchClasses } from './matched-classes.js';
import type { Rule, Told } from './told.js';
import type { ToldImage } from './told-images.js';

/** A rule of this run on the images of both, and what the other run's answer is against it. */
export interface BesideWay {
  rule: Rule;
  pixels: number | null;
  point: OperatingPoint;
  /** `a` is this rule, `b` the other run's. */
  accuracy: PairedAccuracy;
}

/** A class that both runs tell, on the images on which their annotations agree about it. */
export interface BesideClass {
  key: string;
  images: number;
  /** Images of both runs on which they don't, left out. */
  disagreeing: number;
  ways: BesideWay[];
  beside: { rule: Rule; point: OperatingPoint; auc: number | null; aucInterval: Interval | null };
  auc: number | null;
  aucInterval: Interval | null;
  /** The other run's area minus this one's, with DeLong's interval for areas of the same images. */
  aucDifference: number | null;
  aucDifferenceInterval: Interval | null;
}

/** Two runs on the images that both have scored. */
export interface Beside {
  split: string | null;
  common: number;
  /** Scored images of this run's group that the other has not scored, and the other way round. */
  hereOnly: number;
  besideOnly: number;
  classes: BesideClass[];
}

export interface ToldRun {
  dataset: DatasetSpec;
  images: readonly ToldImage[];
}

/** @param told of `here`: the split that is compared, and the numbers of pixels */
export function placeBeside(here: ToldRun, beside: ToldRun, told: Told): Beside {
  const ofSplit = ({ split }: ToldImage) => told.split === null || split === told.split;
  const mine = here.images.filter(ofSplit);
  const theirs = new Map(beside.images.map((image) => [image.image, image]));
  const pairs = mine.flatMap((image) => {
    const other = theirs.get(image.image);
    return other === undefined ? [] : [{ here: image, beside: other }];
  });
  const matchedImages = new Set(pairs.map((pair) => pair.here.image));
  const matched = matchClasses(here.dataset, beside.dataset);
  const among = (side: 'here' | 'beside') => matched.flatMap((match) => match[side] ?? []).filter((index) => index > 0);
  const [amongHere, amongBeside] = [among('here'), among('beside')];

  const classes = matched.map(({ key, here: mineAt, beside: theirsAt }): BesideClass => {
    const both = pairs.map((pair) => ({
      here: sideOf(pair.here, mineAt, amongHere),
      beside: sideOf(pair.beside, theirsAt, amongBeside),
    }));
    const agreed = both.filter((pair) => pair.here.has === pair.beside.has);
    const has = agreed.map((pair) => pair.here.has);
    const answers = agreed.map((pair) => pair.beside.amount > 0);
    const rules = told.classes.find((c) => c.key === here.dataset.classes[mineAt ?? 0].key)?.ways;
    const ways = rules ?? [{ rule: ruleOf(here.dataset, mineAt), pixels: null }];
    return {
      key,
      images: agreed.length,
      disagreeing: both.length - agreed.length,
      ways: ways.map(({ rule, pixels }): BesideWay => {
        const mineAnswers = agreed.map((pair) => pair.here.amount >= (pixels ?? 1));
        const accuracy = accuracyDifference(right(has, mineAnswers), right(has, answers));
        return { rule, pixels, point: pointOf(has, mineAnswers), accuracy };
      }),
      beside: {
        rule: ruleOf(beside.dataset, theirsAt),
        point: pointOf(has, answers),
        ...areaOf(agreed.map((pair) => ({ has: pair.beside.has, score: pair.beside.score }))),
      },
      ...areaOf(agreed.map((pair) => ({ has: pair.here.has, score: pair.here.score }))),
      ...differenceOf(agreed),
    };
  });
  return {
    split: told.split,
    common: pairs.length,
    hereOnly: mine.length - pairs.length,
    besideOnly: beside.images.filter((image) => ofSplit(image) && !matchedImages.has(image.image)).length,
    classes,
  };
}

function ruleOf(dataset: DatasetSpec, index: number | null): Rule {
  if (isImageLevel(dataset)) return 'answer';
  return index === null ? 'no pixel' : 'any pixel';
}

/** One run's word on a class in an image. */
interface Side {
  has: boolean;
  /** Predicted pixels, or 1 for an answer. */
  amount: number;
  /** NaN where the run gives none. */
  score: number;
}

/** @param index null: none of the classes in `among` */
function sideOf(image: ToldImage, index: number | null, among: readonly number[]): Side {
  if (index !== null) {
    return {
      has: image.truth[index] > 0,
      amount: image.predicted[index],
      score: image.scores[index] ?? Number.NaN,
    };
  }
  const predicted = among.reduce((sum, c) => sum + image.predicted[c], 0);
  // The fewer pixels of anything, the surer that there is none.
  return { has: among.every((c) => image.truth[c] === 0), amount: predicted === 0 ? 1 : 0, score: -predicted };
}

function right(has: readonly boolean[], told: readonly boolean[]): boolean[] {
  return has.map((is, i) => is === told[i]);
}

function pointOf(has: readonly boolean[], told: readonly boolean[]): OperatingPoint {
  const count = (is: boolean, answer: boolean) => has.filter((h, i) => h === is && told[i] === answer).length;
  return operatingPoint({
    tp: count(true, true),
    fp: count(false, true),
    fn: count(true, false),
    tn: count(false, false),
  });
}

function areaOf(images: readonly { has: boolean; score: number }[]) {
  const { value, confidence95 } = rocAuc(
    rank(
      images.map(({ has }) => has),
      images.map(({ score }) => score),
    ),
  );
  return { auc: value, aucInterval: confidence95 };
}

function differenceOf(pairs: readonly { here: Side; beside: Side }[]) {
  const scored = pairs.filter((pair) => !Number.isNaN(pair.here.score) && !Number.isNaN(pair.beside.score));
  const { value, confidence95 } = aucDifference(
    scored.map((pair) => pair.here.has),
    scored.map((pair) => pair.here.score),
    scored.map((pair) => pair.beside.score),
  );
  return { aucDifference: value, aucDifferenceInterval: confidence95 };
}
