import path from 'node:path';
import { didYouMean } from '../pipeline/words/nearest.js';

/** Headings of a command's help, in this order. */
export const GROUPS = [
  ...(['The set', 'Simulated predictions', 'What to install'] as const),
  ...(['What is compared'] as const),
  ...(['What is trained', 'Loss and examples', 'Steps and epochs'] as const),
  ...(['Selection', 'Model and predictions', 'Reading masks', 'Findings', 'Output', 'Running'] as const),
] as const;
export type Group = (typeof GROUPS)[number];

/** What is wrong with a value; who catches it knows whether a flag, a variable or a file said it. */
export class ValueFault extends Error {
  override name = 'ValueFault';
}

/**
 * An option of one or several commands: a flag `--kebab-name`, a variable MASKAUDIT_NAME, and perhaps a key of the
 * configuration file. T is the type of its value, the fallback's type included.
 */
export interface Option<T> {
  group: Group;
  /** Shown in the help in front of the description, e.g. `NAME`; '' for flags. */
  placeholder: string;
  describe: string;
  /** A list may be given repeatedly, pairs too and are merged over environment and file; a switch takes no value. */
  kind: 'value' | 'list' | 'pairs' | 'switch';
  /** Makes the value from the texts given (one, for lists and pairs one or more); throws ValueFault. Folder: what paths are relative to. */
  parse(texts: string[], folder: string): T;
  fallback: T;
  /** Switches that `--no-...` turns off. */
  negatable?: boolean;
  /** What the help says of the default, '' for nothing. */
  fallbackText: string;
}

type Words = Pick<Option<unknown>, 'group' | 'describe'>;

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;

/** One of the given words. */
export function choice<const W extends string, F extends W | 'none' | null>(
  words: readonly W[],
  fallback: F,
  about: Words & { fallbackText?: string },
): Option<W | F> {
  return {
    fallbackText: fallback ?? '',
    ...about,
    placeholder: words.join('|'),
    kind: 'value',
    parse([text]) {
      const found = words.find((word) => word === text.toLowerCase());
      if (found === undefined) throw new ValueFault(`expected ${listed(words)}${didYouMean(text, words)}`);
      return found;
    },
    fallback,
  };
}

/** A number in [min, max], whole unless said otherwise. */
export function number<F extends number | null>(
  range: { min: number; max: number; whole?: boolean },
  fallback: F,
  about: Words & { fallbackText?: string },
): Option<number | F> {
  const { min, max, whole = true } = range;
  return {
    fallbackText: fallback === null ? '' : String(fallback),
    ...about,
    placeholder: 'N',
    kind: 'value',
    parse([text]) {
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
      if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
        const upTo = max === Number.MAX_SAFE_INTEGER ? ` of at least ${min}` : ` from ${min} to ${max}`;
        throw new ValueFault(`expected a ${whole ? 'whole ' : ''}number${upTo}`);
      }
      return value;
    },
    fallback,
  };
}

/** Names, given repeatedly or with commas between; duplicates count once. */
export function list<F extends string[] | null>(
  placeholder: string,
  fallback: F,
  about: Words & { fallbackText?: string },
): Option<string[] | F> {
  return {
    fallbackText: '',
    ...about,
    placeholder,
    kind: 'list',
    parse(texts) {
      const names = texts.flatMap((text) => text.split(',')).map((name) => name.trim());
      if (names.includes('')) throw new ValueFault('a name in the list is empty');
      return [...new Set(names)];
    },
    fallback,
  };
}

/** A file or folder; the value is absolute. */
export function file(placeholder: string, about: Words & { fallbackText?: string }): Option<string | null> {
  return {
    fallbackText: '',
    ...about,
    placeholder,
    kind: 'value',
    parse: ([text], folder) => path.resolve(folder, text),
    fallback: null,
  };
}

/** Given or not: false unless given. */
export function toggle(about: Words): Option<boolean> {
  return {
    ...about,
    placeholder: '',
    kind: 'switch',
    parse: ([text]) => truth(text),
    fallback: false,
    fallbackText: '',
  };
}

/** `key=value` settings, repeatable. */
export function pairs(about: Words): Option<Record<string, string>> {
  return {
    ...about,
    placeholder: 'KEY=VALUE',
    kind: 'pairs',
    parse(texts) {
      return Object.fromEntries(
        texts.map((text) => {
          const at = text.indexOf('=');
          if (at < 1) throw new ValueFault('expected key=value');
          return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
        }),
      );
    },
    fallback: {},
    fallbackText: '',
  };
}

/** Yes or no, as variables of the environment say it. */
export function truth(text: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off|)$/i.test(text)) return false;
  throw new ValueFault('expected true or false');
}
