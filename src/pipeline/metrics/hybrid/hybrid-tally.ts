import type { DatasetSpec } from '../../dataset/dataset.js';
import { type GatedClass, gatedClasses, type HybridSettings } from '../../engines/hybrid/settings.js';
import type { GateRecord, ImageRecord } from '../../record.js';
import type { HybridClassSummary, HybridSummary } from '../../summary.js';
import { overlapCounts } from '../counts.js';
import { rank } from '../detection/ranking.js';
import { rocAuc } from '../detection/roc-auc.js';
import { thresholdGrid } from './threshold-grid.js';
import { type Found, type GatedImage, thresholdRow } from './threshold-table.js';

export interface HybridTally {
  /** In any order. Some tens of bytes of an image are kept. */
  add(record: ImageRecord): void;
  finish(): HybridSummary;
}

/** Gathers where each image of a hybrid's run was decided. */
export function startHybridTally(dataset: Pick<DatasetSpec, 'classes'>, settings: HybridSettings): HybridTally {
  const gated = gatedClasses(settings, dataset);
  const kept = gated.map(() => startImages());
  let images = 0;
  let segmented = 0;

  return {
    add(record) {
      const { gate } = record;
      if (gate === undefined) return;
      images++;
      if (gate.passed.length > 0) segmented++;
      gated.forEach((of, g) => {
        const image = imageOf(record, gate, of, gated);
        if (image !== null) kept[g].add(image);
      });
    },
    finish: () => ({
      segmentAll: settings.segmentAll,
      images,
      segmented,
      segmentedShare: images === 0 ? null : segmented / images,
      classes: gated.map((of, g) => summaryOf(of, kept[g])),
    }),
  };
}

/** An image as a class sees it; null where the gate gave no number for it. */
function imageOf(
  { status, confusion }: ImageRecord,
  gate: GateRecord,
  { spec, segmenter }: GatedClass,
  gated: readonly GatedClass[],
): GatedImage | null {
  const { index } = spec;
  const probability = gate.probabilities[index];
  if (probability === null) return null;
  const others = gated.filter((other) => other.segmenter === segmenter && other.spec !== spec);
  const otherwise = others.some((other) => gate.passed.includes(other.spec.index));
  if (status !== 'scored' || confusion === null) return { probability, positive: null, found: null, otherwise };
  const { tp, fp, fn } = overlapCounts(confusion, index);
  const seen = gate.passed.includes(index) ? { predicted: tp + fp, tp } : (gate.keptBack?.[index] ?? null);
  return { probability, positive: tp + fn > 0, found: seen && foundOf(seen), otherwise };
}

function foundOf({ predicted, tp }: { predicted: number; tp: number }): Found {
  return predicted === 0 ? 'nothing' : tp > 0 ? 'right' : 'wrong';
}

function summaryOf({ spec, threshold }: GatedClass, kept: Images): HybridClassSummary {
  const all = [...kept.read()];
  const probabilities = (of: boolean) =>
    all.filter(({ positive }) => positive === of).map(({ probability }) => probability);
  const [positives, negatives] = [probabilities(true), probabilities(false)];
  const isPositive = [...positives.map(() => true), ...negatives.map(() => false)];
  const auc = rocAuc(rank(isPositive, [...positives, ...negatives]));
  const thresholds = thresholdGrid(positives, negatives, threshold).map((at) => thresholdRow(all, at));
  const { hits, misses, disjoint, falseAlarms } = thresholdRow(all, threshold);
  return {
    index: spec.index,
    key: spec.key,
    threshold,
    passed: all.filter(({ probability }) => probability >= threshold).length,
    positives: positives.length,
    negatives: negatives.length,
    gateAuc: auc.value,
    confidence95: { gateAuc: auc.confidence95 },
    ...{ hits, misses, disjoint, falseAlarms },
    thresholds,
  };
}

type Images = ReturnType<typeof startImages>;

const FOUND: readonly Found[] = [null, 'nothing', 'wrong', 'right'];
const POSITIVE = [null, false, true] as const;

/** Images in a few bytes each. */
function startImages() {
  const probabilities: number[] = [];
  const states: number[] = [];
  return {
    add({ probability, positive, found, otherwise }: GatedImage): void {
      probabilities.push(probability);
      states.push(POSITIVE.indexOf(positive) + 3 * (FOUND.indexOf(found) + 4 * Number(otherwise)));
    },
    *read(): Generator<GatedImage> {
      for (let i = 0; i < states.length; i++) {
        const found = Math.floor(states[i] / 3);
        yield {
          probability: probabilities[i],
          positive: POSITIVE[states[i] % 3],
          found: FOUND[found % 4],
          otherwise: found >= 4,
        };
      }
    },
  };
}
