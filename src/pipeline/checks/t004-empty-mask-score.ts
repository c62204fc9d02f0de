import type { EpochLog } from '../training/history.js';
import type { ClassScores } from '../training/scores.js';
import { NOTHING, type Report, type TrainingRule } from './rule.js';
import { number, quantity, score } from './wording.js';

/** From here on a score is read as perfect. */
const PERFECT = 0.995;

export const emptyMaskScore: TrainingRule = {
  scope: 'training',
  code: 'T004',
  title: 'A validation IoU of 1 that empty masks made',
  severity: 'warning',
  what: `
    The smoothed validation IoU of a class, (tp + s) / (tp + fp + fn + s) with s = 1e-5 per image or per batch, rounds to 1 (0.995 or
    more), while the pooled one is undefined or below \`thresholds.pooledFloor\` (0.1), and some images have the class in neither
    mask. Said in the epoch in which it begins. The value is the smoothed score.`,
  why: `
    This is what a notebook prints as "val_iou_covid: 1.0000" in its first epoch, before anything was learned: the class is in no
    validation mask, because its labels were lost on the way, or the model is silent and nearly all images are negative. Early
    stopping and the best checkpoint follow a score of nothing.`,
  fix: `
    Undefined: the class never reached the validation. See at which step its pixels were lost:

    $ maskaudit audit DATASET --split val --class covid

    Below 0.1: the model does not predict it. Watch \`val_iou_covid\` of metrics.csv (pooled) in place of the smoothed one, and choose
    the best checkpoint by it: \`--monitor val_iou_covid\`.`,
  checkEpoch({ history, dataset }): Iterable<Report> {
    const floor = dataset.thresholds.pooledFloor;
    const last = history[history.length - 1];
    const before = history.at(-2);
    const made = last.val.classes.filter((scores, c) => c > 0 && isMade(scores, floor) && !isMadeIn(before, c, floor));
    if (made.length === 0) return NOTHING;
    return made.map((scores) => ({
      rule: 'T004',
      split: 'val',
      class: scores.key,
      value: smoothedOf(scores),
      message: messageOf(scores, last),
    }));
  },
};

function messageOf(scores: ClassScores, { epoch, val }: EpochLog): string {
  const { key, emptyPerfect, iou } = scores;
  const empty = `${quantity(emptyPerfect, 'empty image')} of ${number(val.images)}`;
  const real =
    iou.pooled === null ? 'it is undefined: no pixel of it was there' : `its pixels make ${score(iou.pooled)}`;
  return `the smoothed IoU ${score(smoothedOf(scores))} of ${key} in epoch ${epoch} is made of ${empty}; ${real}`;
}

function smoothedOf({ iou }: ClassScores): number {
  return Math.max(iou.imageMeanSmoothed ?? 0, iou.batchSmoothed ?? 0);
}

function isMade(scores: ClassScores, floor: number): boolean {
  const { pooled } = scores.iou;
  return scores.emptyPerfect > 0 && smoothedOf(scores) >= PERFECT && (pooled === null || pooled < floor);
}

function isMadeIn(log: EpochLog | undefined, c: number, floor: number): boolean {
  return log !== undefined && isMade(log.val.classes[c], floor);
}
