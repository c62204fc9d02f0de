import type { GateOutput, KeptBack, LabelMap, ModelOutput } from '../engine.js';

/** What a segmenter said of an image, and which of its classes the gate let through and kept back. */
export interface Segmented {
  output: ModelOutput;
  passed: readonly number[];
  keptBack: readonly number[];
}

/**
 * The prediction of a hybrid: pixels of each class that the gate let through, from its segmenter; the rest is background. A pixel
 * that two segmenters claim is of the class that the gate holds more probable, of equals the first.
 *
 * Its grid is that of the largest segmenter whose classes were let through, without one the image's own.
 * @param gate what the classifier gave, on its grid of one pixel; `gateOutput` is that in the dataset's classes
 */
export function compose(
  gate: Pick<ModelOutput, 'nonFinite' | 'sumError'>,
  gateOutput: Pick<GateOutput, 'probabilities' | 'passed'>,
  segmented: readonly Segmented[],
  image: { width: number; height: number },
): ModelOutput {
  const { probabilities, passed } = gateOutput;
  const asked = segmented.filter((of) => of.passed.length > 0);
  const maxProbability = probabilities.map((_, c) => {
    const by = asked.find((of) => of.passed.includes(c));
    return by ? by.output.maxProbability[c] : null;
  });
  const claims = asked.flatMap(({ output, passed: classes }) => classes.map((c) => ({ c, output })));
  const isBefore = (a: number, b: number) => precedes(probabilities, a, b);
  const map = paint(
    claims.sort((a, b) => (isBefore(a.c, b.c) ? 1 : -1)),
    image,
  );
  const keptBack = segmented
    .filter((of) => of.keptBack.length > 0 && !of.output.nonFinite)
    .map(({ output, keptBack: classes }) => without(output, classes, map, isBefore));
  const used = [gate, ...asked.map(({ output }) => output)];
  return {
    ...map,
    maxProbability,
    constant: asked.some(({ output }) => output.constant),
    nonFinite: used.some(({ nonFinite }) => nonFinite),
    sumError: largest(used.map(({ sumError }) => sumError)),
    gate: { probabilities, passed, ...(keptBack.length > 0 && { keptBack }) },
  };
}

/** Whether pixels that both classes claim are of the first. */
function precedes(probabilities: GateOutput['probabilities'], a: number, b: number): boolean {
  const [p, q] = [probabilities[a] ?? 0, probabilities[b] ?? 0];
  return p === q ? a < b : p > q;
}

/** Paints claims one over the other. */
function paint(claims: readonly { c: number; output: LabelMap }[], image: { width: number; height: number }): LabelMap {
  if (claims.length === 0) return background(image);
  const { width, height } = claims.reduce(
    (most, { output }) => (output.width * output.height > most.width * most.height ? output : most),
    claims[0].output,
  );
  const labels = new Uint8Array(width * height);
  for (const { c, output } of claims) {
    const from = onGrid(output, width, height);
    for (let i = 0; i < labels.length; i++) if (from[i] === c) labels[i] = c;
  }
  return { width, height, labels };
}

/** Pixels that classes would have had, had the gate let each of them through beside those that it did. */
function without(
  { width, height, labels }: LabelMap,
  classes: readonly number[],
  predicted: LabelMap,
  isBefore: (a: number, b: number) => boolean,
): KeptBack {
  const taken = onGrid(predicted, width, height);
  const wanted = new Uint8Array(256);
  for (const c of classes) wanted[c] = 1;
  const left = labels.map((c, i) => (wanted[c] === 1 && (taken[i] === 0 || isBefore(c, taken[i])) ? c : 0));
  return { width, height, labels: left, classes: [...classes] };
}

let nothing: LabelMap = { width: 0, height: 0, labels: new Uint8Array(0) };

/** Most images of a hybrid have no pixel of anything, and most are of one size: they share one map. */
function background({ width, height }: { width: number; height: number }): LabelMap {
  if (nothing.width !== width || nothing.height !== height) {
    nothing = { width, height, labels: new Uint8Array(width * height) };
  }
  return nothing;
}

/** Labels by nearest neighbour, as the kernels' `resizeNearest` takes them. */
function onGrid({ width, height, labels }: LabelMap, outWidth: number, outHeight: number): Uint8Array {
  if (width === outWidth && height === outHeight) return labels;
  const out = new Uint8Array(outWidth * outHeight);
  const from = Array.from({ length: outWidth }, (_, x) => Math.floor(((2 * x + 1) * width) / (2 * outWidth)));
  for (let y = 0; y < outHeight; y++) {
    const row = width * Math.floor(((2 * y + 1) * height) / (2 * outHeight));
    for (let x = 0; x < outWidth; x++) out[y * outWidth + x] = labels[row + from[x]];
  }
  return out;
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
