import { countClass, type ExpectedSummary, iouOf, outcomeOf } from './scores.js';
import type { World } from './world.js';

export type Severity = 'error' | 'warning' | 'info';

/** A finding that has to be there: the rule, and the files of which it has to name one in `path` or `related_path`. */
export interface Fault {
  rule: string;
  /** Empty: the rule is about the set, no file. */
  files: string[];
  class?: string;
  severity?: Severity;
  /** In whichever files it appears. */
  anywhere?: boolean;
}

const ERRORS = ['D001', 'D003', 'D004', 'D007', 'D009', 'L001', 'L003', 'L005', 'M001', 'M002', 'P001', 'P007'];
const INFOS = ['L009', 'D005', 'P005'];

/** The severities that the contract lets a rule have when the configuration changes none. */
export function severitiesOf(rule: string): Severity[] {
  if (rule === 'M001') return ['error', 'warning'];
  if (rule === 'L009' || rule === 'D005') return ['info', 'warning'];
  return [ERRORS.includes(rule) ? 'error' : INFOS.includes(rule) ? 'info' : 'warning'];
}

/** Classes for which a positive image is one that has the class: not the background, and not the lung of an X-ray. */
export const findable = (world: World) => world.classes.filter((c) => c.index > 0 && c.key !== 'lung');

export interface ImageRule {
  rule: string;
  image: string;
  class: string;
}

/** P001 and P002 as outcomes determine them, P003 where IoU is below 0.5 though pixels were hit. */
export function imageRules(world: World, iouBelow = 0.5): ImageRule[] {
  return world.samples.flatMap((sample) =>
    findable(world).flatMap((c) => {
      const counts = countClass(sample, c.index, world.ignore);
      const outcome = outcomeOf(counts);
      const about = { image: sample.image, class: c.key };
      if (outcome === 'miss') return [{ rule: 'P001', ...about }];
      if (outcome === 'false_alarm') return [{ rule: 'P002', ...about }];
      if (outcome === 'hit' && iouOf(counts)! < iouBelow) return [{ rule: 'P003', ...about }];
      return [];
    }),
  );
}

/** Images for which P007 is due: annotated, and no prediction that could be scored. */
export function unpredicted(world: World): string[] {
  if (world.predictions === null) return [];
  return world.samples.filter((s) => s.truth !== null && s.predicted === null).map((s) => s.image);
}

/**
 * M001, M002 and M003 as the figures determine them. M001 is about a score "that empty masks made": without a single
 * image that is empty in both masks it isn't asked for.
 */
export function scoreRules(expected: ExpectedSummary): { rule: string; class: string; severity: Severity }[] {
  if (expected.scored === 0) return [];
  return expected.classes.flatMap((c) => {
    const out: { rule: string; class: string; severity: Severity }[] = [];
    const inScored = c.outcomes.hit + c.outcomes.miss + c.outcomes.disjoint;
    if (inScored === 0) out.push({ rule: 'M002', class: c.key, severity: 'error' });
    if (inScored > 0 && c.predicted.pixels === 0) out.push({ rule: 'M003', class: c.key, severity: 'warning' });
    const { pooled, imageMeanSmoothed: smoothed } = c.iou;
    if (pooled === null) out.push({ rule: 'M001', class: c.key, severity: 'error' });
    else if (smoothed! - pooled > 0.1 && c.emptyPerfect > 0)
      out.push({ rule: 'M001', class: c.key, severity: pooled < 0.1 ? 'error' : 'warning' });
    return out;
  });
}
