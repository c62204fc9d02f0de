import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { Report, SetRule } from './rule.js';
import { own } from './shared.js';
import { type SplitTally, startSplitTally } from './split-tally.js';
import { decimal, number } from './wording.js';

export const imbalance: SetRule = {
  scope: 'set',
  code: 'B002',
  title: 'Classes are imbalanced beyond the threshold',
  severity: 'warning',
  what: `
    Pixels of the most frequent class over pixels of this class, in all readable annotations, is more than
    \`thresholds.imbalance\` (50, as in Datumaro). The message also has the ratio of images with the one and the other. A class
    without any pixel is B001.`,
  ofImages: {
    what: `
      Images of the most frequent class over images of this one are more than \`thresholds.imbalance\` (50).`,
  },
  why: `
    With plain cross-entropy a class of 1 % of the pixels has 1 % of the loss: never predicting it costs almost nothing, and accuracy
    stays at 99 %. The seed-like public project weights its four classes 0.1, 3, 10 and 3 by hand, and only in one of its two
    losses.`,
  fix: `
    Weight the loss by class, or sample images with the class more often. Four weight formulas, and the share of the loss that each
    class would get by them:

    $ maskaudit stats DATASET --format json | jq '.classes[] | {key, weights, lossShare}'

    { "thresholds": { "imbalance": 100 } }`,
  start(dataset, shared = own(dataset)) {
    const tally = shared(startSplitTally);
    return { add: tally.add, finish: () => imbalances(dataset, tally) };
  },
};

function imbalances(dataset: DatasetSpec, { total }: SplitTally): Report[] {
  const { classes, thresholds } = dataset;
  const { pixels, imagesWith } = total;
  const most = pixels.indexOf(Math.max(...pixels));
  const reports: Report[] = [];
  for (const { index, key } of classes) {
    const ratio = pixels[most] / pixels[index];
    if (pixels[index] === 0 || ratio <= thresholds.imbalance) continue;
    if (isImageLevel(dataset)) {
      const message = `${classes[most].key} has ${decimal(ratio, 1)} times the images of ${key} (${number(pixels[most])} to ${number(pixels[index])})`;
      reports.push({ rule: 'B002', class: key, value: ratio, message });
      continue;
    }
    const byPixels = `${decimal(ratio, 1)} times the pixels of ${key} (${number(pixels[most])} to ${number(pixels[index])})`;
    const byImages = `${decimal(imagesWith[most] / imagesWith[index], 1)} times its images`;
    reports.push({
      rule: 'B002',
      class: key,
      value: ratio,
      message: `${classes[most].key} has ${byPixels} and ${byImages} (${number(imagesWith[most])} to ${number(imagesWith[index])})`,
    });
  }
  return reports;
}
