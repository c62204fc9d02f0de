import { wilson } from './scores.js';

/** An image that was scored: what it is, what it is told to be, and the probability of each class. */
export interface Told {
  label: number;
  predicted: number;
  probabilities: number[];
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: number[]) => (values.length === 0 ? null : sum(values) / values.length);
const ratio = (top: number, bottom: number) => (bottom === 0 ? null : top / bottom);

/** Each class against the others: counts, rates, areas by comparing every pair of images, DeLong's interval from its definition. */
export function detectionOf(images: Told[], classes: { key: string }[]) {
  return {
    score: 'probability',
    images: images.length,
    classes: classes.map(({ key }, c) => {
      const number = (has: boolean, told: boolean) =>
        images.filter(({ label, predicted }) => (label === c) === has && (predicted === c) === told).length;
      const [tp, fp, fn, tn] = [number(true, true), number(false, true), number(true, false), number(false, false)];
      const scores = (has: boolean) =>
        images.filter(({ label }) => (label === c) === has).map(({ probabilities }) => probabilities[c]);
      const [positives, negatives] = [scores(true), scores(false)];
      const sensitivity = ratio(tp, tp + fn);
      const specificity = ratio(tn, tn + fp);
      const { auc, interval } = delong(positives, negatives);
      return {
        ...{ key, counts: { tp, fp, fn, tn }, ranked: images.length, sensitivity, specificity, auc },
        precision: ratio(tp, tp + fp),
        negativePredictiveValue: ratio(tn, tn + fn),
        f1: ratio(2 * tp, 2 * tp + fp + fn),
        balancedAccuracy: sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2,
        averagePrecision: mean(
          positives.map(
            (p) => positives.filter((x) => x >= p).length / [...positives, ...negatives].filter((x) => x >= p).length,
          ),
        ),
        confidence95: {
          ...{ sensitivity: wilson(tp, tp + fn), specificity: wilson(tn, tn + fp), precision: wilson(tp, tp + fp) },
          ...{ negativePredictiveValue: wilson(tn, tn + fn), auc: interval },
        },
      };
    }),
  };
}

function delong(positives: number[], negatives: number[]) {
  if (positives.length === 0 || negatives.length === 0) return { auc: null, interval: null };
  const beats = (p: number, n: number) => (p > n ? 1 : p === n ? 0.5 : 0);
  const ofPositives = positives.map((p) => mean(negatives.map((n) => beats(p, n))) as number);
  const ofNegatives = negatives.map((n) => mean(positives.map((p) => beats(p, n))) as number);
  const auc = mean(ofPositives) as number;
  const spread = (values: number[]) => sum(values.map((v) => (v - auc) ** 2)) / (values.length - 1) / values.length;
  const half = 1.959963984540054 * Math.sqrt(spread(ofPositives) + spread(ofNegatives));
  const interval = half > 0 ? [Math.max(0, auc - half), Math.min(1, auc + half)] : null;
  return { auc, interval };
}

/** Expected and largest error in 15 bins of the answers' probabilities, Brier score and mean -ln. */
export function calibrationOf(images: Told[]) {
  const bins = Array.from({ length: 15 }, (_, b) =>
    images.filter(({ predicted, probabilities: p }) => p[predicted] > b / 15 && p[predicted] <= (b + 1) / 15),
  );
  const gaps = bins.map((bin) =>
    Math.abs(
      bin.filter(({ label, predicted }) => label === predicted).length -
        sum(bin.map(({ predicted, probabilities }) => probabilities[predicted])),
    ),
  );
  return {
    images: images.length,
    ece: ratio(sum(gaps), images.length),
    mce: Math.max(...gaps.map((gap, b) => (bins[b].length === 0 ? 0 : gap / bins[b].length))),
    brier: mean(
      images.map(({ label, probabilities }) => sum(probabilities.map((p, c) => (p - (c === label ? 1 : 0)) ** 2))),
    ),
    nll: mean(images.map(({ label, probabilities }) => -Math.log(probabilities[label]))),
  };
}
