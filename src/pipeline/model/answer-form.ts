import { UsageError } from '../errors.js';
import type { OutputKind } from './card.js';
import { isSinglePixel } from './choose-outputs.js';
import { describeTensor } from './graph-input.js';
import { kindOfOperator, type OutputQuestion, type Probe } from './graph-output.js';
import { channelCodes, classIndex } from './output-form.js';
import { checkKind, inUnit, type ProbeRange, probeRange, SUM_TOLERANCE } from './output-probe.js';

export type AnswerKind = Exclude<OutputKind, 'labels'>;

/** How one answer an image is to be read. C is the number of classes of images. */
export interface AnswerForm {
  kind: AnswerKind;
  /** Values an image. */
  width: number;
  /** Class index of the dataset for each value. */
  codes: Uint8Array;
  /** For each class of the dataset, length C: whether the model knows it. */
  known: boolean[];
  /** A model of one sigmoid and a dataset of two classes: the other one's probability is what is left to 1. */
  complement: boolean;
  /** Of sigmoid kinds: class 0 where no other is above this probability. */
  threshold: number;
  /** Logits are divided by this. */
  temperature: number;
  /** The card's `decide` by class index, length C. */
  decide: (number | null)[];
  /** Probability that the value 1 stands for: 1, or 1/255 for 8-bit outputs. */
  unit: number;
}

/** Whether an output is one answer an image: its dimensions for a test image of more than one pixel. */
export function isImageAnswer({ dims, width, height }: Pick<Probe, 'dims' | 'width' | 'height'>): boolean {
  return dims.length === 2 || (isSinglePixel(dims) && width * height > 1);
}

/**
 * How the answer of a classifier is to be read, from the graph's last operator, a test image's output and the card; contradictions
 * are errors. `notes` gets a clause for each thing and its source.
 * @throws UsageError naming what was seen and what would be right.
 */
export function readGraphAnswer(question: OutputQuestion, probe: Probe, notes: string[]): AnswerForm {
  const { model, operator, reading } = question;
  const { card, origin } = reading;
  const { classes, chosen } = question.dataset;
  const shown = describeTensor({ name: question.output.name, type: probe.type, shape: probe.dims });
  const width = probe.dims.slice(1).reduce((product, dim) => product * dim, 1);
  if (probe.dims[0] !== probe.batch) {
    throw new UsageError(
      `${model} gives ${shown} for a batch of ${probe.batch}: one answer for each image is expected`,
    );
  }
  const unit = probe.type === 'uint8' ? 1 / 255 : 1;
  const told = kindOfOperator(operator, unit === 1 ? probe.type : 'float32');
  if ((card.output ?? told) === 'labels') {
    throw new UsageError(`${model} gives ${shown}, labels alone: a classifier's probabilities or logits are expected`);
  }
  if (told !== null && card.output !== undefined && told !== card.output) {
    throw new UsageError(
      `${model}: ${origin.output} says output "${card.output}", and its graph ends in ${operator}, which is "${told}"`,
    );
  }
  const range = probeRange(probe.values, { channels: width, size: 1, layout: 'NHWC', unit });
  const kind = answerKind((card.output ?? told) as AnswerKind | null, range, width, card.classes ?? classes);
  if (kind === 'softmax' && width === 1) {
    throw new UsageError(`${model} gives ${shown}, a softmax of one value, which is always 1`);
  }
  const source = card.output ? origin.output : told ? `the graph (${operator})` : 'the first output: guessed';
  checkKind(model, kind, range, width, card.output ? origin.output : (operator ?? 'the first output'));
  notes.push(`classifier: ${kind} from ${source}`);

  const codes = channelCodes({ model, kind, channels: width, order: card.classes, classes, chosen, of: 'image' });
  const isSigmoid = kind === 'sigmoid' || kind === 'sigmoid-logits';
  const complement = isSigmoid && classes.length === 2 && codes.length === 1 && codes[0] === 1;
  const known = classes.map(({ index }) => codes.includes(index) || (complement && index === 0));
  const order = Array.from(codes, (code) => classes[code].key).join(', ');
  notes.push(`classes ${order} from ${card.classes ? origin.classes : "the dataset's order: assumed"}`);
  const { threshold = 0.5, temperature = 1 } = card;
  const decide = decisions(question, known);
  if (isSigmoid) notes.push(`predicted above ${threshold}`);
  if (card.temperature !== undefined) notes.push(`temperature ${temperature} from ${origin.temperature}`);
  const limits = classes.flatMap(({ key, index }) => (decide[index] === null ? [] : [`${key} from ${decide[index]}`]));
  if (limits.length > 0) notes.push(`decides ${limits.join(', ')} by ${origin.decide}`);
  return { kind, width, codes, known, complement, threshold, temperature, decide, unit };
}

/**
 * What the values are where neither card nor graph says so. One test image is one point: that its values lie in 0..1 says
 * little, that they sum to 1 says all.
 */
function answerKind(
  stated: AnswerKind | null,
  range: ProbeRange,
  width: number,
  classes: readonly unknown[],
): AnswerKind {
  if (stated === 'logits' && width === 1) return 'sigmoid-logits';
  if (stated !== null) return stated;
  const isSigmoid = width === 1 || width === classes.length - 1;
  if (isSigmoid) return inUnit(range) ? 'sigmoid' : 'sigmoid-logits';
  return inUnit(range) && range.sumError <= SUM_TOLERANCE ? 'softmax' : 'logits';
}

/** @throws UsageError for a class that the dataset's images or the model don't have. */
function decisions({ model, reading, dataset }: OutputQuestion, known: readonly boolean[]): (number | null)[] {
  const decide: (number | null)[] = dataset.classes.map(() => null);
  for (const [name, probability] of Object.entries(reading.card.decide ?? {})) {
    const index = classIndex(model, name, dataset.classes, '"decide"');
    if (!known[index]) {
      throw new UsageError(`${model}: "decide" names ${name}, and the model gives no probability of it`);
    }
    decide[index] = probability;
  }
  return decide;
}
