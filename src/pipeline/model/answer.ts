import type { HeatMaps, ModelOutput } from '../engines/engine.js';
import type { AnswerForm } from './answer-form.js';
import type { OutputValues } from './reduce.js';

/**
 * What a classifier says of image `index` of a batch: a label map of one pixel, and the probability of each class.
 *
 * Values of exclusive classes that stand for one class of the dataset (two kinds of pneumonia, say) are added, as probabilities of
 * things that exclude each other are; of sigmoids the highest counts.
 */
export function readAnswer(form: AnswerForm, { data }: OutputValues, index: number, heat?: HeatMaps): ModelOutput {
  const { width, unit, known, kind } = form;
  const values = Array.from({ length: width }, (_, k) => data[index * width + k] * unit);
  const nonFinite = !values.every(Number.isFinite);
  const probabilities = nonFinite ? known.map(() => null) : classProbabilities(form, values);
  const label = nonFinite ? 0 : decideClass(form, probabilities);
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    width: 1,
    height: 1,
    labels: Uint8Array.of(label),
    maxProbability: probabilities,
    // One pixel is the same everywhere and means nothing by it.
    constant: false,
    nonFinite,
    sumError: kind === 'softmax' && !nonFinite ? Math.abs(sum - 1) : null,
    ...(heat && !nonFinite ? { heat } : {}),
  };
}

/** By class of the dataset; null for one that the model does not know. */
function classProbabilities(form: AnswerForm, values: readonly number[]): (number | null)[] {
  const { kind, temperature, codes, known, complement } = form;
  const isSigmoid = kind === 'sigmoid' || kind === 'sigmoid-logits';
  const each = isSigmoid ? values.map((value) => sigmoidOf(value, kind, temperature)) : softmaxOf(values, form);
  const probabilities: (number | null)[] = known.map((isKnown) => (isKnown ? 0 : null));
  each.forEach((probability, k) => {
    const before = probabilities[codes[k]] ?? 0;
    probabilities[codes[k]] = isSigmoid ? Math.max(before, probability) : before + probability;
  });
  if (complement) probabilities[0] = 1 - (probabilities[1] as number);
  return probabilities;
}

/** Temperature scaling needs no logits: softmax(log p / T) is what softmax(z / T) is. Guo et al. 2017, arXiv:1706.04599 */
function softmaxOf(values: readonly number[], { kind, temperature }: AnswerForm): number[] {
  if (kind === 'softmax' && temperature === 1) return [...values];
  const logits = values.map((value) => (kind === 'softmax' ? Math.log(Math.max(0, value)) : value) / temperature);
  const top = Math.max(...logits);
  const exps = logits.map((logit) => Math.exp(logit - top));
  const sum = exps.reduce((total, exp) => total + exp, 0);
  return exps.map((exp) => exp / sum);
}

function sigmoidOf(value: number, kind: AnswerForm['kind'], temperature: number): number {
  if (kind === 'sigmoid' && temperature === 1) return value;
  const logit = kind === 'sigmoid' ? Math.log(value / (1 - value)) : value;
  return 1 / (1 + Math.exp(-logit / temperature));
}

/**
 * The class that an image is told to be: of those with a probability of their own (`decide`) that reach it the one that is the most
 * times its own, else the most probable of the others, the first of equals. Sigmoids answer class 0 where none is above the threshold.
 */
export function decideClass(
  { kind, decide, threshold }: Pick<AnswerForm, 'kind' | 'decide' | 'threshold'>,
  probabilities: readonly (number | null)[],
): number {
  let label = -1;
  let times = 0;
  decide.forEach((limit, c) => {
    const ratio = limit === null ? 0 : (probabilities[c] ?? 0) / limit;
    if (ratio < 1 || ratio <= times) return;
    label = c;
    times = ratio;
  });
  if (label >= 0) return label;
  const isSigmoid = kind === 'sigmoid' || kind === 'sigmoid-logits';
  const isOpen = (c: number) => decide[c] === null && !(isSigmoid && c === 0);
  const best = mostProbable(probabilities, isOpen, isSigmoid ? threshold : Number.NEGATIVE_INFINITY);
  if (best !== null) return best;
  // Every class has a probability of its own, and none reaches it.
  return isSigmoid ? 0 : (mostProbable(probabilities, () => true, Number.NEGATIVE_INFINITY) ?? 0);
}

function mostProbable(
  probabilities: readonly (number | null)[],
  counts: (c: number) => boolean,
  floor: number,
): number | null {
  let best: number | null = null;
  let highest = floor;
  probabilities.forEach((probability, c) => {
    if (probability === null || !counts(c) || !(probability > highest)) return;
    best = c;
    highest = probability;
  });
  return best;
}
