import type { Engine, EngineOptions } from '../engine.js';
import { isTfjsModel, savedModelFolder } from '../model-file.js';
import { openSession } from '../session.js';
import { loadTfjsModel } from '../tfjs/load-model.js';
import { type TfLibrary, tfGraph } from '../tfjs/tf-graph.js';
import { describeTensorflow, type NodeTf } from './load.js';
import { openSavedModel } from './saved-model.js';

/** Images a call where neither the graph nor the user says: enough to keep a GPU busy, few enough for a CPU's caches. */
const DEFAULT_BATCH = { cpu: 4, gpu: 16 };

/** A session of a SavedModel or a TF.js model, in the process of TensorFlow. */
export async function openTensorflowSession(tf: NodeTf, options: EngineOptions): Promise<Engine> {
  const { version, device } = describeTensorflow(tf);
  const library: TfLibrary = {
    engine: 'tensorflow',
    version: `TensorFlow ${version}`,
    defaultBatch: device === 'cpu' ? DEFAULT_BATCH.cpu : DEFAULT_BATCH.gpu,
    inHostMemory: device === 'cpu',
    deviceUsed: () => ({ device, note: null }),
  };
  const { model } = options;
  const load = () => (isTfjsModel(model) ? loadTfjsModel(tf, model) : openSavedModel(tf, savedModelFolder(model)));
  return openSession(options, async () => tfGraph(tf, await load(), library));
}
