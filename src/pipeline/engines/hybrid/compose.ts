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
  const claims = asked.flatMap(({ output, passed: classes }) => claimsOf(classes, output));
  const map = paint(claims, probabilities, image);
  const keptBack = segmented
    .filter((of) => of.keptBack.length > 0 && !of.output.nonFinite)
    .map(({ output, keptBack: classes }): KeptBack => {
      const beside = paint([...claims, ...claimsOf(classes, output)], probabilities, image);
      return { ...beside, labels: beside.labels.map((c) => (classes.includes(c) ? c : 0)), classes: [...classes] };
    });
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

/** A class of a segmenter's map, that is to have its pixels of it. */
interface Claim {
  c: number;
  output: LabelMap;
}

const claimsOf = (classes: readonly number[], output: LabelMap): Claim[] => classes.map((c) => ({ c, output }));

/** Paints claims one over the other, the most probable last, on the largest grid among them. */
function paint(
  claims: readonly Claim[],
  probabilities: GateOutput['probabilities'],
  image: { width: number; height: number },
): LabelMap {
  if (claims.length === 0) return background(image);
  const inOrder = [...claims].sort((a, b) => (probabilities[a.c] ?? 0) - (probabilities[b.c] ?? 0) || b.c - a.c);
  const { width, height } = inOrder.reduce(
    (most, { output }) => (output.width * output.height > most.width * most.height ? output : most),
    inOrder[0].output,
  );
  const labels = new Uint8Array(width * height);
  for (const { c, output } of inOrder) {
    const from = onGrid(output, width, height);
    for (let i = 0; i < labels.length; i++) if (from[i] === c) labels[i] = c;
  }
  return { width, height, labels };
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
