import { isImageLevel } from '../dataset/image-level.js';
import type { EpochLog } from '../training/history.js';
import { NOTHING, type TrainingRule } from './rule.js';
import { decimal, score } from './wording.js';

export const validationGap: TrainingRule = {
  scope: 'training',
  code: 'T003',
  title: 'Training and validation drift apart',
  severity: 'warning',
  what: `
    The mean Dice over the classes but background, pooled, of the training examples is more than \`thresholds.trainingGap\` (0.2)
    above the validation's. Said when it begins, and again when the gap had shrunk to less than half of that in between. The training's
    is that of the steps as they were computed, with augmentation and oversampling, so that a small gap is none.`,
  ofImages: {
    what: `
      The same, of the mean F1 over all classes.`,
  },
  why: `
    The model learns its training images by heart. What is gained from here on is gained on them alone; the best checkpoint lies
    before. Splits that share patients or duplicates hide this: there the gap stays small and the test score is part memory (D007,
    D011).`,
  fix: `
    Stop earlier, vary the images, or learn fewer weights:

    $ maskaudit train DATASET --early-stopping 5 --augment flip=horizontal --augment rotate=10 --freeze encoder`,
  checkEpoch({ history, dataset }) {
    const limit = dataset.thresholds.trainingGap;
    const apart = history.map(gapOf).reduce(isApart(limit), [false]);
    if (!apart[history.length] || apart[history.length - 1]) return NOTHING;
    const last = history[history.length - 1];
    const gap = gapOf(last) as number;
    const [train, val] = [last.train, last.val].map(({ meanDice }) => score(meanDice.pooled));
    const name = isImageLevel(dataset) ? 'mean F1' : 'mean Dice';
    const message = `${name} ${train} on the training examples and ${val} in validation in epoch ${last.epoch}: ${decimal(gap)} apart`;
    return [{ rule: 'T003', split: 'val', value: gap, message }];
  },
};

/** Adds whether they are apart after an epoch: from above the limit until the gap is below its half, so that noise ends nothing. */
const isApart = (limit: number) => (before: boolean[], gap: number | null) => [
  ...before,
  gap !== null && gap > (before[before.length - 1] ? limit / 2 : limit),
];

function gapOf({ train, val }: EpochLog): number | null {
  const [a, b] = [train.meanDice.pooled, val.meanDice.pooled];
  return a === null || b === null ? null : a - b;
}
