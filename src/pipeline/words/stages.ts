import type { GatedClass } from '../engines/hybrid/settings.js';
import type { GateRecord } from '../record.js';
import type { HybridClassSummary, HybridSummary } from '../summary.js';
import { count, counted, score, share } from './figures.js';
import { shortened, visible } from './visible-text.js';

/** At which stage of a hybrid the misses of each class were made, and how many images reached the second. */
export function stageWords(hybrid: HybridSummary, keys: readonly string[] | null): string {
  const classes = hybrid.classes.filter(({ key }) => keys === null || keys.includes(key));
  return [...classes.map(missWords), `${sentWords(hybrid)}.`].join('; ');
}

function missWords({ key, misses: { gate, segmenter }, positives }: HybridClassSummary): string {
  const name = shortened(visible(key), 32);
  const all = gate + (segmenter ?? 0);
  if (positives === 0) return `${name}: no positive image`;
  if (all === 0) return `${name}: no miss at the gate and none behind it`;
  return `${name}: ${count(gate)} of ${counted(all, 'miss', 'misses')} at the gate, ${count(segmenter ?? 0)} behind it`;
}

/** `412 of 800 images (51.5 %) reached a segmenter`. */
export function sentWords({ images, segmented, segmentedShare }: HybridSummary): string {
  return `${count(segmented)} of ${counted(images, 'image')} (${share(segmentedShare)}) reached a segmenter`;
}

/** What the gate said of an image, a sentence for each class that it decides about. */
export function gateWords(
  { probabilities, passed, keptBack }: GateRecord,
  gated: readonly Pick<GatedClass, 'spec' | 'threshold'>[],
): string[] {
  return gated.map(({ spec: { index, key }, threshold }) => {
    const said = `gate: ${shortened(visible(key), 32)} ${score(probabilities[index])} of at least ${threshold}`;
    const alone = keptBack?.[index];
    const found = alone ? `, the segmenter would mark ${counted(alone.predicted, 'pixel')}` : '';
    return `${said}: ${passed.includes(index) ? 'on to the segmenter' : `kept back${found}`}`;
  });
}

/**
 * At most `most` rows of a table over thresholds: its ends, the one in force, and others between them, evenly.
 */
export function someThresholds({ threshold, thresholds }: HybridClassSummary, most: number) {
  if (thresholds.length <= most) return thresholds;
  const inForce = thresholds.findIndex((row) => row.threshold === threshold);
  const last = thresholds.length - 1;
  const chosen = new Set([0, inForce, last]);
  // From the widest gap to the narrowest, its middle.
  while (chosen.size < most) {
    const sorted = [...chosen].sort((a, b) => a - b);
    const gaps = sorted.slice(1).map((to, i) => ({ from: sorted[i], to }));
    const { from, to } = gaps.reduce((widest, gap) => (gap.to - gap.from > widest.to - widest.from ? gap : widest));
    chosen.add(Math.floor((from + to) / 2));
  }
  return thresholds.filter((_, i) => chosen.has(i));
}
