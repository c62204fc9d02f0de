/**
 * The contract's section "Metrics, defined once", computed from pixels in the plainest way there is: loops over label
 * maps, one pass a figure. Undefined is null.
 */
export const CONVENTIONS = [
  'pooled',
  'imageMean',
  'imageMeanTruth',
  'imageMeanSmoothed',
  'batchSmoothed',
  'absentAsZero',
] as const;
export type Scores = Record<(typeof CONVENTIONS)[number], number | null>;
export const OUTCOMES = ['hit', 'miss', 'false_alarm', 'disjoint', 'empty', 'unscored'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface ClassName {
  index: number;
  key: string;
  name: string;
}

/** Label maps of one image: `truth` null where the annotation can't be read, `predicted` null where unscored. */
export interface Pair {
  truth: Uint8Array | null;
  predicted: Uint8Array | null;
}

/** Pixels of one image and class; the last three null where unscored, all null where nothing could be read. */
export interface Counts {
  truth: number | null;
  predicted: number | null;
  tp: number | null;
  fp: number | null;
  fn: number | null;
}

const SMOOTH = 1e-5;
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: number[]) => (values.length === 0 ? null : sum(values) / values.length);
const ratio = (top: number, bottom: number) => (bottom === 0 ? null : top / bottom);

/** Counts one class; pixels whose truth is `ignore` count nowhere. */
export function countClass({ truth, predicted }: Pair, index: number, ignore: number | null): Counts {
  const counts: Counts = { truth: null, predicted: null, tp: null, fp: null, fn: null };
  if (truth === null) return counts;
  const kept = [...truth.keys()].filter((i) => truth[i] !== ignore);
  counts.truth = kept.filter((i) => truth[i] === index).length;
  if (predicted === null) return counts;
  counts.predicted = kept.filter((i) => predicted[i] === index).length;
  counts.tp = kept.filter((i) => truth[i] === index && predicted[i] === index).length;
  counts.fp = kept.filter((i) => truth[i] !== index && predicted[i] === index).length;
  counts.fn = kept.filter((i) => truth[i] === index && predicted[i] !== index).length;
  return counts;
}

export function outcomeOf({ truth, predicted, tp }: Counts): Outcome {
  if (truth === null || predicted === null || tp === null) return 'unscored';
  if (tp > 0) return 'hit';
  if (truth > 0) return predicted > 0 ? 'disjoint' : 'miss';
  return predicted > 0 ? 'false_alarm' : 'empty';
}

export function iouOf({ tp, fp, fn }: Counts): number | null {
  return tp === null ? null : ratio(tp, tp + fp! + fn!);
}

export function diceOf({ tp, fp, fn }: Counts): number | null {
  return tp === null ? null : ratio(2 * tp, 2 * tp + fp! + fn!);
}

/** Share of an image's pixels that are labelled right. */
export function accuracyOf({ truth, predicted }: Pair, ignore: number | null): number | null {
  if (truth === null || predicted === null) return null;
  const kept = [...truth.keys()].filter((i) => truth[i] !== ignore);
  return ratio(kept.filter((i) => truth[i] === predicted[i]).length, kept.length);
}

/** Six conventions of IoU (`weight` 1) or Dice (`weight` 2): weight tp / (weight tp + fp + fn). In images.csv's order. */
export function conventions(counts: Counts[], weight: 1 | 2, batch: number): Scores {
  const scored = counts.filter((c) => c.tp !== null) as Record<keyof Counts, number>[];
  const plain = (c: { tp: number; fp: number; fn: number }) => ratio(weight * c.tp, weight * c.tp + c.fp + c.fn);
  const smooth = (c: { tp: number; fp: number; fn: number }) =>
    (weight * c.tp + SMOOTH) / (weight * c.tp + c.fp + c.fn + SMOOTH);
  const pool = (some: typeof scored) => ({
    tp: sum(some.map((c) => c.tp)),
    fp: sum(some.map((c) => c.fp)),
    fn: sum(some.map((c) => c.fn)),
  });
  const batches: (typeof scored)[] = [];
  for (let at = 0; at < scored.length; at += batch) batches.push(scored.slice(at, at + batch));
  const defined = (some: typeof scored) => some.map(plain).filter((x) => x !== null);
  return {
    pooled: plain(pool(scored)),
    imageMean: mean(defined(scored)),
    imageMeanTruth: mean(defined(scored.filter((c) => c.truth > 0))),
    imageMeanSmoothed: mean(scored.map(smooth)),
    batchSmoothed: mean(batches.map((some) => smooth(pool(some)))),
    absentAsZero: mean(scored.map((c) => plain(c) ?? 0)),
  };
}

/** Wilson's interval of `hits` of `n` at 95 %. */
export function wilson(hits: number, n: number): [number, number] | null {
  if (n === 0) return null;
  const z = 1.959963984540054;
  const p = hits / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [middle - half, middle + half];
}

/** The four weights of each class from the readable annotations alone. */
export function weightsOf(truths: Uint8Array[], classes: ClassName[], ignore: number | null) {
  const total = truths.map((map) => map.filter((v) => v !== ignore).length);
  const pixels = classes.map((c) => truths.map((map) => map.filter((v) => v === c.index).length));
  const images = pixels.map((row) => row.filter((n) => n > 0).length);
  const n = pixels.map(sum);
  const all = sum(total);
  const frequency = classes.map((_, c) => ratio(n[c], sum(total.filter((_, i) => pixels[c][i] > 0))));
  const middle = median(frequency.filter((f) => f !== null && f > 0) as number[]);
  const effective = images.map((m) => (m === 0 ? null : (1 - 0.9999) / (1 - 0.9999 ** m)));
  const occurring = images.filter((m) => m > 0).length;
  const scale = occurring / sum(effective.filter((e) => e !== null));
  return classes.map((_, c) =>
    n[c] === 0
      ? { inverseFrequency: null, medianFrequency: null, effectiveNumber: null, enetLog: null }
      : {
          inverseFrequency: all / (classes.length * n[c]),
          medianFrequency: middle! / frequency[c]!,
          effectiveNumber: effective[c]! * scale,
          enetLog: 1 / Math.log(1.02 + n[c] / all),
        },
  );
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** What summary.json says of a group of images, as far as the contract determines it. */
export function summaryOf(pairs: Pair[], classes: ClassName[], ignore: number | null, batch = 32) {
  const truths = pairs.map((p) => p.truth).filter((t) => t !== null);
  const scored = pairs.filter((p) => p.truth !== null && p.predicted !== null);
  const confusion = classes.map(() => classes.map(() => 0));
  for (const { truth, predicted } of scored) {
    for (let i = 0; i < truth!.length; i++) if (truth![i] !== ignore) confusion[truth![i]][predicted![i]]++;
  }
  const truthTotal = sum(truths.map((t) => t.filter((v) => v !== ignore).length));
  const scoredTotal = sum(confusion.flat());
  const weights = weightsOf(truths, classes, ignore);
  const rows = classes.map((c, k) => {
    const counts = pairs.map((p) => countClass(p, c.index, ignore));
    const outcomes = counts.map(outcomeOf);
    const number = (name: Outcome) => outcomes.filter((o) => o === name).length;
    const seen = counts.filter((x) => x.truth !== null).map((x) => x.truth!);
    const guessed = counts.filter((x) => x.predicted !== null).map((x) => x.predicted!);
    const iou = conventions(counts, 1, batch);
    return {
      ...c,
      truth: presence(seen, truthTotal),
      predicted: presence(guessed, scoredTotal),
      outcomes: Object.fromEntries(OUTCOMES.map((o) => [o, number(o)])) as Record<Outcome, number>,
      iou,
      dice: conventions(counts, 2, batch),
      confidence95: { sensitivity: wilson(number('hit'), number('hit') + number('miss') + number('disjoint')) },
      emptyPerfect: number('empty'),
      inflation: iou.pooled === null ? null : iou.imageMeanSmoothed! - iou.pooled,
      weights: weights[k],
    };
  });
  const background = sum(truths.map((t) => t.filter((v) => v === 0).length));
  return {
    images: pairs.length,
    scored: scored.length,
    unscored: pairs.length - scored.length,
    classes: rows,
    confusion,
    accuracy: ratio(sum(confusion.map((row, c) => row[c])), scoredTotal),
    backgroundAccuracy: ratio(background, truthTotal),
    meanIou: means(rows.map((r) => r.iou)),
    meanDice: means(rows.map((r) => r.dice)),
    detection: scored.length === 0 ? null : { classes: classes.map((c) => toldByAnyPixel(scored, c.index, ignore)) },
  };
}

/** A segmenter as a classifier: an image has the class where any pixel does, and its score is the predicted pixels. */
function toldByAnyPixel(scored: Pair[], index: number, ignore: number | null) {
  const counts = scored.map((pair) => countClass(pair, index, ignore) as Record<keyof Counts, number>);
  const number = (has: boolean, told: boolean) =>
    counts.filter((c) => c.truth > 0 === has && c.predicted > 0 === told).length;
  const positives = counts.filter((c) => c.truth > 0).map((c) => c.predicted);
  const negatives = counts.filter((c) => c.truth === 0).map((c) => c.predicted);
  const won = sum(positives.map((p) => sum(negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)))));
  const [tp, fp, fn, tn] = [number(true, true), number(false, true), number(true, false), number(false, false)];
  return {
    counts: { tp, fp, fn, tn },
    sensitivity: ratio(tp, tp + fn),
    specificity: ratio(tn, tn + fp),
    precision: ratio(tp, tp + fp),
    negativePredictiveValue: ratio(tn, tn + fn),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    auc: ratio(won, positives.length * negatives.length),
    averagePrecision: mean(
      positives.map((p) => positives.filter((x) => x >= p).length / counts.filter((c) => c.predicted >= p).length),
    ),
    confidence95: { specificity: wilson(tn, tn + fp), precision: wilson(tp, tp + fp) },
  };
}
export type ExpectedSummary = ReturnType<typeof summaryOf>;

function presence(pixels: number[], total: number) {
  const images = pixels.filter((n) => n > 0).length;
  return {
    pixels: sum(pixels),
    pixelShare: ratio(sum(pixels), total),
    images,
    imageShare: ratio(images, pixels.length),
  };
}

function means(scores: Scores[]) {
  const over = (some: Scores[]) => {
    const at = (name: keyof Scores) => some.map((s) => s[name]).filter((x) => x !== null);
    return {
      ...(Object.fromEntries(CONVENTIONS.map((name) => [name, mean(at(name))])) as Scores),
      classes: Object.fromEntries(CONVENTIONS.map((name) => [name, at(name).length])),
    };
  };
  return { all: over(scores), foreground: over(scores.slice(1)) };
}
