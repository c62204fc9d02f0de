import { predictedPixels } from './confusion-counts.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { quantity, score } from './wording.js';

export const stagesDisagree: ImageRule = {
  scope: 'image',
  code: 'P006',
  title: 'The stages of a hybrid disagree',
  severity: 'warning',
  what: `
    The gate's probability of a class is at least its threshold and the segmenter finds no pixel of it; or, where the segmenter looked
    at the image nonetheless (\`--segment-all\`), the gate's probability is below the threshold and the segmenter finds pixels. The
    value is the gate's probability. Whether the annotation has the class is not asked.`,
  why: `
    A hybrid is right about an image only where both of its stages are, so each has its own way to miss: a gate that keeps a positive
    image back, and a segmenter that finds nothing in one that was let through. Where they disagree one of them is wrong, and which
    one says what to mend: the threshold, the gate's training, or the segmenter's.`,
  fix: `
    See in the class's CSV at which stage the misses are made (\`stage\`), and what other thresholds would cost:

    $ maskaudit audit DATASET --model hybrid.json --segment-all --format json | jq '.hybrid.classes[0].thresholds'

    A lower threshold sends more images on:

    $ maskaudit model hybrid --gate gate.onnx --segmenter covid=unet.onnx --threshold 0.2 --out hybrid.json --force`,
  check({ dataset, confusion, gate }) {
    if (gate === null || confusion === null) return NOTHING;
    const { classes } = dataset;
    let reports: Report[] | null = null;
    for (let c = 1; c < classes.length; c++) {
      const threshold = gate.thresholds[c];
      if (threshold === null) continue;
      const said = `(${score(gate.probabilities[c])} of at least ${threshold})`;
      const found = gate.keptBack?.[c]?.predicted ?? 0;
      const message = gate.passed.includes(c)
        ? predictedPixels(confusion, classes.length, c) === 0 &&
          `the gate lets ${classes[c].key} through ${said}, and the segmenter finds no pixel of it`
        : found > 0 &&
          `the gate keeps ${classes[c].key} back ${said}, and the segmenter finds ${quantity(found, 'pixel')} of it`;
      if (!message) continue;
      reports ??= [];
      reports.push({ rule: 'P006', class: classes[c].key, value: gate.probabilities[c], message });
    }
    return reports ?? NOTHING;
  },
};
