import { existsSync } from 'node:fs';
import path from 'node:path';
import { list } from './checks/wording.js';
import { normaliseName } from './dataset/classes.js';
import { type HybridFile, parseHybrid } from './engines/hybrid/hybrid-file.js';
import { UsageError } from './errors.js';
import { type CardReading, readCard } from './model/card.js';
import { writeFile } from './sinks/files.js';
import { didYouMean } from './words/nearest.js';

export interface HybridRequest {
  /** The classifier; absolute, as all of these are. */
  gate: string;
  /** The segmenter of each class, by key. */
  segmenter: Record<string, string>;
  /** For all classes, for some of them by key; null: by the gate's card. */
  threshold: { all: number | null; classes: Record<string, number> };
  /** The file to be written. */
  out: string;
  force: boolean;
}

export interface HybridResult {
  file: string;
  /** By class key, and where it came from. */
  thresholds: { key: string; threshold: number; from: string }[];
  /** Models whose cards don't say which classes they know, so that nothing could be checked. */
  unchecked: string[];
}

/** Where nobody says one: what is more probable than not. */
const DEFAULT_THRESHOLD = 0.5;

/**
 * The recipe of `model hybrid`: two models, or more, to a file that joins them. Runs none of them.
 * @throws UsageError where a model is not there, their cards say that they don't fit, or something is in the way
 */
export async function runModelHybrid(request: HybridRequest): Promise<HybridResult> {
  const { gate, segmenter, out } = request;
  checkFiles(request);
  const keys = Object.keys(segmenter);
  const gateCard = await readCard(gate, {});
  const cards = new Map<string, CardReading>();
  for (const model of Object.values(segmenter)) cards.set(model, await readCard(model, {}));

  checkTask('gate', gate, gateCard);
  for (const [model, card] of cards) checkTask('segmenter', model, card);
  checkKnown('gate', gate, gateCard, keys);
  for (const [model, card] of cards) {
    const own = keys.filter((key) => segmenter[key] === model);
    checkKnown('segmenter', model, card, own);
  }

  const thresholds = keys.map((key) => ({ key, ...thresholdOf(key, request, gateCard) }));
  const near = (model: string) => path.relative(path.dirname(out), model).replaceAll('\\', '/');
  const values = new Set(thresholds.map(({ threshold }) => threshold));
  const file: HybridFile = {
    hybrid: {
      gate: near(gate),
      segmenter: Object.fromEntries(keys.map((key) => [key, near(segmenter[key])])),
      threshold:
        values.size === 1
          ? thresholds[0].threshold
          : Object.fromEntries(thresholds.map(({ key, threshold }) => [key, threshold])),
    },
  };
  const text = `${JSON.stringify(file, null, 2)}\n`;
  // What is written here has to be what is read there.
  parseHybrid(text, path.basename(out));
  writeFile(out, text);
  const models = [[gate, gateCard] as const, ...cards];
  const unchecked = models.filter(([, { card }]) => card.classes === undefined).map(([model]) => path.basename(model));
  return { file: out, thresholds, unchecked };
}

function checkFiles({ gate, segmenter, threshold, out, force }: HybridRequest): void {
  const keys = Object.keys(segmenter);
  if (keys.length === 0) throw new UsageError('--segmenter CLASS=FILE is missing: which model marks which class');
  keys.forEach((key, i) => {
    const twin = keys.slice(0, i).find((other) => normaliseName(other) === normaliseName(key));
    if (twin !== undefined) throw new UsageError(`--segmenter names one class twice: as ${twin} and ${key}`);
  });
  const foreign = Object.keys(threshold.classes).find((key) => !keys.includes(key));
  if (foreign !== undefined) {
    const hint = didYouMean(foreign, keys) || `; there are ${list(keys)}`;
    throw new UsageError(`--threshold ${foreign}=...: no --segmenter is for ${foreign}${hint}`);
  }
  const models = [gate, ...Object.values(segmenter)];
  for (const model of models) if (!existsSync(model)) throw new UsageError(`no model at ${model}`);
  if (!/\.json$/i.test(out) || /\.maskaudit\.json$/i.test(out)) {
    throw new UsageError(`--out ${path.basename(out)}: a hybrid is a .json file, and no card, e.g. hybrid.json`);
  }
  if (models.includes(out)) throw new UsageError(`--out ${out} is one of the models that it is to join`);
  if (existsSync(out) && !force) throw new UsageError(`${out} is there already: --force replaces it`);
}

const KINDS = {
  gate: { wrong: 'segmentation', is: 'a segmenter', wanted: 'a classifier, which looks at the image as a whole' },
  segmenter: { wrong: 'classification', is: 'a classifier', wanted: 'a model that gives a map of pixels' },
} as const;

function checkTask(role: keyof typeof KINDS, model: string, { card, origin }: CardReading): void {
  const { wrong, is, wanted } = KINDS[role];
  if (card.task !== wrong) return;
  throw new UsageError(`the ${role} ${path.basename(model)} is ${is}, says ${origin.task}: a ${role} is ${wanted}`);
}

function checkKnown(role: string, model: string, { card, origin }: CardReading, keys: readonly string[]): void {
  const known = card.classes;
  if (known === undefined) return;
  const lost = keys.filter((key) => !known.some((name) => normaliseName(name) === normaliseName(key)));
  if (lost.length === 0) return;
  const hint = didYouMean(lost[0], known);
  throw new UsageError(
    `the ${role} ${path.basename(model)} knows ${list(known)} (${origin.classes}) and not ${list(lost)}` +
      `${hint || `: name classes that gate and segmenter both know, or a ${role} that knows ${list(lost)}`}`,
  );
}

function thresholdOf(
  key: string,
  { threshold: { all, classes } }: HybridRequest,
  { card, origin }: CardReading,
): { threshold: number; from: string } {
  const asked = classes[key] ?? all;
  if (asked !== null) return { threshold: asked, from: 'as asked for' };
  const decided = Object.entries(card.decide ?? {}).find(([name]) => normaliseName(name) === normaliseName(key));
  if (decided) return { threshold: decided[1], from: `"decide" of ${origin.decide}` };
  return { threshold: DEFAULT_THRESHOLD, from: 'the default' };
}
