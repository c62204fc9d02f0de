import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UsageError, WorkError } from '../../errors.js';
import { checkAgainst, parseJson } from '../../model/card.js';

const PROBABILITY = 'a number from 0 to 1 is expected';
const probability = z.number(PROBABILITY).min(0, PROBABILITY).max(1, PROBABILITY);
const FILE = 'the file of a model is expected';
const file = z.string(FILE).min(1, FILE);
const byClass = <T extends z.ZodType>(value: T, expected: string) => z.record(z.string().min(1), value, expected);

const KEYS = ['hybrid', 'gate', 'segmenter', 'threshold'];
const hybridSchema = z.strictObject({
  hybrid: z.strictObject({
    /** The classifier that looks first. */
    gate: file,
    /** By class key, the model that marks the class's pixels. */
    segmenter: byClass(file, 'a file for each class is expected').refine(
      (of) => Object.keys(of).length > 0,
      'names no class',
    ),
    /** An image goes on to a class's segmenter where the gate's probability of the class is at least this; one for all, or one a class. */
    threshold: z.union(
      [probability, byClass(probability, PROBABILITY)],
      `${PROBABILITY}, or one for each class of "segmenter"`,
    ),
  }),
});

/** The text of such a file is this. */
export type HybridFile = z.infer<typeof hybridSchema>;

/** What a hybrid file says; nothing of it has been compared with a dataset or a model. */
export interface Hybrid {
  /** The file's name, for messages. */
  name: string;
  /** Paths as the file has them, relative to its folder. */
  gate: string;
  /** Each model once, with the keys of its classes, in the order of the file. */
  segmenters: { model: string; classes: string[] }[];
  thresholds: Record<string, number>;
}

/** Whether a file joins two models: TensorFlow.js models end in `.json` as well, so that its text decides. */
export function isHybridModel(model: string): boolean {
  return readIfHybrid(model) !== null;
}

/**
 * Reads a hybrid file; null where the file is something else.
 * @throws UsageError naming file and key for what is not as it has to be
 */
export function readHybrid(model: string): Hybrid | null {
  const text = readIfHybrid(model);
  return text === null ? null : parseHybrid(text, path.basename(model));
}

/** @throws UsageError naming the file `name` */
export function parseHybrid(text: string, name: string): Hybrid {
  const { hybrid } = checkAgainst(hybridSchema, parseJson(text, name), {
    name,
    setting: 'setting',
    known: KEYS,
  });
  const keys = Object.keys(hybrid.segmenter);
  return {
    name,
    gate: hybrid.gate,
    segmenters: byModel(hybrid.segmenter),
    thresholds: thresholdsOf(hybrid.threshold, keys, name),
  };
}

/** A model's path, as whoever opens it needs it. */
export function besideHybrid(hybridFile: string, model: string): string {
  return path.resolve(path.dirname(hybridFile), model);
}

function readIfHybrid(model: string): string | null {
  if (!/\.json$/i.test(model)) return null;
  try {
    const text = readFileSync(model, 'utf8');
    return /"hybrid"\s*:/.test(text) ? text : null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // That it is not there, or a folder, is said by who opens models.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw new WorkError(`the model ${model} can't be read: ${message}`, { cause: error });
  }
}

function byModel(segmenter: Record<string, string>): Hybrid['segmenters'] {
  const models = new Map<string, Hybrid['segmenters'][number]>();
  for (const [key, model] of Object.entries(segmenter)) {
    const same = path.normalize(model);
    const known = models.get(same);
    if (known) known.classes.push(key);
    else models.set(same, { model, classes: [key] });
  }
  return [...models.values()];
}

function thresholdsOf(
  threshold: HybridFile['hybrid']['threshold'],
  keys: readonly string[],
  name: string,
): Hybrid['thresholds'] {
  if (typeof threshold === 'number') return Object.fromEntries(keys.map((key) => [key, threshold]));
  const listed = keys.join(', ');
  const foreign = Object.keys(threshold).find((key) => !keys.includes(key));
  if (foreign !== undefined) {
    throw new UsageError(`"hybrid.threshold.${foreign}" of ${name}: "segmenter" has no such class, it has ${listed}`);
  }
  const missing = keys.find((key) => threshold[key] === undefined);
  if (missing !== undefined) {
    throw new UsageError(`"hybrid.threshold" of ${name} has none for ${missing}: it needs one for each of ${listed}`);
  }
  return Object.fromEntries(keys.map((key) => [key, threshold[key]]));
}
