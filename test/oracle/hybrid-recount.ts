/** What a hybrid has to say of an image, and what comes of a set, from what its models say when each is asked alone. */
import { countClass, type Outcome, outcomeOf } from './scores.js';
import type { Bitmap } from './shapes.js';

/** Which model marks a class, and from which probability the gate lets an image through for it. */
export interface Gated {
  index: number;
  key: string;
  threshold: number;
  model: string;
}

/** An image, with the gate's probability of each class by index and each segmenter's own label map, on the annotation's grid. */
export interface Asked {
  /** Null where there is nothing to compare with. */
  truth: Bitmap | null;
  probability: number[];
  maps: Record<string, Bitmap>;
}

/** The contract of a hybrid: the segmenter's own pixels where the gate's probability is at least the threshold, else none. */
export function hybridMap({ probability, maps }: Asked, gated: readonly Gated[]): Bitmap {
  const passing = gated.filter(({ index, threshold }) => probability[index] >= threshold);
  const [any] = Object.values(maps);
  return any.map((_, i) => {
    let best: Gated | null = null;
    for (const of of passing) {
      if (maps[of.model][i] !== of.index) continue;
      if (best === null || probability[of.index] > probability[best.index]) best = of;
    }
    return best?.index ?? 0;
  });
}

export interface Counted {
  hits: number;
  misses: { gate: number; segmenter: number };
  disjoint: number;
  falseAlarms: number;
  positives: number;
  negatives: number;
  /** Images that this class's segmenter looks at, and those that went on for the class itself. */
  segmented: number;
  passed: number;
  /** Scored images that go on here and that no segmenter of the class looks at with the thresholds in force. */
  unseen: { positives: number; negatives: number };
}

/** The images as a class sees them, were its threshold `at` and those of the others in force. `gated` in index order. */
export function recount(images: readonly Asked[], gated: readonly Gated[], of: Gated, at: number): Counted {
  const moved = gated.map((each) => (each === of ? { ...each, threshold: at } : each));
  const counted: Counted = {
    ...{ hits: 0, misses: { gate: 0, segmenter: 0 }, disjoint: 0, falseAlarms: 0, positives: 0, negatives: 0 },
    ...{ segmented: 0, passed: 0, unseen: { positives: 0, negatives: 0 } },
  };
  for (const image of images) {
    const goesOn = (some: readonly Gated[]) => (each: Gated) =>
      some.some((g) => g.key === each.key && image.probability[g.index] >= g.threshold);
    const sameModel = gated.filter(({ model }) => model === of.model);
    const passes = image.probability[of.index] >= at;
    if (passes) counted.passed++;
    if (sameModel.some(goesOn(moved))) counted.segmented++;
    if (image.truth === null) continue;
    const predicted = hybridMap(image, moved);
    const outcome: Outcome = outcomeOf(countClass({ truth: image.truth, predicted }, of.index, null));
    const positive = image.truth.includes(of.index);
    counted[positive ? 'positives' : 'negatives']++;
    if (passes && !sameModel.some(goesOn(gated))) counted.unseen[positive ? 'positives' : 'negatives']++;
    if (outcome === 'hit') counted.hits++;
    if (outcome === 'disjoint') counted.disjoint++;
    if (outcome === 'false_alarm') counted.falseAlarms++;
    if (outcome === 'miss') counted.misses[passes ? 'segmenter' : 'gate']++;
  }
  return counted;
}

/** Of all pairs of a positive and a negative image the share in which the positive one has the higher probability; equals half. */
export function mannWhitney(images: readonly Asked[], index: number): number | null {
  const of = (positive: boolean) =>
    images.flatMap(({ truth, probability }) =>
      truth !== null && truth.includes(index) === positive ? [probability[index]] : [],
    );
  const [positives, negatives] = [of(true), of(false)];
  if (positives.length === 0 || negatives.length === 0) return null;
  const wins = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)) as number[]);
  return wins.reduce((a, b) => a + b, 0) / wins.length;
}
