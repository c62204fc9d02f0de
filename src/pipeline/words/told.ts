import type { Interval } from '../metrics/bootstrap.js';
import type { Rule, Told } from '../told/told.js';
import { count, counted, signedScore } from './figures.js';
import { visible } from './visible-text.js';

/** How an image is told to have a class, in few words. */
export function ruleWords(rule: Rule, pixels: number | null): string {
  if (rule === 'answer') return 'its answer';
  if (rule === 'any pixel') return rule;
  if (rule === 'no pixel') return 'no pixel of them';
  return `from ${count(pixels ?? 1)} px, ${rule === 'youden' ? 'best' : '95 %'}`;
}

/** What figures about whole images are of, and how images are told. */
export function toldWords({ split, chosenOn, score: kind, images }: Told): string {
  const where = split === null ? '' : ` of the split ${visible(split)}`;
  const head = `${counted(images, 'image')}${where}.`;
  if (kind === 'probability') return `${head} AUC is of the probabilities.`;
  const chosen =
    chosenOn === null
      ? 'No number of pixels was chosen: that takes a split val and another one.'
      : `The other numbers of pixels were chosen on the split ${visible(chosenOn)}: best by sensitivity + specificity, and the highest with a ` +
        'sensitivity of at least 0.95; a number that is not there could not be chosen.';
  return `${head} An image is told to have a class by any predicted pixel of it. ${chosen} AUC is of the number of pixels.`;
}

/** A difference with its interval: `+0.0312 (-0.0021 to +0.0645)`. */
export function difference(value: number | null, range: Interval | null): string {
  const words = signedScore(value);
  return value === null || range === null ? words : `${words} (${signedScore(range[0])} to ${signedScore(range[1])})`;
}
