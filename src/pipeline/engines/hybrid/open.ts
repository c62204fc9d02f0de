import { existsSync } from 'node:fs';
import path from 'node:path';
import { list } from '../../checks/wording.js';
import type { DatasetSpec } from '../../dataset/dataset.js';
import { imageLevel } from '../../dataset/image-level.js';
import { UsageError, WorkError } from '../../errors.js';
import { cardPaths } from '../../model/card.js';
import { visible } from '../../words/visible-text.js';
import type { Engine, EngineInfo, EngineOptions } from '../engine.js';
import { describeHybrid } from './describe.js';
import { besideHybrid, type Hybrid, isHybridModel } from './hybrid-file.js';
import { gatedClasses, settleHybrid } from './settings.js';
import { joinStages } from './stages.js';

/** An engine, and those before it in the ladder that can't be used. */
export interface Opened {
  engine: Engine;
  skipped: string[];
}

/**
 * Opens gate and segmenters of a hybrid file, each by the ladder, and joins them.
 * @param open opens one model
 * @throws UsageError, WorkError as opening one model does, and where gate, segmenters and dataset don't know the same classes
 */
export async function openHybrid<Options extends EngineOptions>(
  hybrid: Hybrid,
  options: Options,
  open: (options: Options) => Promise<Opened>,
): Promise<Opened> {
  checkNoCard(hybrid, options);
  const { dataset } = options;
  const settings = settleHybrid(hybrid, dataset, options.segmentAll ?? false);
  const gated = gatedClasses(settings, dataset);
  const openStage = (stage: NonNullable<EngineOptions['stage']>, model: string, of: DatasetSpec, classes: string[]) => {
    const role = stage === 'gate' ? stage : `${stage} of ${list(classes)}`;
    const file = besideHybrid(options.model, model);
    const say = (message: string) => `${hybrid.name}, ${role}: ${message}`;
    const onNote = (message: string) => options.onNote?.(say(message));
    return named(say, async () => {
      if (!existsSync(file)) throw new UsageError(`no model at ${visible(file)}`);
      if (isHybridModel(file)) throw new UsageError(`${visible(model)} is a hybrid itself; a model is expected`);
      return open({ ...options, model: file, dataset: of, asImages: undefined, classes, stage, onNote });
    });
  };
  const images = options.asImages ?? imageLevel(dataset, null);
  const keys = gated.map(({ spec }) => spec.key);
  const opened = await all([
    openStage('gate', settings.gate, images, keys),
    ...settings.segmenters.map(({ model, classes }) => openStage('segmenter', model, dataset, classes)),
  ]);
  const [gate, ...segmenters] = opened.map(({ engine }) => engine);
  try {
    checkKnown(hybrid, 'gate', gate.info, images, keys);
    settings.segmenters.forEach(({ classes }, s) => {
      checkKnown(hybrid, 'segmenter', segmenters[s].info, dataset, classes);
    });
    const gateIndex = dataset.classes.map(({ key }) => knownIndex(gate.info, images, key));
    const { segmentAll } = settings;
    const engine = joinStages(
      { gate, gateIndex, segmenters, gated, segmentAll },
      describeHybrid(hybrid, gated, [gate.info, ...segmenters.map(({ info }) => info)]),
    );
    return { engine, skipped: [...new Set(opened.flatMap(({ skipped }) => skipped))] };
  } catch (error) {
    await Promise.allSettled(opened.map(({ engine }) => engine.close()));
    throw error;
  }
}

/** A setting is about one model, and here are several: whose it were nobody could tell. */
function checkNoCard({ name, gate, segmenters }: Hybrid, { card, model }: EngineOptions): void {
  const cards = [gate, segmenters[0].model].map((of) => path.basename(cardPaths(of)[0]));
  const remedy = `each of them has its own card beside it (${list([...new Set(cards)])})`;
  const [given] = Object.keys(card);
  if (given !== undefined) {
    throw new UsageError(`--card ${given}=... is about one model, and ${name} joins several: ${remedy}`);
  }
  const beside = cardPaths(model).find((file) => existsSync(file));
  if (beside === undefined) return;
  throw new UsageError(`${path.basename(beside)} is a card of one model, and ${name} joins several: ${remedy}`);
}

/** Every engine, or none: those that could be opened are closed where another one could not. */
async function all(opening: readonly Promise<Opened>[]): Promise<Opened[]> {
  const results = await Promise.allSettled(opening);
  const failed = results.find((result) => result.status === 'rejected');
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (failed === undefined) return opened;
  await Promise.allSettled(opened.map(({ engine }) => engine.close()));
  throw failed.reason;
}

/** Does what opens a stage, and says in its errors which one it was. */
async function named<T>(say: (message: string) => string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof WorkError)) throw error;
    const Kind = error instanceof UsageError ? UsageError : WorkError;
    throw new Kind(say(error.message), { cause: error });
  }
}

function checkKnown(
  { name }: Hybrid,
  role: 'gate' | 'segmenter',
  info: EngineInfo,
  dataset: DatasetSpec,
  keys: readonly string[],
): void {
  const lost = keys.filter((key) => knownIndex(info, dataset, key) === null);
  if (lost.length === 0) return;
  const known = dataset.classes.filter(({ key }) => knownIndex(info, dataset, key) !== null).map(({ key }) => key);
  throw new UsageError(
    `${name}: its ${role} ${info.model} knows ${list(known)} and not ${list(lost)}, which it has to ` +
      `${role === 'gate' ? 'let through' : 'mark'}: ${remedyFor(role, lost)}`,
  );
}

function remedyFor(role: 'gate' | 'segmenter', lost: readonly string[]): string {
  const keys = list(lost);
  const another = role === 'gate' ? `a classifier of ${keys}` : `a segmenter of ${keys}`;
  return `name ${another}, or say in its card, under "classes", which class each channel stands for`;
}

function knownIndex({ knownClasses }: EngineInfo, { classes }: DatasetSpec, key: string): number | null {
  const spec = classes.find((of) => of.key === key);
  if (spec === undefined) return null;
  return knownClasses === undefined || knownClasses.includes(spec.index) ? spec.index : null;
}
