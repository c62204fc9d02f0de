import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError, WorkError } from '../errors.js';
import { didYouMean, quoted } from '../words/nearest.js';
import { PREPROCESSING_NAMES } from './preprocessing.js';
import { RESIZE_METHODS } from './resample.js';

/**
 * What a channel of the output holds: `softmax` probabilities that sum to 1, `logits` before a softmax, `sigmoid` one
 * probability a class, `sigmoid-logits` before such a sigmoid, `labels` an integer map that is already arg-maxed.
 */
export const OUTPUT_KINDS = ['softmax', 'logits', 'sigmoid', 'sigmoid-logits', 'labels'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

const perChannel = z.union([z.number().transform((value) => [value]), z.array(z.number()).min(1).max(3)]);

const cardSchema = z.strictObject({
  /** For people: where the model comes from. */
  description: z.string().optional(),
  /** [height, width] in pixels. */
  size: z.tuple([z.int().min(1).max(16384), z.int().min(1).max(16384)]).optional(),
  channels: z.union([z.literal(1), z.literal(3)]).optional(),
  layout: z.enum(['NCHW', 'NHWC']).optional(),
  preprocess: z.enum(PREPROCESSING_NAMES).optional(),
  /** Explicit form: (value 0..255 x scale - mean) / std. */
  scale: z.number().positive().optional(),
  mean: perChannel.optional(),
  std: perChannel.refine((values) => values.every((value) => value > 0), 'must be above 0').optional(),
  resize: z.enum(RESIZE_METHODS).optional(),
  output: z.enum(OUTPUT_KINDS).optional(),
  outputName: z.string().min(1).optional(),
  /** Class keys in the order of the output's channels (or of the values of a label map). */
  classes: z.array(z.string().min(1)).min(1).max(255).optional(),
  /** A class of a sigmoid model is predicted where its probability is above this. */
  threshold: z.number().gt(0).lt(1).optional(),
  /** Whether each pixel gets a class or the image as a whole does; where it is left out, the output's shape says so. */
  task: z.enum(['segmentation', 'classification']).optional(),
  /** A classifier's: its logits are divided by this before the softmax (temperature scaling, Guo et al. 2017). */
  temperature: z.number().positive().optional(),
  /**
   * A classifier's: probabilities by class key. An image is of such a class where its probability is at least this (of several, the
   * one that is the most times its own), else of the most probable of the others.
   */
  decide: z.record(z.string().min(1), z.number().gt(0).lt(1)).optional(),
  /** A classifier's: the output with its heat maps, N x height x width x classes (or NCHW as `layout` says). */
  heatOutput: z.string().min(1).optional(),
});

/** What a person says about a model: `<model>.maskaudit.json`, with the settings of the command line over it. */
export type ModelCard = z.infer<typeof cardSchema>;

/** Every setting that a card or `card` options may hold. */
export const CARD_KEYS: readonly string[] = Object.keys(cardSchema.shape);

export interface CardReading {
  card: ModelCard;
  /** Where each setting came from, for messages: `size` -> `unet.onnx.maskaudit.json` or `the command line`. */
  origin: Record<string, string>;
}

/** The card's file: beside the model, `unet.onnx` -> `unet.onnx.maskaudit.json` or `unet.maskaudit.json`. */
export function cardPaths(model: string): string[] {
  const stem = model.replace(/\.[^./\\]+$/, '');
  return stem === model ? [`${model}.maskaudit.json`] : [`${model}.maskaudit.json`, `${stem}.maskaudit.json`];
}

/**
 * Reads the card beside a model, if there is one, and puts the command line's settings over it.
 * @throws UsageError for text that is no JSON, an unknown key or a value that is not allowed, naming the file.
 * @throws WorkError where the file is there and can't be read.
 */
export async function readCard(model: string, settings: Readonly<Record<string, string>>): Promise<CardReading> {
  const merged: Record<string, unknown> = {};
  const origin: Record<string, string> = {};
  for (const path of cardPaths(model)) {
    const text = await readIfThere(path);
    if (text === null) continue;
    const name = path.replace(/^.*[/\\]/, '');
    for (const [key, value] of Object.entries(parseCard(text, name))) {
      merged[key] = value;
      origin[key] = name;
    }
    break;
  }
  const fromFlags = checkCard(parseSettings(settings), 'the command line');
  for (const [key, value] of Object.entries(fromFlags)) {
    merged[key] = value;
    origin[key] = 'the command line';
  }
  return { card: checkCard(merged, 'the card and the command line together'), origin };
}

/** @throws UsageError naming the file `name`. */
export function parseCard(text: string, name: string): ModelCard {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${name} is no JSON: ${(error as Error).message}`);
  }
  return checkCard(json, name);
}

function checkCard(value: unknown, name: string): ModelCard {
  const result = cardSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue.code === 'unrecognized_keys') {
    const hint = didYouMean(issue.keys[0], CARD_KEYS, quoted);
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    throw new UsageError(`unknown model setting ${keys} in ${name}${hint || `; there are ${CARD_KEYS.join(', ')}`}`);
  }
  const at = issue.path.length > 0 ? `"${issue.path.join('.')}" of ` : '';
  throw new UsageError(`${at}${name}: ${issue.message}${suggestion(value, issue)}`);
}

/** zod lists the allowed values; this adds which of them a misspelt one is nearest to. */
function suggestion(value: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_value') return '';
  const written = (value as Record<PropertyKey, unknown>)[issue.path[0]];
  return typeof written === 'string' ? didYouMean(written, issue.values.map(String), quoted) : '';
}

const LISTS = new Set(['size', 'classes', 'mean', 'std']);
const NUMBERS = new Set(['size', 'channels', 'mean', 'std', 'scale', 'threshold', 'temperature']);

/**
 * `size=256,320` (height, width; one number for a square), `classes=background,lung`, `decide=covid:0.31,flu:0.5`: text to the
 * card's own types.
 */
export function parseSettings(settings: Readonly<Record<string, string>>): Record<string, unknown> {
  const card: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(settings)) {
    if (key === 'decide') {
      card[key] = Object.fromEntries(text.split(',').map(parseDecision));
      continue;
    }
    const words = LISTS.has(key) ? text.split(key === 'size' ? /[,x]/ : ',').map((word) => word.trim()) : [text.trim()];
    const values = NUMBERS.has(key) ? words.map((word) => toNumber(key, word)) : words;
    if (!LISTS.has(key)) card[key] = values[0];
    else card[key] = key === 'size' && values.length === 1 ? [values[0], values[0]] : values;
  }
  return card;
}

/** `covid:0.31`. */
function parseDecision(text: string): [string, number] {
  const [name, probability, ...more] = text.split(':').map((word) => word.trim());
  if (!name || probability === undefined || more.length > 0) {
    throw new UsageError(`model setting "decide" takes class:probability, e.g. covid:0.31, not "${text}"`);
  }
  return [name, toNumber('decide', probability)];
}

function toNumber(key: string, word: string): number {
  const ratio = /^([\d.]+)\/([\d.]+)$/.exec(word);
  const value = ratio ? Number(ratio[1]) / Number(ratio[2]) : word === '' ? Number.NaN : Number(word);
  if (!Number.isFinite(value)) throw new UsageError(`model setting "${key}" takes numbers, not "${word}"`);
  return value;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new WorkError(`the model card ${path} can't be read: ${(error as Error).message}`);
  }
}
