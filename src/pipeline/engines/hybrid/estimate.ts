import type { StageWork } from '../engine.js';

/** What the stages of a hybrid had to do in a run, and what that says of its speed. */
export interface HybridWork {
  /** The gate first. */
  stages: StageWork[];
  /**
   * How many times as long the segmenters alone would have been at work on every image, by their time for those that they saw; null
   * where one of them saw none. An estimate: reading and measuring are the same for both and not in it.
   */
  estimatedSpeedup: number | null;
}

export function hybridWork(stages: readonly StageWork[]): HybridWork {
  const [gate, ...segmenters] = stages;
  const perImage = segmenters.map(({ seconds, images }) => (images === 0 ? null : seconds / images));
  let all = 0;
  let hybrid = gate.seconds;
  for (const [s, { sent }] of segmenters.entries()) {
    const each = perImage[s];
    if (each === null) return { stages: [...stages], estimatedSpeedup: null };
    all += each * gate.images;
    hybrid += each * sent;
  }
  return { stages: [...stages], estimatedSpeedup: hybrid > 0 ? all / hybrid : null };
}
