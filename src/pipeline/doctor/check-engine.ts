import { COVID_QU_EX_CLASSES } from '../dataset/classes.js';
import type { DatasetSpec } from '../dataset/dataset.js';
import type { Engine, EngineEntry, EngineOptions, Trouble } from '../engines/engine.js';
import { type EngineCheck, MODEL_KINDS, type ModelKind } from './examination.js';
import { readTwins, twinFor } from './twins.js';

type Device = EngineCheck['device'];

/** How long an engine is timed; each image is run once at least. */
const TIMED_MS = 300;

const EXAMPLES: Record<ModelKind, string> = {
  ONNX: 'model.onnx',
  'TensorFlow.js': 'model.json',
  SavedModel: 'saved_model.pb',
};

/** Runs a small model as an audit would, and compares what comes out with what has to. Never throws. */
export async function checkEngine(entry: EngineEntry, device: Device): Promise<EngineCheck> {
  const nothing = { used: null, version: null, loadMs: null, warmUpMs: null, imageMs: null };
  const reads = MODEL_KINDS.filter((kind) => entry.reads(EXAMPLES[kind]));
  const check = { engine: entry.name, device, reads, trouble: null };
  try {
    const trouble = await entry.probe(device, true);
    if (trouble !== null) return { ...check, ...nothing, trouble };
    const engine = await entry.open(twinOptions(entry, device));
    try {
      const { imageMs, trouble } = await compute(engine);
      const { device: used, version, loadMs = null, warmUpMs = null } = engine.info;
      return { ...check, trouble, used, version, loadMs, warmUpMs, imageMs };
    } finally {
      await engine.close();
    }
  } catch (error) {
    return { ...check, ...nothing, trouble: { reason: (error as Error).message, remedy: null } };
  }
}

function twinOptions(entry: EngineEntry, device: Device): EngineOptions {
  const model = twinFor(entry.reads);
  if (model === null) throw new Error(`there is no small model for engine ${entry.name}`);
  const dataset = { classes: COVID_QU_EX_CLASSES.infection } as DatasetSpec;
  return { model, dataset, device, batch: 1, jobs: 1, card: {} };
}

/**
 * Each image in a call of its own, over and over for a moment; the fastest is what an image takes when all that is made on first
 * use is there. Results count in every round.
 */
async function compute(engine: Engine): Promise<{ imageMs: number; trouble: Trouble | null }> {
  const end = performance.now() + TIMED_MS;
  let imageMs = Number.POSITIVE_INFINITY;
  let wrong = 0;
  let pixels = 0;
  do {
    for (const twin of readTwins()) {
      const started = performance.now();
      wrong += await wrongPixels(engine, twin);
      imageMs = Math.min(imageMs, performance.now() - started);
      pixels += twin.labels.length;
    }
  } while (performance.now() < end);
  const reason = `it computes wrong results: ${wrong} of ${pixels} labels of a small model are not what they have to be`;
  return { imageMs: Math.round(imageMs * 1000) / 1000, trouble: wrong === 0 ? null : { reason, remedy: null } };
}

async function wrongPixels(engine: Engine, { image, labels }: ReturnType<typeof readTwins>[number]): Promise<number> {
  const [output] = await engine.infer([image]);
  return output.labels.reduce((wrong, label, pixel) => wrong + (label === Number(labels[pixel]) ? 0 : 1), 0);
}
