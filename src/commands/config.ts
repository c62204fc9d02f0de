import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_THRESHOLDS } from '../pipeline/dataset/dataset.js';
import { UsageError } from '../pipeline/errors.js';
import type { Severity } from '../pipeline/record.js';
import type { DatasetConfig } from '../pipeline/requests.js';
import { didYouMean } from '../pipeline/words/nearest.js';
import { shownPath } from '../ui/summary-text.js';
import type { ConfigFile } from './config-schema.js';
import { pick } from './options.js';

const NAME = 'maskaudit';
const PLACES = [`${NAME}.config.json`, `${NAME}.config.js`, `${NAME}.config.mjs`, 'package.json'];

/** The configuration as the commands use it. */
export interface Config {
  /** Absolute path of the file it was read from, null where there is none. */
  path: string | null;
  /** Values of options by camel-case name; paths are absolute. */
  options: Record<string, unknown>;
  /** What it says about the dataset beyond the options. */
  dataset: DatasetConfig;
  /** By rule code. */
  severity: Record<string, Severity>;
}

export const NO_CONFIG: Config = { path: null, options: {}, dataset: {}, severity: {} };

/**
 * Reads `file`, or the first configuration found from `folder` upward (`maskaudit.config.json`, `.js`, `.mjs`, the key
 * `maskaudit` of package.json); none found is no error. Paths in it are relative to its own folder.
 * @throws UsageError for a file that is missing, can't be read as what it is, or says something unknown.
 */
export async function loadConfig(file: string | null, folder: string): Promise<Config> {
  const { lilconfig } = await import('lilconfig');
  const search = lilconfig(NAME, {
    searchPlaces: PLACES,
    stopDir: path.parse(folder).root,
    ignoreEmptySearchPlaces: false,
    cache: false,
    loaders: { '.json': parseJson, '.js': importDefault, '.mjs': importDefault, noExt: parseJson },
  });
  if (file !== null) readable(file);
  const found = file === null ? await search.search(folder) : await load(search.load, file);
  if (found === null) return NO_CONFIG;
  if (found.config === undefined || found.config === null) throw nothingIn(found.filepath);
  const name = shown(found.filepath);
  const checked = await checkConfig(found.config, name);
  return toConfig(checked, found.filepath, await severities(checked.severity, name));
}

/** lilconfig's own complaint about an ending names no file. */
async function load<T>(read: (file: string) => Promise<T>, file: string): Promise<T> {
  const ending = path.extname(file);
  if (!['.json', '.js', '.mjs', ''].includes(ending)) {
    throw new UsageError(`${shown(file)}: a configuration is a .json, .js or .mjs file`);
  }
  return read(file);
}

function readable(file: string): void {
  try {
    readFileSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(`--config ${shown(file)}: ${missing ? 'no such file' : (error as Error).message}`);
  }
}

function nothingIn(file: string): UsageError {
  const why = path.basename(file) === 'package.json' ? `has no key "${NAME}"` : 'is empty; {} would set nothing';
  return new UsageError(`${shown(file)} ${why}`);
}

function parseJson(file: string, content: string): unknown {
  // A package.json on the way up that says nothing about us is not ours to criticise.
  if (path.basename(file) === 'package.json' && !content.includes(`"${NAME}"`)) return {};
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${shown(file)} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

async function importDefault(file: string): Promise<unknown> {
  try {
    return (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    throw new UsageError(`${shown(file)} can't be loaded: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Checks a configuration against the schema; `name` stands for the file in messages.
 * @throws UsageError that lists every fault, with the key that was probably meant where one is unknown.
 */
export async function checkConfig(value: unknown, name: string): Promise<ConfigFile> {
  const { configSchema } = await import('./config-schema.js');
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => {
    const at = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [at === '' ? issue.message : `${at}: ${issue.message}`];
    const known = knownKeys(configSchema.shape, issue.path);
    return issue.keys.map((key) => `unknown key "${[...issue.path, key].join('.')}"${didYouMean(key, known)}`);
  });
  throw new UsageError(`${name}: ${faults.join('\n  ')}`);
}

/** Keys that the object at a path may have: of the file itself, of a class, or of the thresholds. */
function knownKeys(shape: Record<string, unknown>, at: PropertyKey[]): string[] {
  if (at.length === 0) return Object.keys(shape);
  return at[0] === 'classes' ? ['index', 'key', 'name', 'aliases'] : Object.keys(DEFAULT_THRESHOLDS);
}

/** Severities by rule code: the file may name rules by their beginnings. The rules are many modules, loaded when needed. */
async function severities(given: ConfigFile['severity'], name: string): Promise<Record<string, Severity>> {
  if (given === undefined) return {};
  const { severitiesByCode } = await import('../pipeline/checks/select.js');
  try {
    return severitiesByCode(given);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: severity: ${error.message}`) : error;
  }
}

/** Keys that are options of the command line under the same name, taken as they stand. */
const OPTION_KEYS = [
  ...(['layout', 'subset', 'level', 'labelClass', 'select', 'ignore', 'failOn', 'seed'] as const),
  ...(['jobs', 'batch', 'metricBatch', 'engine', 'device', 'card'] as const),
];

const DATASET_KEYS = [
  ...(['images', 'masks', 'classes', 'ignoreIndex', 'maskPrefix', 'maskSuffix', 'predictionPrefix'] as const),
  ...(['predictionSuffix', 'patient', 'thresholds', 'maskEncoding', 'nonCovid'] as const),
];

function toConfig(file: ConfigFile, from: string, severity: Record<string, Severity>): Config {
  const absolute = (given: string | undefined): string | undefined =>
    given === undefined ? undefined : path.resolve(path.dirname(from), given);
  const { maskEncoding, nonCovid, thresholds } = file;
  const dataset: DatasetConfig = pick(file, DATASET_KEYS);
  const options = {
    ...pick(file, OPTION_KEYS),
    ...{ maskEncoding, nonCovid, iouBelow: thresholds?.iouBelow },
    dataset: absolute(file.dataset),
    model: absolute(file.model),
    predictions: absolute(file.predictions),
  };
  return { path: from, options: defined(options), dataset: defined(dataset), severity };
}

function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

const shown = (file: string): string => shownPath(file, process.cwd());
