import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError, WorkError } from '../errors.js';

/** TensorFlow.js models are a `model.json`, under whatever name, beside the weight files that it names. */
export const isTfjsModel = (model: string): boolean => /\.json$/i.test(model) && !/\.maskaudit\.json$/i.test(model);

/** Keras's own files, the second of them with names that others use too. */
export const isKerasModel = (model: string): boolean => /\.(keras|h5|hdf5)$/i.test(model);

/** A SavedModel is a folder; who names the file in it means that. */
export const isSavedModel = (model: string): boolean =>
  path.basename(model) === 'saved_model.pb' || existsSync(path.join(model, 'saved_model.pb'));
export const savedModelFolder = (model: string): string => (/\.pb$/i.test(model) ? path.dirname(model) : model);

/**
 * @param expected what is expected in place of a folder, e.g. `an .onnx file`
 * @throws UsageError where there is no such file
 */
export async function checkModelFile(model: string, expected: string): Promise<void> {
  let isFile: boolean;
  try {
    isFile = (await stat(model)).isFile();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`no model at ${model}`);
    throw new WorkError(`the model ${model} can't be read: ${message}`, { cause: error });
  }
  if (!isFile) throw new UsageError(`the model ${model} is a folder; ${expected} is expected`);
}
