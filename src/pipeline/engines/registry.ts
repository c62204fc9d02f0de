import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError, WorkError } from '../errors.js';
import type { RunEvent } from '../events.js';
import { type DeviceChoice, type Engine, type EngineEntry, type EngineOptions, troubleWords } from './engine.js';
import { readHybrid } from './hybrid/hybrid-file.js';
import { type Opened, openHybrid } from './hybrid/open.js';
import { isKerasModel, isSavedModel, savedModelFolder } from './model-file.js';
import { onnxEntry } from './onnx.js';
import { tensorflowEntry } from './tensorflow/entry.js';
import { wasmEntry } from './wasm.js';
import { webgpuEntry } from './webgpu.js';

/** What is to be chosen for. */
export interface EngineChoice {
  model: string;
  engine: 'auto' | EngineEntry['name'];
  device: DeviceChoice;
}

export interface ChosenEngine {
  entry: EngineEntry;
  /** The engines before it that read such models and can't be used, each with its reason: `tensorflow: not built`. */
  skipped: string[];
}

/** Every engine, the best first: `auto` takes the first that reads the model and works here. */
export const ENGINES: readonly EngineEntry[] = [tensorflowEntry, onnxEntry, webgpuEntry, wasmEntry];

/**
 * Chooses the engine for a model. A named engine is that engine or an error, never another one.
 * @throws WorkError where none can, with what would help.
 */
export async function chooseEngine(
  { model, engine, device }: EngineChoice,
  engines: readonly EngineEntry[] = ENGINES,
): Promise<ChosenEngine> {
  const name = path.basename(model);
  if (engine !== 'auto') {
    const entry = engines.find((known) => known.name === engine) as EngineEntry;
    if (!entry.reads(model)) {
      const reader = engines.find((known) => known.reads(model));
      const other = reader ? `; engine ${reader.name} reads it` : '';
      throw new WorkError(`engine ${engine} does not read ${name}${other}${remedy(model)}`);
    }
    const trouble = await entry.probe(device, true);
    if (trouble !== null)
      throw new WorkError(`engine ${engine} can't be used: ${troubleWords(trouble)}${remedy(model)}`);
    return { entry, skipped: [] };
  }
  const skipped: string[] = [];
  for (const entry of engines) {
    if (!entry.reads(model)) continue;
    const trouble = await entry.probe(device, false);
    if (trouble === null) return { entry, skipped };
    skipped.push(`${entry.name}: ${troubleWords(trouble)}`);
  }
  const why =
    skipped.length > 0
      ? skipped.join('; ')
      : 'none reads such a file; they read .onnx, SavedModel folders and TensorFlow.js models (model.json)';
  throw new WorkError(`no engine for ${name}: ${why}${remedy(model)}`);
}

/**
 * Chooses and loads, of a hybrid each of its models; the event says which it became and what was passed over.
 * @throws UsageError where there is no such file, or model, card and dataset contradict each other.
 * @throws WorkError where no engine can run it.
 */
export async function openEngine(
  options: EngineOptions & Pick<EngineChoice, 'engine'>,
  emit: (event: RunEvent) => void,
): Promise<Engine> {
  if (!existsSync(options.model)) throw new UsageError(`no model at ${options.model}`);
  const hybrid = readHybrid(options.model);
  const onNote = (message: string) => emit({ type: 'note', message });
  const told = { ...options, onNote };
  const { engine, skipped } = await (hybrid === null ? openModel(told) : openHybrid(hybrid, told, openModel));
  emit({ type: 'engine', info: engine.info, skipped });
  return engine;
}

async function openModel(options: EngineOptions & Pick<EngineChoice, 'engine'>): Promise<Opened> {
  const { entry, skipped } = await chooseEngine(options);
  const { model, dataset, asImages, device, batch, jobs, card, classes, stage, onNote } = options;
  return {
    engine: await entry.open({ model, dataset, asImages, device, batch, jobs, card, classes, stage, onNote }),
    skipped,
  };
}

/** How a model that no engine reads here becomes one that runs. https://github.com/onnx/tensorflow-onnx */
function remedy(model: string): string {
  if (isKerasModel(model)) return `. Keras alone reads it: maskaudit model import ${model} makes a SavedModel of it`;
  if (!isSavedModel(model)) return '';
  const folder = savedModelFolder(model);
  return `. As ONNX it runs now: python -m tf2onnx.convert --opset 17 --saved-model ${folder} --output model.onnx`;
}
