import { predictedPixels, truthPixels } from './confusion-counts.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { quantity } from './wording.js';

export const falseAlarm: ImageRule = {
  scope: 'image',
  code: 'P002',
  title: 'A false alarm on a negative image',
  severity: 'warning',
  what: `
    The prediction has pixels of a class and the annotation has none: outcome \`false_alarm\`. The value is the number of predicted
    pixels.`,
  why: `
    False alarms vanish from the most cited conventions: MONAI's default leaves out every image without the class in the truth. The
    smoothed mean punishes them hardest: one pixel turns a 1.0 into 0. Half of the infection set of COVID-QU-Ex is negative for
    COVID, so they decide what the model is worth.`,
  fix: `
    See which images and how large the alarms are; specks can be removed by a least size, whole lungs can't:

    $ maskaudit export RUN --class covid --csv failures.csv

    Many alarms of one class in images of the other (see P004) speak for a classifier in front of the segmenter.`,
  check({ dataset, confusion }) {
    if (confusion === null) return NOTHING;
    const { classes } = dataset;
    let reports: Report[] | null = null;
    for (let c = 1; c < classes.length; c++) {
      const predicted = predictedPixels(confusion, classes.length, c);
      if (predicted === 0 || truthPixels(confusion, classes.length, c) > 0) continue;
      reports ??= [];
      reports.push({
        rule: 'P002',
        class: classes[c].key,
        value: predicted,
        message: `${quantity(predicted, 'pixel')} predicted as ${classes[c].key}, none annotated`,
      });
    }
    return reports ?? NOTHING;
  },
};
