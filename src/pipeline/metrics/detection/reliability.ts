/** Images whose confidence is above `low` and at most `high` (the first bin has 0 too). */
export interface ReliabilityBin {
  low: number;
  high: number;
  images: number;
  /** Mean confidence and share told right; null in an empty bin. */
  confidence: number | null;
  accuracy: number | null;
}

/** How far a model's confidence is from how often it is right. */
export interface Reliability {
  /** Expected calibration error: mean over images of their bin's |accuracy - confidence|; null without any. */
  ece: number | null;
  /** The largest of a bin. */
  mce: number | null;
  bins: ReliabilityBin[];
}

/**
 * By bins of equal width, as Guo et al. 2017, arXiv:1706.04599, section 2.
 * @param confidence per image, the probability of the class that it is told to be, 0..1
 * @param correct per image, whether it is that
 */
export function reliability(
  confidence: ArrayLike<number>,
  correct: ArrayLike<boolean | number>,
  bins = 15,
): Reliability {
  const tally = startReliability(bins);
  for (let i = 0; i < confidence.length; i++) tally.add(confidence[i], Boolean(correct[i]));
  return tally.finish();
}

/** The same while images go by; memory is that of the bins. */
export function startReliability(bins = 15) {
  const images = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const right = new Float64Array(bins);
  return {
    add(confidence: number, correct: boolean): void {
      const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
      images[bin]++;
      confidences[bin] += confidence;
      if (correct) right[bin]++;
    },
    finish(): Reliability {
      let all = 0;
      let sum = 0;
      let most = 0;
      for (let b = 0; b < bins; b++) {
        if (images[b] === 0) continue;
        const gap = Math.abs(right[b] - confidences[b]);
        all += images[b];
        sum += gap;
        most = Math.max(most, gap / images[b]);
      }
      return {
        ece: all === 0 ? null : sum / all,
        mce: all === 0 ? null : most,
        bins: Array.from(images, (count, b) => ({
          low: b / bins,
          high: (b + 1) / bins,
          images: count,
          confidence: count === 0 ? null : confidences[b] / count,
          accuracy: count === 0 ? null : right[b] / count,
        })),
      };
    },
  };
}
