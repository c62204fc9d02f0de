import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import { truthPixels } from './confusion-counts.js';
import { isInfection } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { number, percent } from './wording.js';

export const confusedClass: ImageRule = {
  scope: 'image',
  code: 'P004',
  title: 'A class is predicted as another one',
  severity: 'warning',
  what: `
    At least half of a class's annotated pixels are predicted as one other foreground class. A lesion predicted as healthy lung is
    a miss or low overlap, not a confusion. The value is the share.`,
  ofImages: {
    what: `
      The image is of one class other than class 0 (healthy, none) and is told to be of another one such. The value is 1.`,
  },
  why: `
    The model saw the lesion and named it wrongly, which another loss or threshold will not mend. In COVID-QU-Ex the sources differ by
    brightness, burned-in marks and rotation, so COVID and non-COVID can be told apart by the frame: a public study reports
    98.75 % accuracy on whole images and the same with the lungs removed.`,
  fix: `
    See the confusion matrix of each source:

    $ maskaudit audit DATASET --predictions DIR --format json | jq '.sources | map_values(.confusion)'

    Train with crops of the lungs, augment brightness and marks, or put a classifier in front and let it decide per image.`,
  check({ dataset, confusion }) {
    if (confusion === null) return NOTHING;
    const { classes } = dataset;
    let reports: Report[] | null = null;
    for (let c = 1; c < classes.length; c++) {
      const other = strongestRival(confusion, dataset, c);
      const taken = other === 0 ? 0 : confusion[c * classes.length + other];
      if (taken === 0) continue;
      const truth = truthPixels(confusion, classes.length, c);
      if (2 * taken < truth) continue;
      const { key } = classes[c];
      reports ??= [];
      if (isImageLevel(dataset)) {
        reports.push({ rule: 'P004', class: key, value: 1, message: `${key} is told to be ${classes[other].key}` });
        continue;
      }
      reports.push({
        rule: 'P004',
        class: key,
        value: taken / truth,
        message: `${number(taken)} of ${number(truth)} pixels of ${key} (${percent(taken / truth)}) are predicted as ${classes[other].key}`,
      });
    }
    return reports ?? NOTHING;
  },
};

/** The other foreground class that took most of class c's pixels (for a lesion: not the lung it lies in); 0 where none took any. */
function strongestRival(confusion: ArrayLike<number>, dataset: DatasetSpec, c: number): number {
  const count = dataset.classes.length;
  let best = 0;
  for (let other = isInfection(dataset, c) ? 2 : 1; other < count; other++) {
    if (other === c || confusion[c * count + other] === 0) continue;
    if (best === 0 || confusion[c * count + other] > confusion[c * count + best]) best = other;
  }
  return best;
}
