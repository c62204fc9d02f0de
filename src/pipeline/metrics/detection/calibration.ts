import { type Reliability, startReliability } from './reliability.js';

/** How well probabilities of exclusive classes are meant: reliability, and two proper scores (lower is better). */
export interface Calibration extends Reliability {
  /** Images with a probability for every class; the others are left out. */
  images: number;
  /** Mean over images of the sum over classes of (probability - truth)^2, 0..2 (Brier 1950); null without any. */
  brier: number | null;
  /** Mean of -ln of the true class's probability; one below 2.2e-16 counts as that, as in scikit-learn's log_loss. */
  nll: number | null;
}

/** Adds up images; memory is constant. */
export function startCalibration() {
  const reliability = startReliability();
  let images = 0;
  let squares = 0;
  let logs = 0;
  return {
    /**
     * @param label index of the true class
     * @param predicted index of the class that the image is told to be
     * @param probabilities of each class; an image without one of them is not counted
     */
    add(label: number, predicted: number, probabilities: readonly (number | null)[]): void {
      let sum = 0;
      for (let c = 0; c < probabilities.length; c++) {
        const probability = probabilities[c];
        if (probability === null) return;
        sum += (probability - (c === label ? 1 : 0)) ** 2;
      }
      images++;
      squares += sum;
      logs -= Math.log(Math.max(probabilities[label] as number, Number.EPSILON));
      reliability.add(probabilities[predicted] as number, predicted === label);
    },
    finish(): Calibration {
      return {
        images,
        brier: images === 0 ? null : squares / images,
        nll: images === 0 ? null : logs / images,
        ...reliability.finish(),
      };
    },
  };
}
