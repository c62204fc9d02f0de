/** The smallest normal 32-bit float: what a network's softmax gives below it, 0 included, is not told apart. */
const SMALLEST = 2 ** -126;

/** What `fitTemperature` answers at the least and at the most. */
export const TEMPERATURES: readonly [number, number] = [0.05, 20];

/**
 * Probabilities as if the logits had been divided by a temperature: softmax(ln(p) / T), which needs no logits, since
 * ln(p) are the logits but for a constant. Above 1 they come closer to each other; which is the largest stays.
 * @param temperature above 0
 */
export function scaleByTemperature(probabilities: ArrayLike<number>, temperature: number): number[] {
  // At 1 nothing changes, to the last digit.
  if (temperature === 1) return Array.from(probabilities);
  const logits = Array.from(probabilities, (p) => Math.log(Math.max(p, SMALLEST)) / temperature);
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * The temperature that minimises the mean -ln of the true class's scaled probability (Guo et al. 2017,
 * arXiv:1706.04599, section 4.2), to be fitted on images that the model was not trained on.
 *
 * The mean is convex in 1 / T, so its slope is bisected. It has no minimum where every image's true class is the most
 * probable one (certainty is never punished, T would go to 0) or where answers are worse than none (T would go to
 * infinity): then the answer is the bound, 0.05 or 20. Null without images, and where every temperature gives the same.
 * @param probabilities N x C, row-major
 * @param labels of each image, index of the true class
 */
export function fitTemperature(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number | null {
  const images = labels.length;
  const classes = probabilities.length / images;
  const logs = Float64Array.from(probabilities, (p) => Math.log(Math.max(p, SMALLEST)));
  // Relative to the most probable class, so that no exponential overflows.
  for (let i = 0; i < images; i++) {
    const row = logs.subarray(i * classes, (i + 1) * classes);
    const highest = Math.max(...row);
    for (let c = 0; c < classes; c++) row[c] -= highest;
  }
  if (logs.every((log) => log === 0)) return null;

  const [least, most] = TEMPERATURES;
  // 1 / T in logarithms: as many steps for a factor of two anywhere.
  let low = Math.log(1 / most);
  let high = Math.log(1 / least);
  if (slope(logs, labels, classes, Math.exp(low)) >= 0) return most;
  if (slope(logs, labels, classes, Math.exp(high)) <= 0) return least;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (slope(logs, labels, classes, Math.exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/** Of the summed -ln(probability of the true class) in b = 1 / T: expected log minus that of the true class. */
function slope(logs: Float64Array, labels: ArrayLike<number>, classes: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    let weights = 0;
    let weighted = 0;
    for (let c = i * classes; c < (i + 1) * classes; c++) {
      const weight = Math.exp(b * logs[c]);
      weights += weight;
      weighted += weight * logs[c];
    }
    sum += weighted / weights - logs[i * classes + labels[i]];
  }
  return sum;
}
