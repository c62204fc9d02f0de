import type { Engine, EngineOptions } from '../engine.js';
import { openSession } from '../session.js';
import { loadTfjsModel } from './load-model.js';
import type { Tf } from './tf.js';
import { type TfLibrary, tfGraph } from './tf-graph.js';

/** A session of a TF.js model (`model.json`) on the calling thread, with whatever backend `tf` has. */
export function openTfjsSession(tf: Tf, options: EngineOptions, library: TfLibrary): Promise<Engine> {
  return openSession(options, async () => tfGraph(tf, await loadTfjsModel(tf, options.model), library));
}
