import { UsageError } from '../pipeline/errors.js';
import { type Option, ValueFault } from './option.js';
import { flagName, type OptionSet, type Values, variableName } from './options.js';

/** Where a value came from, the stronger first. */
export const ORIGINS = ['flag', 'environment', 'file', 'default'] as const;
export type Origin = (typeof ORIGINS)[number];

/** What each layer says, by option. */
export interface Layers {
  /** Texts of the flags given. */
  flags: Readonly<Record<string, string[]>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Values of the configuration file, checked. */
  file: Readonly<Record<string, unknown>>;
  /** What paths of flags and variables are relative to. */
  folder: string;
}

export interface Settings<S extends OptionSet> {
  values: Values<S>;
  origins: Record<keyof S, Origin>;
}

/**
 * The value of each option and where it came from: flags over environment over file over defaults. Pairs are merged over
 * the layers, key by key. A variable that is set to nothing is not set.
 * @throws UsageError that names the flag or variable, its value, and what would be right.
 */
export function settle<S extends OptionSet>(options: S, layers: Layers): Settings<S> {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [key, option] of Object.entries(options)) {
    const said = saidBy(key, option, layers);
    const origin = ORIGINS.find((layer) => said[layer] !== undefined) as Origin;
    origins[key] = origin;
    values[key] =
      option.kind === 'pairs' ? Object.assign({}, ...ORIGINS.toReversed().map((layer) => said[layer])) : said[origin];
  }
  return { values: values as Values<S>, origins: origins as Record<keyof S, Origin> };
}

function saidBy(key: string, option: Option<unknown>, { flags, env, file, folder }: Layers): Record<Origin, unknown> {
  const variable = variableName(key);
  const text = env[variable];
  return {
    flag: flags[key] && read(option, flags[key], folder, `--${flagName(key)}`),
    environment: text ? read(option, [text], folder, variable) : undefined,
    file: file[key],
    default: option.fallback,
  };
}

function read(option: Option<unknown>, texts: string[], folder: string, name: string): unknown {
  if (texts.includes('') && option.kind !== 'switch')
    throw new UsageError(`${name} needs a value (${option.placeholder})`);
  try {
    return option.parse(texts, folder);
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error;
    throw new UsageError(`${name} ${texts.join(' ')}: ${error.message}`);
  }
}
