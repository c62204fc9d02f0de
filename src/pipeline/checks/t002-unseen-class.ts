import { isImageLevel } from '../dataset/image-level.js';
import type { EpochLog } from '../training/history.js';
import { NOTHING, type Report, type TrainingRule } from './rule.js';
import { quantity } from './wording.js';

export const unseenClass: TrainingRule = {
  scope: 'training',
  code: 'T002',
  title: 'A class was not seen in an epoch',
  severity: 'warning',
  what: `
    No pixel of a foreground class was in any batch of an epoch, counted after resizing, cropping and augmentation, as the loss saw
    it. Said of the first such epoch, and again when the class had come back in between.`,
  ofImages: {
    what: `
      No image of a class was in any batch of an epoch; class 0 (healthy, none) is judged too, since it is learned like the others.`,
  },
  why: `
    What the loss never sees is not learned, whatever its weight: a weight of 10 on nothing is nothing. The class can be missing
    from the split (B001), lost when the masks were read (L003), too small for the model's input size, or cut away by the crops.`,
  fix: `
    See whether the split has it, and how many pixels:

    $ maskaudit stats DATASET --split train

    Then show images with it more often, and crops that contain it:

    $ maskaudit train DATASET --oversample covid=3 --crop 0.5 --crop-class covid`,
  checkEpoch({ history, dataset }): Iterable<Report> {
    const { epoch, train } = history[history.length - 1];
    const before = history.at(-2);
    const first = isImageLevel(dataset) ? 0 : 1;
    const unseen = train.classes.filter(
      ({ truthPixels }, c) => c >= first && truthPixels === 0 && !isUnseen(before, c) && train.images > 0,
    );
    if (unseen.length === 0) return NOTHING;
    return unseen.map(({ key }) => ({
      rule: 'T002',
      split: 'train',
      class: key,
      value: 0,
      message: `${key} was in none of ${quantity(train.images, 'example')} of epoch ${epoch}`,
    }));
  },
};

function isUnseen(log: EpochLog | undefined, c: number): boolean {
  return log !== undefined && log.train.classes[c].truthPixels === 0;
}
