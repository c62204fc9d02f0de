import { predictedPixels, truthPixels } from './confusion-counts.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { number, score } from './wording.js';

export const lowOverlap: ImageRule = {
  scope: 'image',
  code: 'P003',
  title: 'Overlap below the threshold',
  severity: 'warning',
  what: `
    Annotation and prediction both have the class and their IoU, tp / (tp + fp + fn), is below \`thresholds.iouBelow\` (0.5). No
    common pixel at all is outcome \`disjoint\`. The value is the IoU.`,
  why: `
    A hit says only that one pixel was right. The images with the lowest overlap show what the model confuses: borders, the heart's
    shadow, tubes, burned-in marks. They also show wrong annotations, which are as often to blame.`,
  fix: `
    List them with their IoU, and look at the worst first:

    $ maskaudit export RUN --class covid --iou-below 0.5 --csv failures.csv

    Another limit:

    { "thresholds": { "iouBelow": 0.3 } }`,
  check({ dataset, confusion }) {
    if (confusion === null) return NOTHING;
    const { classes, thresholds } = dataset;
    const count = classes.length;
    let reports: Report[] | null = null;
    for (let c = 1; c < count; c++) {
      const truth = truthPixels(confusion, count, c);
      const predicted = predictedPixels(confusion, count, c);
      if (truth === 0 || predicted === 0) continue;
      const common = confusion[c * count + c];
      const iou = common / (truth + predicted - common);
      if (iou >= thresholds.iouBelow) continue;
      const overlap = common === 0 ? 'no common pixel' : `IoU ${score(iou)}, ${number(common)} common`;
      const { key } = classes[c];
      reports ??= [];
      reports.push({
        rule: 'P003',
        class: key,
        value: iou,
        message: `${key}: ${overlap} of ${number(truth)} annotated and ${number(predicted)} predicted pixels`,
      });
    }
    return reports ?? NOTHING;
  },
};
