import { z } from 'zod';
import { type ClassSpec, DEFAULT_THRESHOLDS } from '../pipeline/dataset/dataset.js';
import { type Option, ValueFault } from './option.js';
import { OPTIONS } from './options.js';

/** CSV files of a run that a class of the same key would overwrite. */
const TAKEN_KEYS = ['images', 'findings'];

/** A value that the option of the same name takes, so that file, environment and flag agree on what is right. */
function like<T>(option: Option<T>, type: z.ZodType<string | number>) {
  return type.transform((value, context): T => {
    try {
      return option.parse([String(value)], '');
    } catch (error) {
      if (!(error instanceof ValueFault)) throw error;
      context.addIssue({ code: 'custom', message: `${error.message}, got ${JSON.stringify(value)}` });
      return z.NEVER;
    }
  });
}

const word = z.string().min(1);
const names = z.union([word.transform((name) => [name]), z.array(word)]);

const classSpec = z.strictObject({
  index: z.int().min(0).max(254),
  key: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u, 'a key names files: letters, digits, - and _ only')
    .refine((key) => !TAKEN_KEYS.includes(key.toLowerCase()), 'this key is the name of another file of a run'),
  name: word.optional(),
  aliases: z.array(word).default([]),
});

/** Index order, names filled in, background added where it was left out. */
const classes = z
  .array(classSpec)
  .min(1)
  .transform((given, context): ClassSpec[] => {
    const all: ClassSpec[] = given.map((spec) => ({ ...spec, name: spec.name ?? spec.key }));
    if (!all.some((spec) => spec.index === 0)) {
      all.push({ index: 0, key: 'background', name: 'Background', aliases: [] });
    }
    all.sort((a, b) => a.index - b.index);
    all.forEach((spec, i) => {
      if (all.findIndex((other) => other.key.toLowerCase() === spec.key.toLowerCase()) < i) {
        context.addIssue({ code: 'custom', message: `the key "${spec.key}" is given twice` });
      }
      if (i > 0 && all[i - 1].index === spec.index) {
        context.addIssue({ code: 'custom', message: `the index ${spec.index} is given twice` });
      } else if (i > 0 && all[i - 1].index + 1 !== spec.index) {
        const missing = all[i - 1].index + 1;
        context.addIssue({ code: 'custom', message: `the index ${missing} is missing: they go from 0 without a gap` });
      }
    });
    return all;
  });

const patient = word.nullable().refine((pattern) => {
  if (pattern === null) return true;
  try {
    // An empty alternative matches anything, so that the groups can be counted.
    return new RegExp(`${pattern}|`).exec('')!.length > 1;
  } catch {
    return false;
  }
}, 'expected a regular expression with a group that is the patient, e.g. "^(P\\\\d+)_"');

const thresholds = z
  .strictObject(Object.fromEntries(Object.keys(DEFAULT_THRESHOLDS).map((key) => [key, z.number().min(0)])))
  .partial() as unknown as z.ZodType<Partial<typeof DEFAULT_THRESHOLDS>>;

const severity = z.enum(['error', 'warning', 'info']);
const setting = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const affix = z.string();

/** The configuration file. Every key is optional, an unknown one an error. */
export const configSchema = z
  .strictObject({
    dataset: word,
    layout: like(OPTIONS.layout, word),
    subset: like(OPTIONS.subset, word),
    level: like(OPTIONS.level, word),
    labelClass: names,
    images: word,
    masks: word,
    classes,
    ignoreIndex: z.int().min(0).max(255).nullable(),
    maskPrefix: affix,
    maskSuffix: affix,
    predictionPrefix: affix,
    predictionSuffix: affix,
    maskEncoding: like(OPTIONS.maskEncoding, word),
    nonCovid: like(OPTIONS.nonCovid, word),
    patient,
    thresholds,
    severity: z.record(z.string(), severity),
    select: names,
    ignore: names,
    failOn: names,
    seed: like(OPTIONS.seed, z.number()),
    jobs: like(OPTIONS.jobs, z.number()),
    batch: like(OPTIONS.batch, z.number()),
    metricBatch: like(OPTIONS.metricBatch, z.number()),
    model: word,
    predictions: word,
    engine: like(OPTIONS.engine, word),
    device: like(OPTIONS.device, word),
    card: z.record(z.string(), setting),
    $schema: z.string(),
  })
  .partial();

export type ConfigFile = z.infer<typeof configSchema>;
