import path from 'node:path';
import { WorkError } from '../../errors.js';
import { openGraphModel } from './graph-model.js';
import { openLayersModel } from './layers-model.js';
import { readModelFiles } from './model-files.js';
import type { Tf } from './tf.js';
import type { TfModel } from './tf-model.js';

/**
 * Loads `model.json` with its weight files, layers or graph model.
 * @throws WorkError where a file is missing or damaged, or TensorFlow.js can't make a model of it.
 */
export async function loadTfjsModel(tf: Tf, file: string): Promise<TfModel> {
  const { kind, artifacts } = await readModelFiles(file);
  try {
    return kind === 'layers' ? await openLayersModel(tf, artifacts) : await openGraphModel(tf, artifacts);
  } catch (error) {
    throw loadError(error as Error, path.basename(file));
  }
}

function loadError(error: Error, model: string): WorkError {
  const reason = error.message.split('\n')[0];
  const layer = /^Unknown layer: ([^.]*)/.exec(reason)?.[1];
  const remedy = layer ? ': TensorFlow.js has no such layer; save the model as a graph model or as ONNX' : '';
  const said = layer ? `it has the layer ${layer}` : reason;
  return new WorkError(`${model} can't be loaded by TensorFlow.js: ${said}${remedy}`, { cause: error });
}
