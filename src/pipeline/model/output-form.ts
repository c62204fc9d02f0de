import { resolveClasses } from '../dataset/classes.js';
import type { ClassSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';
import { didYouMean, quoted } from '../words/nearest.js';
import type { OutputKind } from './card.js';

/** How an output is to be read: the plan of the reduction. */
export interface OutputForm {
  /** The model's name, for messages. */
  model: string;
  kind: OutputKind;
  /** Where the channels stand; label maps have none. */
  layout: 'NCHW' | 'NHWC';
  width: number;
  height: number;
  /** 1 for label maps. */
  channels: number;
  /** Class index of the dataset for each channel, or for each value of a label map. */
  codes: Uint8Array;
  /** For each class of the dataset: whether the model knows it. */
  known: boolean[];
  /** Of sigmoid kinds: predicted above this probability. */
  threshold: number;
  /** Probability that the value 1 stands for: 1, or 1/255 for 8-bit outputs. */
  unit: number;
}

/** Whose channels are to be named, and by what. */
export interface ChannelQuestion {
  model: string;
  kind: OutputKind;
  channels: number;
  /** The card's class order. */
  order: readonly string[] | undefined;
  /** The dataset's classes, and the keys of those that the user chose. */
  classes: readonly ClassSpec[];
  chosen: readonly string[];
  /** Whether they are the channels of a map or the values of an answer about a whole image. */
  of: 'map' | 'image';
}

/**
 * The class of each channel (for label maps: of each value), from the card's class order or from the dataset's own; a model
 * with one sigmoid channel is for the one class that the user chose.
 * @throws UsageError where the number of channels fits neither, with what would be right.
 */
export function channelCodes(question: ChannelQuestion): Uint8Array {
  const { model, kind, channels, order, classes, chosen, of } = question;
  const sigmoid = kind === 'sigmoid' || kind === 'sigmoid-logits';
  const word = of === 'map' ? 'channel' : 'value';
  const gives = `${plural(channels, word)}${of === 'map' ? '' : ' an image'}`;
  if (order !== undefined) {
    const codes = order.map((name) => classIndex(model, name, classes));
    if (kind === 'labels') return Uint8Array.from(codes.length === 1 && codes[0] > 0 ? [0, ...codes] : codes);
    if (codes.length === channels) return Uint8Array.from(codes);
    throw new UsageError(
      `${model} gives ${gives}, and its class order names ${plural(codes.length, 'class', 'es')} ` +
        `(${order.join(', ')}): "classes" needs one class key for each ${word}, in their order`,
    );
  }
  const all = classes.map((spec) => spec.index);
  if (kind === 'labels' || (channels === all.length && channels > 1)) return Uint8Array.from(all);
  if (sigmoid && channels === all.length - 1) return Uint8Array.from(all.slice(1));
  if (sigmoid && channels === 1 && chosen.length === 1) return Uint8Array.of(classIndex(model, chosen[0], classes));
  const keys = classes.map((spec) => spec.key);
  const owner = of === 'map' ? 'this dataset has' : "this dataset's images have";
  const dataset = `${owner} ${plural(all.length, 'class', 'es')} (${keys.join(', ')})`;
  if (sigmoid && channels === 1) {
    const example = keys.includes('covid') ? 'covid' : keys[keys.length - 1];
    throw new UsageError(
      `${model} gives ${gives.replace('1', 'one')}, and ${dataset}: say which class it is for, with "classes": ["${example}"] in ` +
        `${model}.maskaudit.json, --card classes=${example} or --class ${example}`,
    );
  }
  throw new UsageError(
    `${model} gives ${gives} (${kind}), and ${dataset}: expected ${all.length}` +
      `${sigmoid ? `, or ${all.length - 1} without ${keys[0]}` : ''}; "classes" in ${model}.maskaudit.json (or --card ` +
      `classes=...) says which class each ${word} stands for, one key a ${word}`,
  );
}

/** @throws UsageError for a name that is no class, saying that it stands in the model's `place`. */
export function classIndex(
  model: string,
  name: string,
  classes: readonly ClassSpec[],
  place = 'the class order',
): number {
  try {
    return resolveClasses([name], classes)[0].index;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const keys = classes.map((spec) => spec.key);
    const hint = didYouMean(name, [...keys, ...classes.flatMap((spec) => spec.aliases)], quoted);
    throw new UsageError(`unknown class "${name}" in ${place} of ${model}${hint}; this dataset has ${keys.join(', ')}`);
  }
}

export function plural(count: number, noun: string, ending = 's'): string {
  return `${count} ${noun}${count === 1 ? '' : ending}`;
}
