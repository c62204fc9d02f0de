import { Parser } from 'yargs/helpers';
import { UsageError } from '../pipeline/errors.js';
import { didYouMean } from '../pipeline/words/nearest.js';
import type { Command } from './command.js';
import type { Option } from './option.js';
import { flagName } from './options.js';

/** What a command line says, not yet checked against the options' types. */
export interface Parsed {
  /** Texts of each flag given, by the option's camel-case key; a switch's are `true` or `false`. */
  flags: Record<string, string[]>;
  /** What is no option, in order. */
  words: string[];
}

interface Flag {
  key: string;
  option: Option<unknown>;
  /** `--no-ui`. */
  negative: boolean;
}

/**
 * Parses what follows a command's name; a value keeps its text, nothing is guessed from how it looks.
 * @throws UsageError for an unknown option, a missing value, a repeated option that can be given once, a word too many.
 */
export function parse(command: Command, argv: readonly string[]): Parsed {
  const flags = flagsOf(command);
  const named = (kind: 'switch' | 'other') =>
    [...flags].filter(([, { option }]) => (option.kind === 'switch') === (kind === 'switch')).map(([name]) => name);
  const { _: words, ...given } = Parser([...argv], {
    string: named('other'),
    boolean: named('switch'),
    configuration: AS_WRITTEN,
  });
  const parsed: Parsed = { flags: {}, words: words.map(String) };
  for (const [name, values] of Object.entries(given)) {
    for (const value of [values].flat()) take(command, flags, name, value, parsed);
  }
  checkWords(command, parsed.words);
  return parsed;
}

/** yargs guesses numbers, negations and nested names unless it is told not to. */
const AS_WRITTEN = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

function flagsOf(command: Command): Map<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [key, option] of Object.entries(command.options)) {
    flags.set(flagName(key), { key, option, negative: false });
    if (option.negatable) flags.set(`no-${flagName(key)}`, { key, option, negative: true });
  }
  return flags;
}

function take(command: Command, flags: Map<string, Flag>, name: string, value: string | boolean, given: Parsed): void {
  const rawName = name.length === 1 ? `-${name}` : `--${name}`;
  const flag = flags.get(name);
  if (!flag) throw new UsageError(unknownOption(command, rawName, [...flags.keys()]));
  const { key, option, negative } = flag;
  const earlier = given.flags[key];
  if (option.kind === 'switch') {
    if (value !== true) throw new UsageError(`${rawName} takes no value`);
    if (earlier && earlier[0] !== String(!negative)) {
      throw new UsageError(`--${flagName(key)} and --no-${flagName(key)} exclude each other`);
    }
    given.flags[key] = [String(!negative)];
    return;
  }
  // Where another option follows in place of the value, yargs leaves the text empty.
  if (typeof value !== 'string' || value === '')
    throw new UsageError(`${rawName} needs a value (${option.placeholder})`);
  if (earlier && option.kind === 'value') {
    throw new UsageError(`${rawName} was given twice, ${earlier[0]} and ${value}; give it once`);
  }
  given.flags[key] = [...(earlier ?? []), value];
}

function unknownOption(command: Command, rawName: string, known: string[]): string {
  const hint = didYouMean(rawName.replace(/^-+/, ''), [...known, 'help', 'version'], (found) => `--${found}`);
  return `unknown option ${rawName} for ${command.name}${hint || `; maskaudit ${command.name} --help lists them`}`;
}

function checkWords({ positional, name }: Command, words: string[]): void {
  const most = positional === null ? 0 : positional.many ? Number.POSITIVE_INFINITY : 1;
  if (words.length > most) {
    const one = positional === null ? 'takes none' : `takes one ${positional.name}`;
    throw new UsageError(`${name} ${one}, but there is "${words[most]}" too; quote names that have spaces`);
  }
  if (positional?.required && words.length === 0) {
    throw new UsageError(`${name} needs <${positional.name}>, ${positional.describe}`);
  }
  if (words.includes('')) throw new UsageError(`an empty ${positional?.name} names nothing`);
}
