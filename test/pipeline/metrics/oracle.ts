/**
 * Every figure straight from pixels, by the definitions as written and by code that shares nothing with src: slow on
 * purpose. Undefined is NaN here; `agrees` compares it with null.
 */
export interface OracleImage {
  split: string;
  source: string;
  /** Label of each pixel; null where the annotation can't be read. */
  truth: number[] | null;
  /** null where there is no prediction, or none that counts. */
  predicted: number[] | null;
}

type Measure = 'iou' | 'dice';

function pixelsWhere(image: OracleImage, test: (t: number, p: number) => boolean): number {
  let pixels = 0;
  for (let i = 0; i < image.truth!.length; i++) if (test(image.truth![i], image.predicted![i])) pixels++;
  return pixels;
}

function ratio(images: OracleImage[], c: number, measure: Measure, smooth: number): number {
  let both = 0;
  let either = 0;
  let sizes = 0;
  for (const image of images) {
    both += pixelsWhere(image, (t, p) => t === c && p === c);
    either += pixelsWhere(image, (t, p) => t === c || p === c);
    sizes += pixelsWhere(image, (t) => t === c) + pixelsWhere(image, (_, p) => p === c);
  }
  return measure === 'iou' ? (both + smooth) / (either + smooth) : (2 * both + smooth) / (sizes + smooth);
}

const average = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const isScored = (image: OracleImage) => image.truth !== null && image.predicted !== null;
const has = (labels: number[], c: number) => labels.includes(c);

export function oracleScores(all: OracleImage[], c: number, measure: Measure, batch: number): Record<string, number> {
  const images = all.filter(isScored);
  const each = images.map((image) => ratio([image], c, measure, 0));
  const batches: OracleImage[][] = [];
  for (let i = 0; i < images.length; i += batch) batches.push(images.slice(i, i + batch));
  return {
    pooled: ratio(images, c, measure, 0),
    imageMean: average(each.filter((x) => !Number.isNaN(x))),
    imageMeanTruth: average(each.filter((_, i) => has(images[i].truth!, c))),
    imageMeanSmoothed: average(images.map((image) => ratio([image], c, measure, 1e-5))),
    batchSmoothed: average(batches.map((some) => ratio(some, c, measure, 1e-5))),
    absentAsZero: average(each.map((x) => (Number.isNaN(x) ? 0 : x))),
  };
}

export function oracleOutcomes(images: OracleImage[], c: number): Record<string, number> {
  const counts = { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0, unscored: 0 };
  for (const image of images) {
    if (!isScored(image)) counts.unscored++;
    else if (pixelsWhere(image, (t, p) => t === c && p === c)) counts.hit++;
    else if (has(image.truth!, c) && has(image.predicted!, c)) counts.disjoint++;
    else if (has(image.truth!, c)) counts.miss++;
    else if (has(image.predicted!, c)) counts.false_alarm++;
    else counts.empty++;
  }
  return counts;
}

export function oraclePresence(labels: number[][], c: number) {
  const pixels = labels.flat().filter((x) => x === c).length;
  const images = labels.filter((one) => has(one, c)).length;
  return { pixels, pixelShare: pixels / labels.flat().length, images, imageShare: images / labels.length };
}

export function oracleConfusion(images: OracleImage[], classes: number): number[][] {
  const scored = images.filter(isScored);
  return Array.from({ length: classes }, (_, r) =>
    Array.from({ length: classes }, (__, k) =>
      scored.reduce((sum, image) => sum + pixelsWhere(image, (t, p) => t === r && p === k), 0),
    ),
  );
}

export function oracleWeights(truths: number[][], classes: number): Record<string, number>[] {
  const all = truths.flat().length;
  const pixels = (c: number) => truths.flat().filter((x) => x === c).length;
  const containing = (c: number) => truths.filter((one) => has(one, c));
  const frequency = (c: number) => pixels(c) / containing(c).flat().length;
  const present = Array.from({ length: classes }, (_, c) => c).filter((c) => pixels(c) > 0);
  const sorted = present.map(frequency).sort((a, b) => a - b);
  const median = average([sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]);
  const effective = (c: number) => (1 - 0.9999) / (1 - 0.9999 ** containing(c).length);
  const effectiveSum = present.reduce((sum, c) => sum + effective(c), 0);
  return Array.from({ length: classes }, (_, c) => {
    if (pixels(c) === 0) return { inverseFrequency: NaN, medianFrequency: NaN, effectiveNumber: NaN, enetLog: NaN };
    return {
      inverseFrequency: all / (classes * pixels(c)),
      medianFrequency: median / frequency(c),
      effectiveNumber: (effective(c) * present.length) / effectiveSum,
      enetLog: 1 / Math.log(1.02 + pixels(c) / all),
    };
  });
}

/** Equal within 1e-9 of 1 or of the value; null is NaN's only equal. */
export function agrees(actual: number | null, expected: number): boolean {
  if (actual === null || Number.isNaN(expected)) return actual === null && Number.isNaN(expected);
  return Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}
