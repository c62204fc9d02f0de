/**
 * Images in descending order of a score, as the steps of a threshold that goes down: everything that is asked of a
 * score (ROC, precision and recall, thresholds) is asked of these. Images of one score are one step, since no threshold
 * comes between them.
 */
export interface Ranking {
  /** Images with and without the class. */
  positives: number;
  negatives: number;
  /** The distinct scores, descending; an image is told positive where its score is at least the threshold. */
  thresholds: Float64Array;
  /** Positive and negative images told positive at each threshold, ascending; the last are all. */
  hits: Uint32Array;
  alarms: Uint32Array;
}

/**
 * @param positive per image, whether it has the class
 * @param scores per image, the higher the surer of the class; an image whose score is NaN has none, and is left out
 */
export function rank(positive: ArrayLike<boolean | number>, scores: ArrayLike<number>): Ranking {
  const ofPositives = new Float64Array(scores.length);
  const ofNegatives = new Float64Array(scores.length);
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < scores.length; i++) {
    // 0 is added so that -0 and 0, which are equal but sorted apart, are one score.
    const score = scores[i] + 0;
    if (Number.isNaN(score)) continue;
    if (positive[i]) ofPositives[positives++] = score;
    else ofNegatives[negatives++] = score;
  }
  // Sorting two arrays of numbers is many times faster than sorting one of images.
  return merged(ofPositives.subarray(0, positives).sort(), ofNegatives.subarray(0, negatives).sort());
}

/** Both ascending. */
function merged(ofPositives: Float64Array, ofNegatives: Float64Array): Ranking {
  const most = ofPositives.length + ofNegatives.length;
  const thresholds = new Float64Array(most);
  const hits = new Uint32Array(most);
  const alarms = new Uint32Array(most);
  let p = ofPositives.length - 1;
  let n = ofNegatives.length - 1;
  let steps = 0;
  while (p >= 0 || n >= 0) {
    const score = n < 0 || (p >= 0 && ofPositives[p] > ofNegatives[n]) ? ofPositives[p] : ofNegatives[n];
    while (p >= 0 && ofPositives[p] === score) p--;
    while (n >= 0 && ofNegatives[n] === score) n--;
    thresholds[steps] = score;
    hits[steps] = ofPositives.length - 1 - p;
    alarms[steps] = ofNegatives.length - 1 - n;
    steps++;
  }
  return {
    positives: ofPositives.length,
    negatives: ofNegatives.length,
    thresholds: thresholds.subarray(0, steps),
    hits: hits.subarray(0, steps),
    alarms: alarms.subarray(0, steps),
  };
}
