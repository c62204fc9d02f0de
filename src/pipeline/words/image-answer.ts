import type { ClassSpec } from '../dataset/dataset.js';
import { imageAnswer } from '../metrics/image-answer.js';
import type { ImageRecord } from '../record.js';
import { score, share } from './figures.js';

type Answered = Pick<ImageRecord, 'truth' | 'confusion' | 'maxProbability'>;

/** What an image is and what a classifier says that it is: `is COVID-19, told to be Healthy with probability 0.9431`. */
export function answerWords(classes: readonly ClassSpec[], { truth, confusion, maxProbability }: Answered): string {
  const is = truth === null ? 'its class is not known' : `is ${classes[truth.indexOf(1)].name}`;
  if (confusion === null) return is;
  const { label, predicted } = imageAnswer(confusion);
  const told = predicted === label ? 'told so' : `told to be ${classes[predicted].name}`;
  const probability = maxProbability?.[predicted] ?? null;
  return `${is}, ${told}${probability === null ? '' : ` with probability ${score(probability)}`}`;
}

/** How much of a class's heat lies where it should: `heat of Healthy: 65.4 % inside the lungs`. */
export function heatWords({ name }: ClassSpec, inLungs: number | null): string {
  return `heat of ${name}${inLungs === null ? '' : `: ${share(inLungs)} inside the lungs`}`;
}
